import { famfsMounts } from '../../fs/host/mountTable.js';
import type { WantedWord } from '../../ui/registry.js';
import { daxdevsHere, tagsHere } from './daxdevs.js';
import { hostFiles } from './hostFiles.js';
import { pathsInside } from './pathsInside.js';
import { isWord } from './words.js';

/** A shell that gets more than this cannot show it. */
const MOST = 10_000;

type Place = Parameters<typeof famfsMounts>[0];

/**
 * What a word may become, without repetitions. A word that cannot be found out is left out: no file system, a daxdev that cannot be opened. A
 * folder ends with a slash. Names that a terminal or a shell would not take as they are, are left out too.
 */
export async function complete(
  { env, cwd }: Pick<Place, 'env' | 'cwd'>,
  { kinds, current, dev }: WantedWord,
): Promise<string[]> {
  const host: Place = { env, cwd, memo: new Map(), warn: () => {} };
  const namesDaxdev = kinds.has('fileSystem') || kinds.has('daxdev');
  const sources = [
    kinds.has('path') && (() => pathsInside(host, dev, current)),
    kinds.has('fileSystem') && (() => tagsHere(host, current)),
    kinds.has('mountPoint') && (() => famfsMounts(host).map(({ mountPoint }) => mountPoint)),
    namesDaxdev && (() => daxdevsHere(host)),
    (namesDaxdev || kinds.has(undefined)) && (() => hostFiles(host, current)),
  ];
  const words = new Set<string>();
  for (const source of sources)
    for (const word of source === false ? [] : attempted(source)) {
      if (words.size === MOST) return [...words];
      if (word.startsWith(current) && isWord(word)) words.add(word);
    }
  return [...words];
}

/** What a source has, up to the error that it throws, which nobody could read while a line is edited. */
function* attempted(source: () => Iterable<string>): Generator<string> {
  try {
    yield* source();
  } catch {}
}

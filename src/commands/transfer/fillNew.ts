/** Files that creat makes with their bytes. */
import type { FileEntry } from '../../format/entries/file.js';
import type { Made } from '../../fs/allocate/creationPlan.js';
import { FamfsError } from '../../fs/errors.js';
import { relativePath } from '../../fs/log/givenPath.js';
import type { Node } from '../../fs/log/namespace.js';
import type { WriteSession } from '../../fs/pool/writeSession.js';
import { type Filler, fromNothing, fromSeed } from '../../fs/transfer/fillers.js';
import { fillFiles } from '../../fs/transfer/fillFiles.js';
import type { Context, OptionValues } from '../../ui/command.js';
import { UsageError } from '../../ui/errors.js';
import { attended, type Failures } from './attend.js';

export const fillOptions = {
  seed: {
    type: 'integer',
    short: 'S',
    value: 'SEED',
    summary: 'fill the files with the pattern that verify --seed checks',
  },
  zero: { type: 'boolean', summary: 'fill the files with zeros' },
} as const;

/** What the options fill files with, if anything. Throws UsageError. */
export function fillerOf({ seed, zero = false }: OptionValues<typeof fillOptions>): Filler | undefined {
  if (seed !== undefined && zero) throw new UsageError('--seed and --zero exclude each other', 'give one of them');
  if (seed !== undefined) return fromSeed(BigInt(seed));
  return zero ? fromNothing : undefined;
}

/** A file that was asked for; it has no entry where it exists. */
interface Asked {
  readonly path: string;
  readonly entry: FileEntry | undefined;
}

/** Fills the files and appends their entries. What could not be filled is a failure; a new file is not made then. */
export async function makeFilled(
  context: Context,
  session: WriteSession,
  asked: readonly Asked[],
  { filler, threads }: { filler: Filler; threads: number | undefined },
  failures: Failures,
): Promise<Made[]> {
  const { volume } = session;
  const nodeAt = (path: string) => volume.replay.namespace.get(relativePath(path)) as Node;
  const fillings = asked.map(({ path, entry }) => ({
    entry: entry ?? volume.fileEntry(nodeAt(path)),
    isNew: entry !== undefined,
    filler,
  }));
  const total = fillings.reduce((sum, { entry }) => sum + entry.size, 0);
  const shown = { label: 'filling', total, threads };
  const filled = await attended(context, shown, (attendant) => fillFiles(session, fillings, attendant));
  for (const { filling, state, error } of filled) {
    if (error !== undefined) failures.add(error);
    if (state !== 'done') failures.add(unfinished(filling.entry.path, filling.isNew));
  }
  const done = filled.filter(({ state }) => state === 'done').map(({ filling }) => filling);
  return done.map(({ entry, isNew }) => ({ path: entry.path, slot: nodeAt(entry.path).slot, created: isNew }));
}

function unfinished(path: string, isNew: boolean): FamfsError {
  const what = isNew ? 'is not made' : 'is incomplete: some of its bytes are as they were before';
  return new FamfsError('INCOMPLETE', `${path} ${what}`, { hint: 'run the command again', details: { path } });
}

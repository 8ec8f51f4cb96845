/** Reading a manifest: text, schema, meaning. All mistakes that one of these steps can see are reported at once. */

import { dirname, resolve } from 'node:path';
import { DEFAULT_ALLOCATION_UNIT } from '../../format/superblock.js';
import type { Declaration } from '../../fs/declared/declaration.js';
import { FamfsError } from '../../fs/errors.js';
import type { Context } from '../../ui/command.js';
import { readInput } from '../options/input.js';
import { MistakeCollector } from './collector.js';
import { declaredNodes } from './declaredNodes.js';
import { declaredPool } from './declaredPool.js';
import { BadManifest, type Mistake, mistakeErrors, type Place, positionText } from './mistakes.js';
import { type ManifestText, parseText } from './parseText.js';
import { checkAgainstSchema } from './validate.js';

/** bytes */
const LONGEST = 64 * 1024 ** 2;

const EMPTY: Mistake = {
  place: [],
  message: 'the manifest is empty',
  hint: 'declare files, directories or a pool',
};

export interface ReadManifest {
  readonly declared: Declaration;
  /** FILE:LINE:COLUMN of what was said at a place */
  where(place: Place): Promise<string>;
}

/** Reads a manifest from a file, or from standard input for '-'. Throws BadManifest with everything that is wrong, MANIFEST_UNREADABLE, and the signal's reason. */
export async function readManifest(context: Context, source: string): Promise<ReadManifest> {
  const name = source === '-' ? 'standard input' : source;
  const text = await parseText(await readText(context, source, name));
  await refuse(name, text, text.mistakes);
  if (text.value === undefined) await refuse(name, text, [EMPTY]);
  const { manifest, mistakes, isCut, runs } = await checkAgainstSchema(text.value);
  if (isCut) await refuse(name, text, mistakes, true);
  const folder = source === '-' ? context.cwd : dirname(resolve(context.cwd, source));
  const collector = new MistakeCollector();
  const pool = declaredPool(manifest, folder, collector);
  const nodes = declaredNodes(manifest, runs, folder, pool?.unit ?? DEFAULT_ALLOCATION_UNIT, collector);
  await refuse(name, text, [...mistakes, ...collector.mistakes]);
  return {
    declared: { pool, ...nodes },
    where: async (place) => {
      await text.prepareToLocate();
      return positionText(name, text.locate(place, false));
    },
  };
}

async function refuse(name: string, text: ManifestText, mistakes: readonly Mistake[], isCut = false): Promise<void> {
  if (mistakes.length === 0) return;
  await text.prepareToLocate();
  throw new BadManifest(mistakeErrors(name, mistakes, (place, atKey) => text.locate(place, atKey), isCut));
}

async function readText(context: Context, source: string, name: string): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of readInput(context, source)) {
      length += chunk.length;
      if (length > LONGEST) throw new Error(`it has more than ${LONGEST} bytes`);
      chunks.push(chunk);
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch (cause) {
    if (context.signal.aborted) throw cause;
    const notText = (cause as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA';
    const why = notText ? 'it is not UTF-8' : (cause as Error).message;
    throw new FamfsError('MANIFEST_UNREADABLE', `cannot read the manifest ${name}: ${why}`, {
      hint: "name a UTF-8 text file, or '-' for standard input",
      details: { file: name },
      cause,
    });
  }
}

/** The sha256 of what the memory of a file holds. */
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { FamfsError } from '../errors.js';
import { readParts } from './fileBytes.js';
import type { FileMap } from './fileMap.js';

/** bytes that are read at once */
const READ = 4 * 1024 ** 2;

/**
 * Whether the memory of a file, not what this host has cached of it, has a sha256 (hex digits in lower case). Returns false when
 * it was cancelled. Throws WRONG_SHA256, and POISON for memory that cannot be read.
 */
export async function hasSha256(map: FileMap, expected: string, signal: AbortSignal): Promise<boolean> {
  const found = await sha256Of(map, signal);
  if (found === undefined) return false;
  if (found === expected) return true;
  throw new FamfsError('WRONG_SHA256', `${map.path}: its bytes have the sha256 ${found}, not ${expected}`, {
    hint: 'the source is not the one that the manifest means, or the memory is bad',
    details: { path: map.path, expected, found },
  });
}

async function sha256Of(map: FileMap, signal: AbortSignal): Promise<string | undefined> {
  const hash = createHash('sha256');
  for (const bytes of readParts(map, { offset: 0, length: map.size }, READ)) {
    hash.update(bytes);
    await nextTurn();
    if (signal.aborted) return undefined;
  }
  return hash.digest('hex');
}

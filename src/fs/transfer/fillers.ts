/** What files get their bytes from. */
import { closeSync } from 'node:fs';
import { compare, copyIn, copyInStream, fillPattern, zero } from '../../native/bulk.js';
import { FamfsError } from '../errors.js';
import { type Attendant, workOn } from './bulkWork.js';
import { refuseFailures } from './failures.js';
import type { FileMap } from './fileMap.js';
import { localText, openSeen, requireUnchanged } from './localFile.js';
import type { Source } from './sourceTree.js';

/**
 * Stores all bytes of a file and fences. Returns false when it was cancelled before the end; throws what else kept it from
 * the end (failures.ts).
 */
export type Filler = (map: FileMap, attendant: Attendant) => Promise<boolean>;

/** From a file of this host; with `verify` it is read once more and compared with what the memory holds. */
export function fromFile(source: Source, verify: boolean): Filler {
  return async (map, attendant) => {
    const fd = openSeen(source.local, source);
    try {
      const copied = await workOn(map, (...call) => copyIn(call[0], call[1], fd, call[2]), attendant);
      refuseFailures(map.path, copied, localText(source.local));
      if (copied.cancelled) return false;
      const whole = !verify || (await isSame(map, fd, localText(source.local), attendant));
      requireUnchanged(source.local, fd, source);
      return whole;
    } finally {
      closeSync(fd);
    }
  };
}

/**
 * Compares what the memory holds with an open file, past what this host has cached. Returns false when cancelled; throws
 * WRONG_BYTE and the like.
 */
export async function isSame(map: FileMap, fd: number, name: string, attendant: Attendant): Promise<boolean> {
  const options = { invalidate: true };
  const compared = await workOn(map, (...call) => compare(call[0], call[1], fd, call[2]), attendant, options);
  refuseFailures(map.path, compared, name);
  return !compared.cancelled;
}

/**
 * From what can be read once only. Throws STREAM_ENDED or STREAM_GOES_ON when it has not as many bytes as the file.
 * @param endless it may have more: a device such as /dev/zero
 */
export function fromStream(fd: number, name: string, endless: boolean): Filler {
  return async (map, attendant) => {
    const options = { undivided: true };
    const copied = await workOn(map, (...call) => copyInStream(call[0], call[1], fd, call[2]), attendant, options);
    refuseFailures(map.path, copied, name);
    if (copied.cancelled) return false;
    const details = { path: map.path, size: map.size, bytes: copied.bytes };
    if (copied.bytes < map.size)
      throw new FamfsError('STREAM_ENDED', `${name} ended after ${copied.bytes} of ${map.size} bytes`, { details });
    if (copied.more && !endless)
      throw new FamfsError('STREAM_GOES_ON', `${name} has more than the ${map.size} bytes of ${map.path}`, {
        hint: 'give -s the size that it has',
        details,
      });
    return true;
  };
}

/** The seeded pattern of creat and verify. @param seed 0..2^64-1 */
export function fromSeed(seed: bigint): Filler {
  return async (map, attendant) => {
    const filled = await workOn(map, (...call) => fillPattern(call[0], call[1], seed, call[2]), attendant);
    refuseFailures(map.path, filled, map.path);
    return !filled.cancelled;
  };
}

/** Zeros. */
export const fromNothing: Filler = async (map, attendant) => {
  const filled = await workOn(map, (...call) => zero(...call), attendant);
  refuseFailures(map.path, filled, map.path);
  return !filled.cancelled;
};

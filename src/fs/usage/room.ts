/** How many more files fit. */

import type { Layout } from '../allocate/placement.js';
import { placerOf } from '../allocate/placer.js';
import { makeRandom } from '../allocate/random.js';
import type { Volume } from '../pool/volume.js';
import { FILES_AT_A_TIME, nextTurn } from './nextTurn.js';
import { placeOrNot } from './trial.js';

export interface Room {
  /** files that fit, one after the other */
  readonly files: number;
  /** what stops it: no daxdev has space, the log has no slot, or MOST_COUNTED is reached */
  readonly limit: 'space' | 'log' | 'count';
}

/** counting stops here: a pool of many terabytes has room for millions, and each file must be placed */
export const MOST_COUNTED = 1_000_000;

/**
 * Places files of `size` bytes (1 or more) as creat would, until one has no room. Writes nothing. Throws BAD_LAYOUT as the placer
 * does, and the reason of `signal`.
 */
export async function roomFor(
  volume: Volume,
  size: number,
  layout: Layout,
  seed: number | undefined,
  signal: AbortSignal,
): Promise<Room> {
  const placer = placerOf(volume, makeRandom(seed));
  const slots = Math.max(volume.log.capacity - volume.replay.next, 0);
  for (let files = 0; files < MOST_COUNTED; files++) {
    if (files === slots) return { files, limit: 'log' };
    if (files % FILES_AT_A_TIME === 0) await nextTurn(signal);
    if (placeOrNot(placer, size, layout) === undefined) return { files, limit: 'space' };
  }
  return { files: MOST_COUNTED, limit: 'count' };
}

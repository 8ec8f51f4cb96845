/** The placer of new files in an opened file system. */
import type { Members } from '../pool/members.js';
import type { Volume } from '../pool/volume.js';
import { FreeSpace } from './freeSpace.js';
import { Placer } from './placement.js';
import type { Random } from './random.js';

/** The parts of a file system that a placer needs: of an opened one, or of a planned one (fs/declared). */
export interface PlacerPool extends Pick<Volume, 'replay' | 'defaultInterleave'> {
  readonly members: Pick<Members, 'member'>;
}

/** Places files in the free space of the daxdevs that are here, with the pool's default interleave unless a layout has its own. */
export function placerOf({ members, replay, defaultInterleave }: PlacerPool, random: Random): Placer {
  // a missing daxdev may be lost for good, so nothing is placed on it
  const here = replay.daxdevs.filter(({ index }) => members.member(index).state === 'present');
  const spaces = here.map((daxdev) => new FreeSpace(daxdev));
  return new Placer(spaces, defaultInterleave, random, replay.unit);
}

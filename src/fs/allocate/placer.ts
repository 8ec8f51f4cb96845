/** The placer of new files on an opened file system. */
import type { Members } from '../pool/members.js';
import type { Volume } from '../pool/volume.js';
import { FreeSpace } from './freeSpace.js';
import { Placer } from './placement.js';
import type { Random } from './random.js';

/** What a placer needs to know: of an opened file system, or of one that is only imagined (fs/wanted). */
export interface PlacerPool extends Pick<Volume, 'replay' | 'defaultInterleave'> {
  readonly members: Pick<Members, 'member'>;
}

/** Places on the free space of the daxdevs that are here, by the pool's default interleave where a layout does not say. */
export function placerOf({ members, replay, defaultInterleave }: PlacerPool, random: Random): Placer {
  // a missing daxdev may be lost for good, so nothing is placed on it
  const here = replay.daxdevs.filter(({ index }) => members.member(index).state === 'present');
  const spaces = here.map((daxdev) => new FreeSpace(daxdev));
  return new Placer(spaces, defaultInterleave, random);
}

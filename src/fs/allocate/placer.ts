/** The placer of new files on an opened file system. */
import { readPoolDefaults } from '../media/poolDefaults.js';
import type { Volume } from '../pool/volume.js';
import { FreeSpace } from './freeSpace.js';
import { Placer } from './placement.js';
import type { Random } from './random.js';

/** Places on the free space of the daxdevs that are here, by the pool's default interleave where a layout does not say. */
export function placerOf({ members, primary, replay, superblock }: Volume, random: Random): Placer {
  // a missing daxdev may be lost for good, so nothing is placed on it
  const here = replay.daxdevs.filter(({ index }) => members.member(index).state === 'present');
  const spaces = here.map((daxdev) => new FreeSpace(daxdev));
  return new Placer(spaces, readPoolDefaults(primary, superblock.fsUuid), random);
}

/** The daxdevs of a pool, with the space that files use on each. */

import type { Member } from '../pool/members.js';
import type { Volume } from '../pool/volume.js';
import { FreeSpace } from './freeSpace.js';

/** All in bytes. */
export interface MemberSpace extends Member {
  /** space that files can have: all but the superblock, the log, and a last part smaller than an allocation unit */
  readonly capacity: number;
  readonly used: number;
  readonly free: number;
  readonly largestHole: number;
}

/** Each daxdev of the pool, by index. */
export function memberSpaces({ members, replay }: Pick<Volume, 'members' | 'replay'>): MemberSpace[] {
  return replay.daxdevs.map((daxdev) => {
    const space = new FreeSpace(daxdev);
    const capacity = Math.max(space.end - space.begin, 0);
    const { free, largestHole } = space;
    return { ...members.member(daxdev.index), capacity, used: capacity - free, free, largestHole };
  });
}

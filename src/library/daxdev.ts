/** Daxdevs of a pool, as a caller sees them. Sizes in bytes. */
import { memberSpaces } from '../fs/allocate/memberSpace.js';
import type { MemberState } from '../fs/pool/members.js';
import type { Volume } from '../fs/pool/volume.js';

export type { MemberState as DaxdevState } from '../fs/pool/members.js';

/** A daxdev or image of the pool. */
export interface Daxdev {
  /** index in the pool; 0 is the primary, which has the log */
  readonly index: number;
  readonly uuid: string;
  /** on this host; null if nothing here has the uuid */
  readonly path: string | null;
  readonly state: MemberState;
  /** as the log says; Infinity over 2^53-1 */
  readonly size: number;
  /** space that files can have */
  readonly capacity: number;
  readonly used: number;
  readonly free: number;
  /** longest free extent */
  readonly largestHole: number;
}

export function daxdevsOf(volume: Volume): Daxdev[] {
  return memberSpaces(volume).map(({ index, uuid, path = null, state, size, capacity, used, free, largestHole }) => {
    return { index, uuid, path, state, size, capacity, used, free, largestHole };
  });
}

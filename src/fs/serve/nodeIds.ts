/** Numbers of nodes, which are also inode numbers. For entries of the log they are the same in every mount and on every host. */
import { ROOT_ID } from '../../native/fuse.js';

export { ROOT_ID };
export const META_ID = 2;
export const SUPERBLOCK_ID = 3;
export const LOG_ID = 4;

const FIRST_OF_LOG = 16;
/** above every slot; a file keeps its number in this mount after it is committed */
const FIRST_STAGED = 2 ** 40;

/** The node for the entry in a log slot. */
export function idOfSlot(slot: number): number {
  return FIRST_OF_LOG + slot;
}

/** Numbers for files that are not in the log yet, each used once. */
export class StagedIds {
  #next = FIRST_STAGED;

  next(): number {
    return this.#next++;
  }
}

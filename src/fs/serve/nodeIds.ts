/** Numbers of nodes, which are inode numbers too: of what is in the log they are the same for every mount and host. */
import { ROOT_ID } from '../../native/fuse.js';

export { ROOT_ID };
export const META_ID = 2;
export const SUPERBLOCK_ID = 3;
export const LOG_ID = 4;

const FIRST_OF_LOG = 16;
/** above every slot; a file keeps its number in this mount when it gets into the log */
const FIRST_STAGED = 2 ** 40;

/** The node of what the entry of a log slot made. */
export function idOfSlot(slot: number): number {
  return FIRST_OF_LOG + slot;
}

/** Numbers for files that are not in the log yet, each once. */
export class StagedIds {
  #next = FIRST_STAGED;

  next(): number {
    return this.#next++;
  }
}

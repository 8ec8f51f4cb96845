/** Places files on daxdevs that exist only as numbers, with the placer that makes real ones. */

import type { Fmap } from '../../format/fmap.js';
import { emptyDaxdev, FreeSpace } from '../allocate/freeSpace.js';
import { type Layout, Placer } from '../allocate/placement.js';
import { makeRandom } from '../allocate/random.js';
import { FamfsError } from '../errors.js';

/** An empty pool, in memory. */
export class TrialPool {
  readonly #placer: Placer;
  readonly #spaces: FreeSpace[] = [];

  /**
   * @param seed of the random policy, as --alloc-seed gives it
   * @param unit allocation unit, bytes
   */
  constructor(
    seed: number,
    private readonly unit: number,
  ) {
    this.#placer = new Placer(this.#spaces, undefined, makeRandom(seed), unit);
  }

  /** Adds the next daxdev: `size` bytes, of which superblock and log take `reserved`. */
  addDaxdev(size: number, reserved: number): void {
    this.#spaces.push(new FreeSpace(emptyDaxdev(this.#spaces.length, size, reserved, this.unit)));
  }

  /** The free space of each daxdev, by index. */
  get spaces(): readonly FreeSpace[] {
    return this.#spaces;
  }

  /** Places a file; undefined if there is no room for it. */
  place(size: number, layout: Layout): Fmap | undefined {
    return placeOrNot(this.#placer, size, layout);
  }
}

/** The map that a new file would get; undefined where there is no room. Throws what the placer throws but NO_SPACE. */
export function placeOrNot(placer: Placer, size: number, layout: Layout): Fmap | undefined {
  try {
    return placer.place('', size, layout);
  } catch (error) {
    if (error instanceof FamfsError && error.code === 'NO_SPACE') return undefined;
    throw error;
  }
}

/** What each daxdev holds, counted file by file. */
import { allocatedBytes, type Extent, type Fmap } from '../../format/fmap.js';

/** All sizes in bytes. */
export interface DaxdevLoad {
  /** files with an extent there: those that a loss of the daxdev would damage */
  files: number;
  /** total size of these files */
  fileBytes: number;
  /** extents and strips */
  extents: number;
  /** allocated there */
  bytes: number;
}

/** The loads of the daxdevs of a pool, by index. */
export class PoolLoad {
  readonly daxdevs: DaxdevLoad[];
  /** files that were counted */
  files = 0;
  /** bytes allocated to them */
  bytes = 0;
  /** the last file that was counted on each daxdev */
  readonly #last: number[];

  /** @param count number of daxdevs */
  constructor(count: number) {
    this.daxdevs = Array.from({ length: count }, () => ({ files: 0, fileBytes: 0, extents: 0, bytes: 0 }));
    this.#last = this.daxdevs.map(() => 0);
  }

  /** Counts a file of `size` bytes; extents on daxdevs outside the pool are left out. */
  add(size: number, fmap: Fmap): void {
    this.files++;
    this.bytes += allocatedBytes(fmap);
    for (const extent of fmap.extents) this.#addExtent(size, extent);
  }

  /** Whether the file that was added last has an extent on a daxdev. */
  wasOn(daxdev: number): boolean {
    return this.files > 0 && this.#last[daxdev] === this.files;
  }

  #addExtent(size: number, { daxdev, length }: Extent): void {
    const load = this.daxdevs[daxdev];
    if (load === undefined) return;
    load.extents++;
    load.bytes += length;
    if (this.#last[daxdev] === this.files) return;
    this.#last[daxdev] = this.files;
    load.files++;
    load.fileBytes += size;
  }
}

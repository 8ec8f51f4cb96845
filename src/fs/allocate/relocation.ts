/** Other places for the extents of files on a daxdev that is to leave its pool (docs/evacuation.md). */
import { type Extent, type Fmap, MAX_SIMPLE_EXTENTS } from '../../format/fmap.js';
import { FamfsError } from '../errors.js';
import type { FreeSpace } from './freeSpace.js';
import { gather, mostFreeFirst, noSpace } from './placement.js';

/** An extent that moves, in as many pieces as it gets. All in bytes. */
export interface MovedExtent {
  /** on the daxdev that it leaves */
  readonly from: number;
  /** its new place, in the order of its bytes */
  readonly to: readonly Extent[];
}

/** A file that moves in part or as a whole. */
export interface Relocated {
  readonly fmap: Fmap;
  readonly moved: readonly MovedExtent[];
  /** several strips are on one daxdev that were not before */
  readonly crowded: boolean;
}

/** Finds new places for one file after the other; each file's space is taken from those after it. */
export class Relocator {
  /**
   * @param spaces free space of the daxdevs that may take the extents
   * @param leaving index of the daxdev that they leave
   */
  constructor(
    private readonly spaces: readonly FreeSpace[],
    private readonly leaving: number,
  ) {}

  /** Throws NO_SPACE if all spaces together have less than `bytes`. */
  requireRoom(bytes: number): void {
    const free = this.spaces.reduce((sum, space) => sum + space.free, 0);
    if (bytes <= free) return;
    throw new FamfsError(
      'NO_SPACE',
      `${bytes} bytes of files are on daxdev ${this.leaving}, and the others have ${free} free: ${bytes - free} bytes are missing`,
      { hint: HINT, details: { daxdev: this.leaving, needed: bytes, free, missing: bytes - free } },
    );
  }

  /** The map of a file without the daxdev that leaves. Throws NO_SPACE. */
  relocate(path: string, fmap: Fmap): Relocated {
    return fmap.layout === 'simple' ? this.#moveSimple(path, fmap.extents) : this.#moveStrips(path, fmap);
  }

  #moveSimple(path: string, extents: readonly Extent[]): Relocated {
    const moved: MovedExtent[] = [];
    let spare = MAX_SIMPLE_EXTENTS - extents.length;
    const placed = extents.flatMap((extent) => {
      if (extent.daxdev !== this.leaving) return [extent];
      const to = this.#whole(extent.length) ?? gather(this.spaces, extent.length, spare + 1);
      if (to === undefined) {
        const shape = `${extent.length} bytes in at most ${spare + 1} extents`;
        throw noSpace(path, shape, this.spaces, [HINT]);
      }
      spare -= to.length - 1;
      moved.push({ from: extent.deviceOffset, to });
      return to;
    });
    return { fmap: { layout: 'simple', extents: placed }, moved, crowded: false };
  }

  #whole(length: number): Extent[] | undefined {
    for (const space of mostFreeFirst(this.spaces)) {
      const deviceOffset = space.take(length);
      if (deviceOffset !== undefined) return [{ daxdev: space.daxdev.index, deviceOffset, length }];
    }
    return undefined;
  }

  /** Each strip goes to a daxdev that has none of the file, or else to one that has fewest. */
  #moveStrips(path: string, fmap: Extract<Fmap, { layout: 'interleaved' }>): Relocated {
    const { extents } = fmap;
    const strips = new Map<number, number>();
    for (const { daxdev } of extents) strips.set(daxdev, (strips.get(daxdev) ?? 0) + 1);
    strips.delete(this.leaving);
    const before = distinct(extents);
    const moved: MovedExtent[] = [];
    const placed = extents.map((strip) => {
      if (strip.daxdev !== this.leaving) return strip;
      const { length } = strip;
      const to = this.#strip(length, strips);
      if (to === undefined) throw noSpace(path, `a strip of ${length} bytes in one piece`, this.spaces, [HINT]);
      strips.set(to.daxdev, (strips.get(to.daxdev) ?? 0) + 1);
      moved.push({ from: strip.deviceOffset, to: [to] });
      return to;
    });
    return { fmap: { ...fmap, extents: placed }, moved, crowded: distinct(placed) < before };
  }

  #strip(length: number, strips: ReadonlyMap<number, number>): Extent | undefined {
    const stripsOn = ({ daxdev }: FreeSpace) => strips.get(daxdev.index) ?? 0;
    const ordered = mostFreeFirst(this.spaces).sort((a, b) => stripsOn(a) - stripsOn(b));
    for (const space of ordered) {
      const deviceOffset = space.take(length);
      if (deviceOffset !== undefined) return { daxdev: space.daxdev.index, deviceOffset, length };
    }
    return undefined;
  }
}

const HINT = 'add a daxdev, or remove files with famfs rm';

function distinct(extents: readonly Extent[]): number {
  return new Set(extents.map(({ daxdev }) => daxdev)).size;
}

/** The extents of daxdevs in address order, as the lanes of the page draw them. */
import { firstIndex } from '../format/firstIndex.js';
import type { PageFiles } from './pageData.js';

/** The extents of one daxdev. All offsets in bytes from its start. */
export class Lane {
  /**
   * @param starts where extents begin, ascending
   * @param ends where each ends
   * @param extents their numbers, as in PageFiles
   * @param before bytes of all extents before each
   */
  constructor(
    readonly starts: Float64Array,
    readonly ends: Float64Array,
    readonly extents: Uint32Array,
    private readonly before: Float64Array,
  ) {}

  /** Only the first `count` extents; no memory is copied. */
  first(count: number): Lane {
    const part = <T extends Float64Array | Uint32Array>(all: T) => all.subarray(0, count) as T;
    return new Lane(part(this.starts), part(this.ends), part(this.extents), part(this.before));
  }

  /** Position of the first extent that ends after `offset`; the number of extents if there is none. */
  after(offset: number): number {
    return firstIndex(this.ends.length, (place) => (this.ends[place] as number) > offset);
  }

  /** Bytes of extents before `offset`; `place` is the position of the first extent that ends after it. */
  usedBefore(offset: number, place: number): number {
    if (place === this.starts.length) {
      const last = place - 1;
      return last < 0 ? 0 : (this.before[last] as number) + (this.ends[last] as number) - (this.starts[last] as number);
    }
    return (this.before[place] as number) + Math.max(offset - (this.starts[place] as number), 0);
  }
}

/** A lane of extents in any order. */
function laneOf({ offsets, lengths }: PageFiles, extents: Uint32Array): Lane {
  const count = extents.length;
  const starts = new Float64Array(count);
  const ends = new Float64Array(count);
  const before = new Float64Array(count);
  // plain loops: with iterators, a million extents would take a second
  for (let i = 0, bytes = 0; i < count; i++) {
    const extent = extents[i] as number;
    const length = lengths[extent] as number;
    starts[i] = offsets[extent] as number;
    ends[i] = (offsets[extent] as number) + length;
    before[i] = bytes;
    bytes += length;
  }
  return new Lane(starts, ends, extents, before);
}

/** The lanes of all daxdevs, at any point of the log. */
export class Lanes {
  /** extents of each daxdev, in log order */
  readonly #logged: readonly Uint32Array[];
  readonly #all: readonly Lane[];

  /** @param count number of daxdevs */
  constructor(
    private readonly files: PageFiles,
    count: number,
  ) {
    this.#logged = byDaxdev(files, count);
    this.#all = this.#logged.map((extents) => laneOf(files, inOrder(files.offsets, extents)));
  }

  /** The lanes with the extents of the first `shown` files, by daxdev. */
  upTo(shown: number): Lane[] {
    const end = this.files.firstExtents[shown] as number;
    return this.#all.map((lane, i) => {
      const logged = this.#logged[i] as Uint32Array;
      const count = firstIndex(logged.length, (i) => (logged[i] as number) >= end);
      if (count === logged.length) return lane;
      // most daxdevs were filled from start to end, so their extents are in order already
      if (lane.extents === logged) return lane.first(count);
      return laneOf(this.files, inOrder(this.files.offsets, logged.subarray(0, count)));
    });
  }
}

function byDaxdev({ daxdevs }: PageFiles, count: number): Uint32Array[] {
  const totals = new Uint32Array(count);
  for (let i = 0; i < daxdevs.length; i++) totals[daxdevs[i] as number]!++;
  const extents = Array.from(totals, (total) => new Uint32Array(total));
  totals.fill(0);
  for (let i = 0; i < daxdevs.length; i++) {
    const daxdev = daxdevs[i] as number;
    (extents[daxdev] as Uint32Array)[totals[daxdev]!++] = i;
  }
  return extents;
}

/** The same extents in address order; the same array if they are in order already. */
function inOrder(offsets: Float64Array, extents: Uint32Array): Uint32Array {
  const offsetOf = (i: number) => offsets[extents[i] as number] as number;
  for (let i = 1; i < extents.length; i++)
    if (offsetOf(i) < offsetOf(i - 1))
      return extents.slice().sort((a, b) => (offsets[a] as number) - (offsets[b] as number));
  return extents;
}

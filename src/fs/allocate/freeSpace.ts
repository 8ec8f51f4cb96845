/**
 * Free space of one daxdev while files are being placed (docs/placement.md, "Small files"). Holes shrink or split, because famfs
 * frees nothing; they grow again only when a placement is given up.
 */
import { roundDown, roundUp } from '../../format/fmap.js';
import { HUGE_PAGE } from '../../format/superblock.js';
import { type Hole, HoleIndex, type Measure } from './holeIndex.js';

/** The space of a daxdev: as replay found it (LoggedDaxdev), or that of an empty daxdev. */
export interface AllocatableDaxdev {
  /** index in the pool */
  readonly index: number;
  /** bytes */
  readonly size: number;
  /** bytes at its start for superblock and log */
  readonly reserved: number;
  /** allocation unit of the file system, bytes */
  readonly unit: number;
  /** returns the ranges that no entry claims, ascending, each rounded inwards to `unit` */
  readonly ledger: { holes(size: number, unit: number): Hole[] };
  /** claims of entries whose extents cannot be trusted */
  readonly doubtful: { readonly count: number; holes(size: number, unit: number): Hole[] };
}

/** A daxdev without files. Sizes in bytes. */
export function emptyDaxdev(index: number, size: number, reserved: number, unit: number): AllocatableDaxdev {
  const holes = (): Hole[] => {
    const start = roundUp(reserved, unit);
    const end = roundDown(size, unit);
    return end > start ? [{ start, end }] : [];
  };
  return { index, size, reserved, unit, ledger: { holes }, doubtful: { count: 0, holes } };
}

/** The length of a hole. */
const whole: Measure = (start, end) => end - start;
/** What of a hole a processor can map in huge pages: all from the first boundary on. */
const aligned: Measure = (start, end) => end - roundUp(start, HUGE_PAGE);
/** The longest piece of a hole that belongs to no free huge page: what is taken there spoils none. */
const spoilt: Measure = (start, end) => {
  const first = roundUp(start, HUGE_PAGE);
  const last = roundDown(end, HUGE_PAGE);
  return last > first ? Math.max(first - start, end - last) : end - start;
};

const WHOLE = 0;
const ALIGNED = 1;
const SPOILT = 2;

/** All offsets and lengths in bytes; lengths asked for must be multiples of the allocation unit. */
export class FreeSpace {
  readonly #holes: HoleIndex;
  #free = 0;

  /**
   * Free space of a daxdev: the ranges that no entry claims, trusted or not.
   * @param also the same daxdev according to another log, in which they must be free too
   */
  constructor(
    readonly daxdev: AllocatableDaxdev,
    also?: AllocatableDaxdev,
  ) {
    const free = freeRanges(daxdev);
    const holes = also === undefined ? free : intersect(free, freeRanges(also));
    for (const { start, end } of holes) this.#free += end - start;
    this.#holes = new HoleIndex(holes, [whole, aligned, spoilt]);
  }

  /** bytes in all holes */
  get free(): number {
    return this.#free;
  }

  get largestHole(): number {
    return this.#holes.most(WHOLE);
  }

  /** Whether there is a hole of this length. */
  fits(length: number): boolean {
    return this.largestHole >= length;
  }

  /**
   * Takes `length` bytes; undefined if no hole is that long. From a huge page on: from the lowest hole that has so many from a
   * boundary of huge pages on, or else from the lowest one. Less: from the lowest huge page that is partly used and has so many,
   * or else from the end of the highest hole with a free one.
   */
  take(length: number): number | undefined {
    if (length < HUGE_PAGE) return this.#takeSmall(length);
    const even = this.#holes.first(ALIGNED, length);
    if (even !== undefined) return this.#cut(roundUp(even.start, HUGE_PAGE), length);
    const any = this.#holes.first(WHOLE, length);
    return any && this.#cut(any.start, length);
  }

  /**
   * Takes `length` bytes at or after `from`, or before it if there is no room after it. Less than a huge page is taken as take
   * does it: scattered pieces would spoil a huge page each.
   */
  takeNear(from: number, length: number): number | undefined {
    if (length < HUGE_PAGE) return this.#takeSmall(length);
    const first = this.#holes.after(from);
    if (first === undefined) return this.take(length);
    const start = roundUp(Math.max(first.start, from), HUGE_PAGE);
    if (first.end - start >= length) return this.#cut(start, length);
    const next = this.#holes.first(ALIGNED, length, first.end);
    return next === undefined ? this.take(length) : this.#cut(roundUp(next.start, HUGE_PAGE), length);
  }

  /** Gives back space that was taken and will not be used. */
  giveBack(start: number, length: number): void {
    this.#holes.add(start, start + length);
    this.#free += length;
  }

  /** The holes that are left, ascending. */
  holes(): Hole[] {
    return [...this.#holes.all()];
  }

  /** Lengths of the `count` largest holes, descending. */
  largestHoles(count: number): number[] {
    return this.#holes.largest(WHOLE, count);
  }

  /** First byte that files may use. */
  get begin(): number {
    return roundUp(this.daxdev.reserved, this.daxdev.unit);
  }

  /** The end of the last whole allocation unit. */
  get end(): number {
    return roundDown(this.daxdev.size, this.daxdev.unit);
  }

  #takeSmall(length: number): number | undefined {
    const partly = this.#holes.first(SPOILT, length);
    if (partly !== undefined) {
      const { start, end } = partly;
      const head = Math.min(roundUp(start, HUGE_PAGE), end) - start;
      const isSpoilt = spoilt(start, end) === end - start;
      return this.#cut(isSpoilt || head >= length ? start : end - length, length);
    }
    // what is left of the huge page above the hole is used first
    const free = this.#holes.last(ALIGNED, HUGE_PAGE);
    return free && this.#cut(free.end - length, length);
  }

  #cut(start: number, length: number): number {
    this.#holes.cut(start, start + length);
    this.#free -= length;
    return start;
  }
}

function freeRanges({ ledger, doubtful, size, unit }: AllocatableDaxdev): Hole[] {
  const claimed = ledger.holes(size, unit);
  return doubtful.count === 0 ? claimed : intersect(claimed, doubtful.holes(size, unit));
}

/** Ranges that lie in both ascending lists. */
function intersect(a: readonly Hole[], b: readonly Hole[]): Hole[] {
  const both: Hole[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const x = a[i] as Hole;
    const y = b[j] as Hole;
    const start = Math.max(x.start, y.start);
    const end = Math.min(x.end, y.end);
    if (end > start) both.push({ start, end });
    if (x.end < y.end) i++;
    else j++;
  }
  return both;
}

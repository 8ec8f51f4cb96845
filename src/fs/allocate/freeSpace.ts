/**
 * Free space of one daxdev while files are being placed. Holes shrink or split, because famfs frees nothing; they grow again only
 * when a placement is given up.
 */
import { ALLOCATION_UNIT } from '../../format/superblock.js';

const SIZE_CLASSES = 54;

/** The space of a daxdev: as replay found it (LoggedDaxdev), or that of an empty daxdev. */
export interface AllocatableDaxdev {
  /** index in the pool */
  readonly index: number;
  /** bytes */
  readonly size: number;
  /** bytes at its start for superblock and log */
  readonly reserved: number;
  /** returns the ranges that no entry claims, ascending, each rounded inwards to `unit` */
  readonly ledger: { holes(size: number, unit: number): Range[] };
  /** claims of entries whose extents cannot be trusted */
  readonly doubtful: { readonly count: number; holes(size: number, unit: number): Range[] };
}

/** A daxdev without files. Sizes in bytes. */
export function emptyDaxdev(index: number, size: number, reserved: number): AllocatableDaxdev {
  const holes = (_: number, unit: number): Range[] => {
    const start = Math.ceil(reserved / unit) * unit;
    const end = Math.floor(size / unit) * unit;
    return end > start ? [{ start, end }] : [];
  };
  return { index, size, reserved, ledger: { holes }, doubtful: { count: 0, holes } };
}

/** All offsets and lengths in bytes; lengths asked for must be multiples of the allocation unit. */
export class FreeSpace {
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  #free = 0;
  /**
   * For each power of two, an index below which no hole is that long. As long as holes do not grow, first fit need not check them
   * again: placing n files takes n steps, not n times the number of holes.
   */
  readonly #firstOf = new Int32Array(SIZE_CLASSES);

  /**
   * Free space of a daxdev: the ranges that no entry claims, trusted or not.
   * @param also the same daxdev according to another log, in which they must be free too
   */
  constructor(
    readonly daxdev: AllocatableDaxdev,
    also?: AllocatableDaxdev,
  ) {
    const holes = freeRanges(daxdev);
    for (const hole of also === undefined ? holes : intersect(holes, freeRanges(also))) {
      this.#starts.push(hole.start);
      this.#ends.push(hole.end);
      this.#free += hole.end - hole.start;
    }
  }

  /** bytes in all holes */
  get free(): number {
    return this.#free;
  }

  get largestHole(): number {
    return this.#starts.reduce((most, start, i) => Math.max(most, (this.#ends[i] as number) - start), 0);
  }

  /** Whether there is a hole of this length. */
  fits(length: number): boolean {
    return this.#firstFit(length) >= 0;
  }

  /** Takes `length` bytes from the lowest hole that is long enough; undefined if there is none. */
  take(length: number): number | undefined {
    const hole = this.#firstFit(length);
    if (hole < 0) return undefined;
    const start = this.#starts[hole] as number;
    this.#cut(hole, start, length);
    return start;
  }

  /** Takes `length` bytes at or after `from`, or before it if there is no room after it. */
  takeNear(from: number, length: number): number | undefined {
    for (let hole = this.#holeAt(from); hole < this.#starts.length; hole++) {
      const start = Math.max(this.#starts[hole] as number, from);
      if ((this.#ends[hole] as number) - start >= length) {
        this.#cut(hole, start, length);
        return start;
      }
    }
    return this.take(length);
  }

  /** Gives back space that was taken and will not be used. The cost grows with the number of holes. */
  giveBack(start: number, length: number): void {
    const end = start + length;
    const next = this.#holeAt(start);
    const joinsBefore = next > 0 && this.#ends[next - 1] === start;
    const joinsNext = this.#starts[next] === end;
    if (joinsBefore && joinsNext) {
      this.#ends[next - 1] = this.#ends[next] as number;
      this.#starts.splice(next, 1);
      this.#ends.splice(next, 1);
    } else if (joinsBefore) this.#ends[next - 1] = end;
    else if (joinsNext) this.#starts[next] = start;
    else {
      this.#starts.splice(next, 0, start);
      this.#ends.splice(next, 0, end);
    }
    this.#free += length;
    // the hole that grew is at `next` or before it
    const first = Math.max(next - 1, 0);
    for (let i = 0; i < SIZE_CLASSES; i++) this.#firstOf[i] = Math.min(this.#firstOf[i] as number, first);
  }

  /** The holes that are left, ascending. */
  holes(): Range[] {
    const all = this.#starts.map((start, i) => ({ start, end: this.#ends[i] as number }));
    return all.filter(({ start, end }) => end > start);
  }

  /** Lengths of the `count` largest holes, descending. */
  largestHoles(count: number): number[] {
    const lengths = this.#starts.map((start, i) => (this.#ends[i] as number) - start).filter((length) => length > 0);
    return lengths.sort((a, b) => b - a).slice(0, count);
  }

  /** First byte that files may use. */
  get begin(): number {
    return Math.ceil(this.daxdev.reserved / ALLOCATION_UNIT) * ALLOCATION_UNIT;
  }

  /** The end of the last whole allocation unit. */
  get end(): number {
    return Math.floor(this.daxdev.size / ALLOCATION_UNIT) * ALLOCATION_UNIT;
  }

  #firstFit(length: number): number {
    const sizeClass = Math.floor(Math.log2(length));
    const first = this.#skip(this.#firstOf[sizeClass] as number, 2 ** sizeClass);
    this.#firstOf[sizeClass] = first;
    const hole = this.#skip(first, length);
    return hole < this.#starts.length ? hole : -1;
  }

  /** Index of the first hole from `hole` on that holds `length` bytes. */
  #skip(hole: number, length: number): number {
    let at = hole;
    while (at < this.#starts.length && (this.#ends[at] as number) - (this.#starts[at] as number) < length) at++;
    return at;
  }

  /** Index of the first hole that ends after `offset`. */
  #holeAt(offset: number): number {
    let low = 0;
    let high = this.#ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ends[middle] as number) > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #cut(hole: number, start: number, length: number): void {
    const before = this.#starts[hole] as number;
    this.#starts[hole] = start + length;
    this.#free -= length;
    if (start === before) return;
    this.#starts.splice(hole, 0, before);
    this.#ends.splice(hole, 0, start);
    for (let i = 0; i < SIZE_CLASSES; i++) if ((this.#firstOf[i] as number) > hole) (this.#firstOf[i] as number)++;
  }
}

function freeRanges(daxdev: AllocatableDaxdev): Range[] {
  const claimed = daxdev.ledger.holes(daxdev.size, ALLOCATION_UNIT);
  const doubtful = daxdev.doubtful.count === 0 ? undefined : daxdev.doubtful.holes(daxdev.size, ALLOCATION_UNIT);
  return doubtful === undefined ? claimed : intersect(claimed, doubtful);
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Ranges that lie in both ascending lists. */
function intersect(a: readonly Range[], b: readonly Range[]): Range[] {
  const both: Range[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const x = a[i] as Range;
    const y = b[j] as Range;
    const start = Math.max(x.start, y.start);
    const end = Math.min(x.end, y.end);
    if (end > start) both.push({ start, end });
    if (x.end < y.end) i++;
    else j++;
  }
  return both;
}

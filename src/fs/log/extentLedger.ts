/** Who uses which part of one daxdev, as the log says. Counts in bytes; scales with the number of extents only. */

import { grown } from './columns.js';

/** Owner of the superblock and log regions. */
export const OWNER_METADATA = -1;

/** A claim of a log slot on [start, end) of the daxdev, bytes. */
export interface Claim {
  readonly start: number;
  readonly end: number;
  /** log slot, or OWNER_METADATA */
  readonly owner: number;
}

const INITIAL_CAPACITY = 64;

export class ExtentLedger {
  #starts = new Float64Array(INITIAL_CAPACITY);
  #ends = new Float64Array(INITIAL_CAPACITY);
  #owners = new Int32Array(INITIAL_CAPACITY);
  #count = 0;
  #ascending = true;

  /** Records a claim; an empty one is ignored. */
  add(start: number, end: number, owner: number): void {
    if (!(end > start)) return;
    if (this.#count === this.#starts.length) this.#grow();
    if (this.#count > 0 && start < (this.#starts[this.#count - 1] as number)) this.#ascending = false;
    this.#starts[this.#count] = start;
    this.#ends[this.#count] = end;
    this.#owners[this.#count] = owner;
    this.#count++;
  }

  get count(): number {
    return this.#count;
  }

  /** The claims by start, ascending; claims that start together in the order they were added. */
  sorted(): Claim[] {
    return Array.from(this.#order(), (i) => this.#claim(i));
  }

  /** Calls `visit` for each claim that begins before an earlier one ends, with that earlier one. O(n log n). */
  overlaps(visit: (earlier: Claim, later: Claim) => void): void {
    let reach = -1;
    for (const i of this.#order()) {
      if (reach >= 0 && (this.#starts[i] as number) < (this.#ends[reach] as number))
        visit(this.#claim(reach), this.#claim(i));
      if (reach < 0 || (this.#ends[i] as number) > (this.#ends[reach] as number)) reach = i;
    }
  }

  /** The free ranges of [0, size), ascending, each rounded inwards to `unit`; all in bytes. */
  holes(size: number, unit: number): Array<{ start: number; end: number }> {
    const holes: Array<{ start: number; end: number }> = [];
    const keep = (from: number, to: number) => {
      const start = Math.ceil(from / unit) * unit;
      const end = Math.floor(to / unit) * unit;
      if (end > start) holes.push({ start, end });
    };
    let reach = 0;
    for (const i of this.#order()) {
      const start = Math.min(this.#starts[i] as number, size);
      if (start > reach) keep(reach, start);
      reach = Math.max(reach, this.#ends[i] as number);
    }
    if (reach < size) keep(reach, size);
    return holes;
  }

  /** bytes of the claims of files, shared space counted once for each */
  get claimedByFiles(): number {
    let sum = 0;
    for (let i = 0; i < this.#count; i++)
      if ((this.#owners[i] as number) !== OWNER_METADATA)
        sum += (this.#ends[i] as number) - (this.#starts[i] as number);
    return sum;
  }

  #claim(i: number): Claim {
    return { start: this.#starts[i] as number, end: this.#ends[i] as number, owner: this.#owners[i] as number };
  }

  /** Indices by ascending start. First-fit logs arrive in order, so that most are never sorted. */
  #order(): Uint32Array {
    const order = new Uint32Array(this.#count);
    for (let i = 0; i < order.length; i++) order[i] = i;
    if (this.#ascending) return order;
    const starts = this.#starts;
    return order.sort((a, b) => (starts[a] as number) - (starts[b] as number) || a - b);
  }

  #grow(): void {
    const capacity = this.#starts.length * 2;
    this.#starts = grown(this.#starts, new Float64Array(capacity));
    this.#ends = grown(this.#ends, new Float64Array(capacity));
    this.#owners = grown(this.#owners, new Int32Array(capacity));
  }
}

/**
 * Whether the bytes of a range are those that repairs left or found, compared word by word, because the processor stores words.
 */

/** bytes; words begin at multiples of their size */
const WORD = 8;
const ALL_BYTES = 2 ** WORD - 1;

/** Bytes from `offset` of a device. */
export interface Range {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** The bytes that a write found at `offset`, and those that it left. */
export interface OverwrittenRange {
  readonly offset: number;
  readonly before: Buffer;
  readonly after: Buffer;
}

/** A range of a device, in bytes. */
export interface Part {
  readonly offset: number;
  readonly length: number;
}

/** Puts a range over the part of it that `target` has, which begins at byte `start` of the device. */
export function overlay(target: Buffer, start: number, { offset, bytes }: Range): void {
  const from = Math.max(start, offset);
  const to = Math.min(start + target.length, offset + bytes.length);
  if (to > from) target.set(bytes.subarray(from - offset, to - offset), from - start);
}

/**
 * Whether each word of a range is as one of the writes left or found it. A repair that was interrupted, or its undo, leaves some
 * words of each kind.
 * @param writes all writes to the device, in their order
 * @param now the bytes of the range, which begins at `offset`
 */
export function isOurs(offset: number, writes: readonly OverwrittenRange[], now: Buffer): boolean {
  const part = { offset, length: now.length };
  return new UnknownWords(offset, now, writes, [part]).allOurs(part);
}

/** The words of a range that no write left or found, for any part of it. Takes time for the bytes of all writes together. */
export class UnknownWords {
  readonly #firstWord: number;
  /** 1 for a word that a part has all of, until it is found to be ours */
  readonly #whole: Uint8Array;
  /** for a word at the end of a part: the bytes of it that parts have, as masks, until they are found to be ours */
  readonly #pieces = new Map<number, number[]>();

  /**
   * @param start of the range, in bytes from the start of the device
   * @param now what the range holds
   * @param writes all that touch the range, in their order; what is outside of it does not count
   * @param parts of the range; allOurs answers for these
   */
  constructor(
    private readonly start: number,
    private readonly now: Buffer,
    writes: readonly OverwrittenRange[],
    parts: readonly Part[],
  ) {
    this.#firstWord = Math.floor(start / WORD);
    this.#whole = new Uint8Array(Math.ceil((start + now.length) / WORD) - this.#firstWord);
    for (const part of parts) this.#expect(part);
    const then = Buffer.from(now);
    for (const { offset, before } of [...writes].reverse()) overlay(then, start, { offset, bytes: before });
    this.#settle(then, start, now.length);
    for (const { offset, after } of writes) {
      overlay(then, start, { offset, bytes: after });
      this.#settle(then, offset, after.length);
    }
  }

  /** Whether each word of a part, as far as the part has it, is as one of the writes left it or found it. */
  allOurs(part: Part): boolean {
    const { from, to, ends } = wordsOf(part);
    if (ends.some(({ word, mask }) => this.#pieces.get(word)?.includes(mask))) return false;
    return to <= from || !this.#whole.subarray(from - this.#firstWord, to - this.#firstWord).includes(1);
  }

  #expect(part: Part): void {
    const { from, to, ends } = wordsOf(part);
    if (to > from) this.#whole.fill(1, from - this.#firstWord, to - this.#firstWord);
    for (const { word, mask } of ends) {
      const masks = this.#pieces.get(word);
      if (masks === undefined) this.#pieces.set(word, [mask]);
      else if (!masks.includes(mask)) masks.push(mask);
    }
  }

  /** Takes note of the words of a range of the device that are now as they were at that time. */
  #settle(then: Buffer, offset: number, length: number): void {
    const from = Math.max(this.start, offset);
    const to = Math.min(this.start + this.now.length, offset + length);
    if (to <= from) return;
    for (let word = Math.floor(from / WORD); word * WORD < to; word++) {
      const isWhole = this.#whole[word - this.#firstWord] === 1;
      const masks = this.#pieces.get(word);
      if (!isWhole && masks === undefined) continue;
      const equal = this.#equalBytes(then, word);
      if (isWhole && equal === ALL_BYTES) this.#whole[word - this.#firstWord] = 0;
      if (masks?.some((mask) => (mask & equal) === mask)) this.#keepPieces(word, masks, equal);
    }
  }

  #keepPieces(word: number, masks: readonly number[], equal: number): void {
    const left = masks.filter((mask) => (mask & equal) !== mask);
    if (left.length === 0) this.#pieces.delete(word);
    else this.#pieces.set(word, left);
  }

  /** A bit for each byte of a word that is the same in both, the first byte the lowest. */
  #equalBytes(then: Buffer, word: number): number {
    let equal = 0;
    const at = word * WORD - this.start;
    for (let i = 0; i < WORD; i++) if (then[at + i] === this.now[at + i]) equal |= 1 << i;
    return equal;
  }
}

/** The words that a part has all of, from..to, and the bytes that it has of those at its ends. */
function wordsOf({ offset, length }: Part): {
  from: number;
  to: number;
  ends: readonly { readonly word: number; readonly mask: number }[];
} {
  const end = offset + length;
  const from = Math.ceil(offset / WORD);
  const to = Math.floor(end / WORD);
  const words = new Set([Math.floor(offset / WORD), Math.floor((end - 1) / WORD)]);
  const ends = [...words]
    .filter((word) => word < from || word >= to)
    .map((word) => ({ word, mask: maskOf(word, offset, end) }));
  return { from, to, ends };
}

function maskOf(word: number, offset: number, end: number): number {
  const first = Math.max(0, offset - word * WORD);
  const last = Math.min(WORD, end - word * WORD);
  return (ALL_BYTES >> (WORD - (last - first))) << first;
}

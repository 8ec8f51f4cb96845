/**
 * Paths by their bytes, numbered in the order in which they came. Half a million strings and a Map of them would take most
 * of the time of a replay and most of its memory; here a path is its bytes, in words of four, and a place in a table.
 */
import { decodePath, MAX_PATH_BYTES } from '../../format/path.js';
import { grown } from './columns.js';

const INITIAL_ROWS = 64;
const INITIAL_WORDS = 1024;
/** table places for each path there is room for: half of them stay empty, so that probes are short */
const PLACES_PER_ROW = 2;
const WORD = 4;
const WORDS_PER_PATH = Math.ceil((MAX_PATH_BYTES + 1) / WORD);

/** Where a path is: bytes [from, to) of what `view` sees, which has three bytes more at least; at most 80 bytes. */
export class PathIndex {
  #words = new Int32Array(INITIAL_WORDS);
  /** where each path begins in #words; behind the last, where the next one will */
  #starts = new Uint32Array(INITIAL_ROWS + 1);
  /** bytes */
  #lengths = new Uint8Array(INITIAL_ROWS);
  #hashes = new Int32Array(INITIAL_ROWS);
  /** row + 1 by hash, the next free place where that is taken; 0 where none is */
  #table = new Int32Array(INITIAL_ROWS * PLACES_PER_ROW);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** The row of a path; -1 when there is none. */
  find(view: DataView, from: number, to: number): number {
    return (this.#table[this.#placeOf(hashOf(view, from, to), view, from, to)] as number) - 1;
  }

  /** Adds a path and returns its row; -1 when it is there already. */
  add(view: DataView, from: number, to: number): number {
    const row = this.#count;
    if (row === this.#lengths.length) this.#grow();
    const hash = hashOf(view, from, to);
    const place = this.#placeOf(hash, view, from, to);
    if (this.#table[place] !== 0) return -1;
    this.#table[place] = row + 1;
    this.#hashes[row] = hash;
    this.#lengths[row] = to - from;
    this.#starts[row + 1] = this.#store(this.#starts[row] as number, view, from, to);
    this.#count++;
    return row;
  }

  /** Whether it is the path of a row, which must be below the count. */
  is(row: number, view: DataView, from: number, to: number): boolean {
    if (this.#lengths[row] !== to - from) return false;
    const words = this.#words;
    let i = this.#starts[row] as number;
    for (let at = from; at < to; at += WORD, i++) if (words[i] !== wordAt(view, at, to)) return false;
    return true;
  }

  /** The path of a row, which must be below the count. */
  text(row: number): string {
    const start = (this.#starts[row] as number) * WORD;
    return decodePath(new Uint8Array(this.#words.buffer, start, this.#lengths[row]));
  }

  /** The place in the table that the path has, or would get. */
  #placeOf(hash: number, view: DataView, from: number, to: number): number {
    const table = this.#table;
    const mask = table.length - 1;
    let place = hash & mask;
    for (; table[place] !== 0; place = (place + 1) & mask) {
      const row = (table[place] as number) - 1;
      if (this.#hashes[row] === hash && this.is(row, view, from, to)) break;
    }
    return place;
  }

  /** Returns where the next path begins. */
  #store(start: number, view: DataView, from: number, to: number): number {
    if (start + WORDS_PER_PATH > this.#words.length)
      this.#words = grown(this.#words, new Int32Array(this.#words.length * 2));
    const words = this.#words;
    let end = start;
    for (let at = from; at < to; at += WORD) words[end++] = wordAt(view, at, to);
    return end;
  }

  #grow(): void {
    const rows = this.#lengths.length * 2;
    this.#starts = grown(this.#starts, new Uint32Array(rows + 1));
    this.#lengths = grown(this.#lengths, new Uint8Array(rows));
    this.#hashes = grown(this.#hashes, new Int32Array(rows));
    this.#table = new Int32Array(rows * PLACES_PER_ROW);
    const mask = this.#table.length - 1;
    for (let row = 0; row < this.#count; row++) {
      let place = (this.#hashes[row] as number) & mask;
      while (this.#table[place] !== 0) place = (place + 1) & mask;
      this.#table[place] = row + 1;
    }
  }
}

/** The four bytes at `at`, those from `to` on as 0. */
function wordAt(view: DataView, at: number, to: number): number {
  const word = view.getInt32(at, true);
  return to - at >= WORD ? word : word & ((1 << ((to - at) * 8)) - 1);
}

/** two for each word of a path */
const KEYS = Int32Array.from({ length: 2 * WORDS_PER_PATH }, () => Math.random() * 2 ** 16);

/**
 * NH of UMAC (RFC 4418, 5.2), with words of 16 bits: for two paths to collide is a chance of 2^-16 to who does not know the
 * keys of this process, so nobody can write a log whose paths all fall into one place.
 */
function hashOf(view: DataView, from: number, to: number): number {
  let hash = to - from;
  for (let at = from, i = 0; at < to; at += WORD, i += 2) {
    const word = wordAt(view, at, to);
    const low = (word + (KEYS[i] as number)) & 0xffff;
    const high = ((word >>> 16) + (KEYS[i + 1] as number)) & 0xffff;
    hash = (hash + Math.imul(low, high)) | 0;
  }
  // the table takes the lowest bits
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}

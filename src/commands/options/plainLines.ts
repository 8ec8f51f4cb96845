/**
 * Lines `path size [mode]` as columns, without a string for each. Only what nearly all lists have is read here: a path of printable
 * ASCII, a size as digits and a unit. Other lines are left to parseLine.
 */
import { MAX_RECORD } from './records.js';

/** modes of lines without one */
export const NO_MODE = -1;

/** What the lines name. */
export interface PlainFiles {
  /** the paths one after the other */
  readonly paths: Uint8Array;
  /** where in `paths` each ends */
  readonly pathEnds: Uint32Array;
  /** bytes; may be 0, which no file can have */
  readonly sizes: Float64Array;
  /** permission bits, or NO_MODE */
  readonly modes: Int16Array;
}

const [TAB, NEWLINE, RETURN, BLANK, QUOTE, HASH, BRACE] = [0x09, 0x0a, 0x0d, 0x20, 0x22, 0x23, 0x7b];
const [ZERO, SEVEN, NINE, DELETE] = [0x30, 0x37, 0x39, 0x7f];
/** `a 1` and a newline */
const SHORTEST_LINE = 4;
const MOST_MODE_DIGITS = 5;
const MOST_MODE = 0o7777;
/** by character code, either case */
const FACTORS = new Float64Array(DELETE).fill(0);
for (const [i, unit] of [...'kmgtp'].entries())
  for (const letter of [unit, unit.toUpperCase()]) FACTORS[letter.charCodeAt(0)] = 1024 ** (i + 1);

export class PlainLines {
  /** lines that were read, including those without a file */
  lines = 0;
  #count = 0;
  #paths = new Uint8Array(0);
  #pathEnds = new Uint32Array(0);
  #sizes = new Float64Array(0);
  #modes = new Int16Array(0);
  #pathBytes = 0;

  get files(): PlainFiles {
    return {
      paths: this.#paths.subarray(0, this.#pathBytes),
      pathEnds: this.#pathEnds.subarray(0, this.#count),
      sizes: this.#sizes.subarray(0, this.#count),
      modes: this.#modes.subarray(0, this.#count),
    };
  }

  /** Reads whole lines up to the first that is not plain. Returns how many bytes they have. */
  read(bytes: Buffer): number {
    this.#reserve(bytes.length);
    let at = 0;
    for (;;) {
      const next = this.#line(bytes, at);
      if (next < 0) return at;
      at = next;
      this.lines++;
    }
  }

  /** Reads one line. Returns where the next begins; -1 if there is no whole line, or it is not plain. */
  #line(bytes: Buffer, from: number): number {
    const { length } = bytes;
    let at = from;
    while (at < length && (bytes[at] === BLANK || bytes[at] === TAB)) at++;
    const first = bytes[at] as number;
    if (first === HASH) {
      const end = bytes.indexOf(NEWLINE, at);
      return end < 0 || end - from > MAX_RECORD ? -1 : end + 1;
    }
    if (first === QUOTE || first === BRACE) return -1;
    const start = at;
    const paths = this.#paths;
    let end = this.#pathBytes;
    for (; at < length; at++) {
      const byte = bytes[at] as number;
      if (byte <= BLANK || byte >= DELETE) break;
      paths[end++] = byte;
    }
    if (at === start) return endOfLine(bytes, from, at);

    const afterPath = at;
    while (at < length && (bytes[at] === BLANK || bytes[at] === TAB)) at++;
    if (at === afterPath) return -1;
    const sizeStart = at;
    let size = 0;
    for (; at < length; at++) {
      const byte = bytes[at] as number;
      if (byte < ZERO || byte > NINE) break;
      size = size * 10 + byte - ZERO;
    }
    const factor = at > sizeStart && at < length ? (FACTORS[bytes[at] as number] ?? 0) : 0;
    if (factor > 0) {
      size *= factor;
      at++;
    }
    if (at === sizeStart || size > Number.MAX_SAFE_INTEGER) return -1;

    const afterSize = at;
    while (at < length && (bytes[at] === BLANK || bytes[at] === TAB)) at++;
    const modeStart = at;
    let mode = 0;
    for (; at < length; at++) {
      const byte = bytes[at] as number;
      if (byte < ZERO || byte > SEVEN) break;
      mode = mode * 8 + byte - ZERO;
      if (at - modeStart >= MOST_MODE_DIGITS) return -1;
    }
    if (at > modeStart && (modeStart === afterSize || mode > MOST_MODE)) return -1;
    const hasMode = at > modeStart;
    if (hasMode) while (at < length && (bytes[at] === BLANK || bytes[at] === TAB)) at++;

    const next = endOfLine(bytes, from, at);
    if (next < 0) return -1;
    this.#sizes[this.#count] = size;
    this.#modes[this.#count] = hasMode ? mode : NO_MODE;
    this.#pathEnds[this.#count++] = this.#pathBytes = end;
    return next;
  }

  /** Makes room for what so many bytes can hold. */
  #reserve(bytes: number): void {
    const files = this.#count + Math.ceil(bytes / SHORTEST_LINE);
    if (this.#pathBytes + bytes > this.#paths.length)
      this.#paths = enlarged(this.#paths, new Uint8Array(2 * (this.#pathBytes + bytes)));
    if (files <= this.#sizes.length) return;
    this.#pathEnds = enlarged(this.#pathEnds, new Uint32Array(2 * files));
    this.#sizes = enlarged(this.#sizes, new Float64Array(2 * files));
    this.#modes = enlarged(this.#modes, new Int16Array(2 * files));
  }
}

/** Where the next line begins, if the one that begins at `from` ends at `at` and is not too long; else -1. */
function endOfLine(bytes: Buffer, from: number, at: number): number {
  const end = bytes[at] === RETURN ? at + 1 : at;
  return bytes[end] === NEWLINE && end - from <= MAX_RECORD ? end + 1 : -1;
}

function enlarged<T extends Uint8Array | Uint32Array | Float64Array | Int16Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { must } from './finding.js';

const PAGE = 4096;
/** length up to which a file is compared completely after each call */
const SMALL = 256 * 1024;
const ZEROS = Buffer.alloc(PAGE);

/** Bytes that something stored, or may have stored. */
export interface Store {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/**
 * A file and its expected contents: pages by number; pages that are not listed are zeros. Lengths and offsets in bytes.
 */
export class ModelFile {
  readonly path: string;
  readonly fd: number;
  #length: number;
  readonly #pages = new Map<number, Buffer>();

  /** Makes the file, sparse. */
  constructor(path: string, length: number) {
    this.path = path;
    this.fd = openSync(path, 'w+');
    this.#length = length;
    ftruncateSync(this.fd, length);
  }

  get length(): number {
    return this.#length;
  }

  /** The end of the accessible part of a mapping of the file. */
  get reach(): number {
    return Math.ceil(this.#length / PAGE) * PAGE;
  }

  close(): void {
    closeSync(this.fd);
  }

  /** Puts bytes into the file itself. */
  fill(offset: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; )
      done += writeSync(this.fd, bytes, done, bytes.length - done, offset + done);
    this.expect(offset, bytes);
  }

  /** Cuts or lengthens the file itself. */
  truncate(length: number): void {
    ftruncateSync(this.fd, length);
    this.#setLength(length);
  }

  /** The expected bytes; zeros beyond the end. */
  read(offset: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    eachPage(offset, length, (page, within, at, part) => {
      this.#pages.get(page)?.copy(bytes, at, within, within + part);
    });
    return bytes;
  }

  /** Records that the file must now hold these bytes. */
  expect(offset: number, bytes: Uint8Array): void {
    if (bytes.length > 0) this.#length = Math.max(this.#length, offset + bytes.length);
    eachPage(offset, bytes.length, (page, within, at, part) => {
      this.#page(page).set(bytes.subarray(at, at + part), within);
    });
  }

  /**
   * Accepts the current contents, if each byte is one of those that were stored there or, with `old`, the one before. Stores may
   * overlap.
   */
  settle(stores: readonly Store[], old: boolean): void {
    const touched = new Map<number, Settling>();
    for (const { offset, bytes } of stores) {
      eachPage(offset, bytes.length, (page, within, at, part) => {
        const one = touched.get(page) ?? new Settling(this.#actual(page * PAGE, PAGE));
        touched.set(page, one);
        one.allow(within, bytes.subarray(at, at + part));
      });
    }
    for (const [page, settling] of touched) {
      const wrong = settling.firstWrong(this.#pages.get(page) ?? ZEROS, old);
      must(wrong === undefined, () => `${this.path} holds at ${page * PAGE + wrong!} what nobody stored`);
      this.#pages.set(page, settling.actual);
    }
  }

  /** Accepts the current length, which stores may have extended to at most `most`. */
  settleLength(most: number): void {
    const actual = fstatSync(this.fd).size;
    must(actual >= this.#length && actual <= most, () => `${this.path} has ${actual} bytes, not up to ${most}`);
    this.#setLength(actual);
  }

  /** Compares the file with the model: all of a small one, the surroundings of a range of a large one. */
  check(offset = 0, length = 0): void {
    if (this.#length <= SMALL) {
      this.#compare(0, this.#length);
      return;
    }
    const from = Math.min(Math.max(Math.floor(offset / PAGE) - 2, 0) * PAGE, this.#length);
    this.#compare(from, Math.min(this.#length, offset + length + 2 * PAGE) - from);
  }

  /** Compares each page that was ever stored to. */
  checkKnown(): void {
    for (const page of this.#pages.keys()) {
      const from = page * PAGE;
      if (from < this.#length) this.#compare(from, Math.min(PAGE, this.#length - from));
    }
  }

  #compare(offset: number, length: number): void {
    const expected = this.read(offset, length);
    const actual = this.#actual(offset, length);
    if (actual.equals(expected)) return;
    const wrong = expected.findIndex((byte, i) => byte !== actual[i]);
    must(false, () => `${this.path} holds ${actual[wrong]}, not ${expected[wrong]}, at ${offset + wrong}`);
  }

  #actual(offset: number, length: number): Buffer {
    const bytes = Buffer.alloc(Math.max(length, 0));
    for (let done = 0; done < bytes.length; ) {
      const got = readSync(this.fd, bytes, done, bytes.length - done, offset + done);
      if (got === 0) break;
      done += got;
    }
    return bytes;
  }

  #setLength(length: number): void {
    this.#length = length;
    for (const page of this.#pages.keys()) if (page * PAGE >= length) this.#pages.delete(page);
    if (length % PAGE !== 0) this.#pages.get(Math.floor(length / PAGE))?.fill(0, length % PAGE);
  }

  #page(number: number): Buffer {
    const page = this.#pages.get(number) ?? Buffer.alloc(PAGE);
    this.#pages.set(number, page);
    return page;
  }
}

/** One page whose bytes are checked against several stores. */
class Settling {
  readonly actual: Buffer;
  readonly #covered = new Uint8Array(PAGE);
  readonly #explained = new Uint8Array(PAGE);

  constructor(actual: Buffer) {
    this.actual = actual;
  }

  allow(at: number, bytes: Uint8Array): void {
    this.#covered.fill(1, at, at + bytes.length);
    if (this.actual.subarray(at, at + bytes.length).equals(bytes)) {
      this.#explained.fill(1, at, at + bytes.length);
      return;
    }
    for (let i = 0; i < bytes.length; i++) if (this.actual[at + i] === bytes[i]) this.#explained[at + i] = 1;
  }

  firstWrong(before: Uint8Array, old: boolean): number | undefined {
    for (let i = 0; i < PAGE; i++) {
      const stored = this.#explained[i] === 1;
      const kept = (old || this.#covered[i] === 0) && this.actual[i] === before[i];
      if (!stored && !kept) return i;
    }
    return undefined;
  }
}

/** Calls each(page, offset in the page, offset in the range, length) for the parts of a range. */
function eachPage(
  offset: number,
  length: number,
  each: (page: number, within: number, at: number, part: number) => void,
): void {
  for (let at = 0; at < length; ) {
    const within = (offset + at) % PAGE;
    const part = Math.min(PAGE - within, length - at);
    each(Math.floor((offset + at) / PAGE), within, at, part);
    at += part;
  }
}

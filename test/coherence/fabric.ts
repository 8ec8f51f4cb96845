/**
 * Memory that several hosts share without hardware coherence, and the cache that each host has over it. Lines have 64 bytes and
 * tear at 8. A line that a host has read stays as it was until the host invalidates it or it is evicted; what a host has stored
 * stays its own until it is written back. A write-back is certain only after a fence, and so is an invalidation; both may also
 * happen at once, or in part. Any line may be evicted at any time.
 */
import type { Random } from '../../src/fs/allocate/random.js';

const LINE = 64;
const WORD = 8;
const ALL_WORDS = 0xff;
const PAGE = 4096;

/** The memory itself, by pages; those that were never written are zeros. */
export class Fabric {
  readonly #pages = new Map<number, Buffer>();

  /** Copies 8 bytes at a time: what is read may be torn between words. */
  load(line: number, target: Buffer): void {
    const page = this.#pages.get(Math.floor(line / PAGE));
    if (page === undefined) target.fill(0);
    else page.copy(target, 0, line % PAGE, (line % PAGE) + LINE);
  }

  /** Stores the words of a line that are set in `words`, a bit each. */
  store(line: number, data: Buffer, words: number): void {
    const number = Math.floor(line / PAGE);
    const page = this.#pages.get(number) ?? Buffer.alloc(PAGE);
    this.#pages.set(number, page);
    for (let word = 0; word < LINE / WORD; word++)
      if ((words >> word) & 1) data.copy(page, (line % PAGE) + word * WORD, word * WORD, (word + 1) * WORD);
  }

  copy(): Fabric {
    const fabric = new Fabric();
    for (const [number, page] of this.#pages) fabric.#pages.set(number, Buffer.from(page));
    return fabric;
  }
}

interface Line {
  readonly data: Buffer;
  /** words that were stored and are not in the fabric yet, a bit each */
  dirty: number;
}

/** What a host does to memory, for a schedule that comes between two operations, and for faults that are put in. */
export type MemoryOperation = 'read' | 'write' | 'writeBack' | 'invalidate' | 'fence';

/** One host's view of one device. */
export class HostCache {
  readonly #lines = new Map<number, Line>();
  /** lines that are being written back, by the thread that asked for it: a fence is for its own thread only */
  readonly #leaving = new Map<number, Set<number>>();
  readonly #dropping = new Set<number>();

  constructor(
    readonly fabric: Fabric,
    private readonly random: Random,
  ) {}

  read(offset: number, target: Uint8Array): void {
    for (const { line, from, to, at } of pieces(offset, target.length))
      target.set(this.#line(line).data.subarray(from, to), at);
    this.#age();
  }

  write(offset: number, bytes: Uint8Array): void {
    for (const { line, from, to, at } of pieces(offset, bytes.length)) {
      const cached = this.#line(line);
      cached.data.set(bytes.subarray(at, at + to - from), from);
      for (let word = Math.floor(from / WORD); word * WORD < to; word++) cached.dirty |= 1 << word;
    }
    this.#age();
  }

  writeBack(offset: number, length: number): void {
    for (const { line } of pieces(offset, length)) {
      const leaving = this.#leaving.get(this.thread) ?? new Set();
      this.#leaving.set(this.thread, leaving.add(line));
      this.#maybe(() => this.#leave(line, this.#someWords()));
    }
  }

  invalidate(offset: number, length: number): void {
    for (const { line } of pieces(offset, length)) {
      this.#dropping.add(line);
      this.#maybe(() => this.#drop(line));
    }
  }

  /** Makes the write-backs and invalidations before it certain. */
  fence(): void {
    for (const line of this.#leaving.get(this.thread) ?? []) this.#leave(line, ALL_WORDS);
    for (const line of this.#dropping) this.#drop(line);
    this.#leaving.delete(this.thread);
    this.#dropping.clear();
  }

  /** the thread that works: 0 is that of JavaScript, bulk work has one of its own */
  thread = 0;

  /** Writes back all that is dirty, and forgets everything. */
  flush(): void {
    for (const line of [...this.#lines.keys()]) this.#drop(line);
  }

  /** Evicts a few lines, as a cache does without being asked. */
  #age(): void {
    if (this.#lines.size === 0 || this.random() < 0.7) return;
    const lines = [...this.#lines.keys()];
    this.#drop(lines[Math.floor(this.random() * lines.length)] as number);
  }

  #line(line: number): Line {
    const known = this.#lines.get(line);
    if (known !== undefined) return known;
    const loaded = { data: Buffer.alloc(LINE), dirty: 0 };
    this.fabric.load(line, loaded.data);
    this.#lines.set(line, loaded);
    return loaded;
  }

  #leave(line: number, words: number): void {
    const cached = this.#lines.get(line);
    if (cached === undefined) return;
    this.fabric.store(line, cached.data, cached.dirty & words);
    cached.dirty &= ~words;
  }

  #drop(line: number): void {
    this.#leave(line, ALL_WORDS);
    this.#lines.delete(line);
  }

  #maybe(work: () => void): void {
    if (this.random() < 0.3) work();
  }

  #someWords(): number {
    return Math.floor(this.random() * (ALL_WORDS + 1));
  }
}

/** The parts of a range by lines: bytes [from, to) of the line at `line`, which are those at `at` of the range. */
function* pieces(offset: number, length: number): Generator<{ line: number; from: number; to: number; at: number }> {
  for (let at = 0; at < length; ) {
    const from = (offset + at) % LINE;
    const to = Math.min(LINE, from + length - at);
    yield { line: offset + at - from, from, to, at };
    at += to - from;
  }
}

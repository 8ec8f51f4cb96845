/**
 * Memory that several hosts share without hardware coherence, and the cache that each host has over it. Lines have 64 bytes and
 * tear at 8. A line that a host has read stays as it was until the host invalidates it or it is evicted; what a host has stored
 * stays its own until it is written back. A write-back is certain only after a fence of its thread, and so is an invalidation; both
 * may also happen at once, or in part. Any line may be evicted at any time, and the line after one that is read may be fetched too.
 */
import type { Random } from '../../src/fs/allocate/random.js';

const LINE = 64;
const WORD = 8;
const ALL_WORDS = 0xff;
const PAGE = 4096;
const LINES = PAGE / LINE;
/** the contents of pages that nobody has stored to; never written to */
const ZEROS = Buffer.alloc(PAGE);

/** The memory itself, by pages; those that were never stored to are zeros. */
export class Fabric {
  #pages = new Map<number, Buffer>();
  /** pages that no copy shares */
  #own = new Set<number>();
  /** offset of a byte that bad memory changes whenever its word is stored */
  badByte: number | undefined;

  /** The bytes of a page, not to be changed. */
  page(number: number): Buffer {
    return this.#pages.get(number) ?? ZEROS;
  }

  /** Stores the words of a line that are set in `words`, a bit each. */
  store(page: number, line: number, data: Buffer, words: number): void {
    const target = this.#ownPage(page);
    for (let word = 0; word < LINE / WORD; word++) {
      const at = line * LINE + word * WORD;
      if ((words >> word) & 1) data.copy(target, at, at, at + WORD);
    }
    if (this.badByte !== undefined && Math.floor(this.badByte / PAGE) === page) {
      const at = this.badByte % PAGE;
      target[at] = (data[at] as number) ^ 1;
    }
  }

  /** Whether nobody has stored to any page of the range. */
  isHole(offset: number, length: number): boolean {
    for (let page = Math.floor(offset / PAGE); page * PAGE < offset + length; page++)
      if (this.#pages.has(page)) return false;
    return true;
  }

  /** Changes bytes that no host has stored to, as bad memory does. */
  damage(offset: number, bytes: Uint8Array): void {
    for (const { page, from, to, at } of pieces(offset, bytes.length))
      this.#ownPage(page).set(bytes.subarray(at, at + to - from), from);
  }

  /** The bytes of a range. */
  bytes(offset: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    for (const { page, from, to, at } of pieces(offset, length)) this.page(page).copy(bytes, at, from, to);
    return bytes;
  }

  /** Offset of the first byte from `from` on that is not as in another one. */
  firstDifference(other: Fabric, from: number): number | undefined {
    for (const page of [...this.#pages.keys()].sort((a, b) => a - b)) {
      if (page * PAGE < from) continue;
      const at = this.page(page).findIndex((byte, i) => byte !== other.page(page)[i]);
      if (at >= 0) return page * PAGE + at;
    }
    return undefined;
  }

  copy(): Fabric {
    const fabric = new Fabric();
    fabric.become(this);
    return fabric;
  }

  /** Takes the contents of another one: what happens where hosts work that no schedule shows. */
  become(other: Fabric): void {
    this.#pages = new Map(other.#pages);
    this.#own = new Set();
    other.#own = new Set();
  }

  #ownPage(number: number): Buffer {
    const known = this.#pages.get(number);
    if (known !== undefined && this.#own.has(number)) return known;
    const page = Buffer.from(known ?? ZEROS);
    this.#pages.set(number, page);
    this.#own.add(number);
    return page;
  }
}

interface CachedPage {
  /** shared with nobody if `own` */
  data: Buffer;
  own: boolean;
  /** a byte a line: whether it is cached */
  readonly present: Uint8Array;
  /** a byte a line: words that were stored and are not in the fabric yet, a bit each */
  readonly dirty: Uint8Array;
  count: number;
}

/** What a host does to memory, for a schedule that comes between two operations, and for faults that are put in. */
export type MemoryOperation = 'read' | 'write' | 'writeBack' | 'invalidate' | 'fence';

/** How a cache behaves where it has a choice: chances from 0 to 1. */
export interface Habits {
  /** at each read and store: a line is evicted */
  readonly evict: number;
  /** at each line that is written back or invalidated: it happens before the fence, perhaps in part */
  readonly early: number;
  /** at each line that is read: the next one is fetched too */
  readonly prefetch: number;
}

/** One host's view of one device. */
export class HostCache {
  #pages = new Map<number, CachedPage>();
  /** words of lines that are being written back, by the thread that asked for it: a fence is for its own thread only */
  #leaving = new Map<number, Map<number, number>>();
  /** lines that are being dropped, likewise: by page, a byte a line */
  #dropping = new Map<number, Map<number, Uint8Array>>();
  /** the thread that works: 0 is that of JavaScript, bulk work has one of its own */
  thread = 0;

  constructor(
    readonly fabric: Fabric,
    private readonly random: Random,
    private readonly habits: Habits,
  ) {}

  read(offset: number, target: Uint8Array): void {
    for (const { page, from, to, at } of pieces(offset, target.length))
      target.set(this.#load(page, from, to).data.subarray(from, to), at);
    this.#age();
  }

  write(offset: number, bytes: Uint8Array): void {
    for (const { page, from, to, at } of pieces(offset, bytes.length)) {
      for (let line = Math.floor(from / LINE); line * LINE < to; line++) this.#beforeStore(page * LINES + line);
      const cached = this.#load(page, from, to);
      if (!cached.own) {
        cached.data = Buffer.from(cached.data);
        cached.own = true;
      }
      cached.data.set(bytes.subarray(at, at + to - from), from);
      for (let word = Math.floor(from / WORD); word * WORD < to; word++) {
        const line = Math.floor((word * WORD) / LINE);
        cached.dirty[line] = (cached.dirty[line] as number) | (1 << (word % (LINE / WORD)));
      }
    }
    this.#age();
  }

  writeBack(offset: number, length: number): void {
    for (const { page, cached, line } of this.#cachedLines(offset, length)) {
      const words = cached.dirty[line] as number;
      if (words === 0) continue;
      const leaving = this.#leaving.get(this.thread) ?? new Map<number, number>();
      leaving.delete(page * LINES + line); // so that they are in the order in which they were asked for
      this.#leaving.set(this.thread, leaving.set(page * LINES + line, words));
      if (this.#happens(this.habits.early)) this.#leave(page, line, this.#someWords());
    }
  }

  invalidate(offset: number, length: number): void {
    const dropping = this.#dropping.get(this.thread) ?? new Map<number, Uint8Array>();
    this.#dropping.set(this.thread, dropping);
    for (const { page, from, to } of pieces(offset, length)) {
      if (!this.#pages.has(page)) continue;
      const lines = dropping.get(page) ?? new Uint8Array(LINES);
      dropping.set(page, lines);
      const [first, end] = [Math.floor(from / LINE), Math.ceil(to / LINE)];
      lines.fill(1, first, end);
      for (let line = first; this.habits.early > 0 && line < end; line++)
        if (this.#happens(this.habits.early)) this.#drop(page, line);
    }
  }

  /** Makes the write-backs and invalidations of this thread before it certain. */
  fence(): void {
    for (const [line, words] of this.#leaving.get(this.thread) ?? []) this.#leave(...placeOf(line), words);
    for (const [page, lines] of this.#dropping.get(this.thread) ?? []) this.#dropLines(page, lines);
    this.#leaving.delete(this.thread);
    this.#dropping.delete(this.thread);
  }

  /** Writes back all that is dirty, and forgets everything. */
  flush(): void {
    for (const [page, { present }] of [...this.#pages])
      for (let line = 0; line < LINES; line++) if (present[line]) this.#drop(page, line);
    this.#forget();
  }

  /**
   * Forgets everything; of what is dirty, some words may have left before.
   * @param kept chance of each dirty word
   * @param latest so many lines have left that were written back last, and not fenced
   */
  lose(kept: number, latest: number): void {
    const lines = [...this.#leaving.values()].flatMap((leaving) => [...leaving.keys()]);
    for (const line of lines.slice(lines.length - Math.min(latest, lines.length)))
      this.#leave(...placeOf(line), ALL_WORDS);
    for (const [page, cached] of this.#pages)
      for (let line = 0; line < LINES; line++)
        if (cached.dirty[line] !== 0) {
          let words = 0;
          for (let word = 0; word < LINE / WORD; word++) if (this.#happens(kept)) words |= 1 << word;
          this.#leave(page, line, words);
        }
    this.#forget();
  }

  /** Whether the range holds zeros that nobody, this host included, has touched. */
  isUntouched(offset: number, length: number): boolean {
    for (let page = Math.floor(offset / PAGE); page * PAGE < offset + length; page++)
      if (this.#pages.has(page)) return false;
    return this.fabric.isHole(offset, length);
  }

  #forget(): void {
    this.#pages = new Map();
    this.#leaving = new Map();
    this.#dropping = new Map();
  }

  /** A write-back that was asked for before a store may be of the line as it was before. */
  #beforeStore(number: number): void {
    for (const leaving of this.#leaving.values()) {
      const words = leaving.get(number);
      if (words === undefined || !this.#happens(0.5)) continue;
      this.#leave(...placeOf(number), words);
      leaving.delete(number);
    }
  }

  /** The page, with all lines of [from, to) in it. */
  #load(number: number, from: number, to: number): CachedPage {
    let cached = this.#pages.get(number);
    const memory = this.fabric.page(number);
    if (cached === undefined) {
      const whole = from === 0 && to === PAGE;
      const present = new Uint8Array(LINES).fill(whole ? 1 : 0);
      const data = whole && memory === ZEROS ? ZEROS : Buffer.from(memory);
      cached = { data, own: data !== ZEROS, present, dirty: new Uint8Array(LINES), count: whole ? LINES : 0 };
      this.#pages.set(number, cached);
    }
    if (cached.count === LINES) return cached;
    for (let line = Math.floor(from / LINE); line * LINE < to; line++) {
      this.#fetch(cached, memory, line);
      if (line + 1 < LINES && this.#happens(this.habits.prefetch)) this.#fetch(cached, memory, line + 1);
    }
    return cached;
  }

  #fetch(cached: CachedPage, memory: Buffer, line: number): void {
    if (cached.present[line]) return;
    cached.present[line] = 1;
    cached.count++;
    if (memory.compare(cached.data, line * LINE, (line + 1) * LINE, line * LINE, (line + 1) * LINE) === 0) return;
    if (!cached.own) cached.data = Buffer.from(cached.data);
    cached.own = true;
    memory.copy(cached.data, line * LINE, line * LINE, (line + 1) * LINE);
  }

  /** Evicts a line, as a cache does without being asked. */
  #age(): void {
    if (this.habits.evict === 0 || this.#pages.size === 0 || !this.#happens(this.habits.evict)) return;
    const pages = [...this.#pages.keys()];
    const page = pages[Math.floor(this.random() * pages.length)] as number;
    this.#drop(page, Math.floor(this.random() * LINES));
  }

  *#cachedLines(offset: number, length: number): Generator<{ page: number; cached: CachedPage; line: number }> {
    for (const { page, from, to } of pieces(offset, length)) {
      const cached = this.#pages.get(page);
      if (cached === undefined) continue;
      for (let line = Math.floor(from / LINE); line * LINE < to; line++)
        if (cached.present[line]) yield { page, cached, line };
    }
  }

  #leave(page: number, line: number, words: number): void {
    const cached = this.#pages.get(page);
    const leaving = (cached?.dirty[line] ?? 0) & words;
    if (cached === undefined || leaving === 0) return;
    this.fabric.store(page, line, cached.data, leaving);
    cached.dirty[line] = (cached.dirty[line] as number) & ~leaving;
  }

  #dropLines(page: number, lines: Uint8Array): void {
    const cached = this.#pages.get(page);
    if (cached === undefined) return;
    if (lines.every((one) => one === 1) && cached.dirty.every((words) => words === 0)) this.#pages.delete(page);
    else for (let line = 0; line < LINES; line++) if (lines[line]) this.#drop(page, line);
  }

  #drop(page: number, line: number): void {
    const cached = this.#pages.get(page);
    if (!cached?.present[line]) return;
    this.#leave(page, line, ALL_WORDS);
    cached.present[line] = 0;
    if (--cached.count === 0) this.#pages.delete(page);
  }

  #happens(chance: number): boolean {
    return chance > 0 && this.random() < chance;
  }

  #someWords(): number {
    return Math.floor(this.random() * (ALL_WORDS + 1));
  }
}

/** Page and line of a line's number. */
function placeOf(line: number): [page: number, line: number] {
  return [Math.floor(line / LINES), line % LINES];
}

/** The parts of a range by pages: bytes [from, to) of the page, which are those at `at` of the range. */
function* pieces(offset: number, length: number): Generator<{ page: number; from: number; to: number; at: number }> {
  for (let at = 0; at < length; ) {
    const from = (offset + at) % PAGE;
    const to = Math.min(PAGE, from + length - at);
    yield { page: Math.floor((offset + at) / PAGE), from, to, at };
    at += to - from;
  }
}

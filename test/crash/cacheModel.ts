/**
 * What is certain to be in memory, and what is pending; CrashMonkey asks the same of disks. A store stays in the processor's
 * cache until its line is written back and a fence of the same thread has passed. Before that the line may reach memory by itself
 * at any moment, in whole words and in the order of the stores. So a crash may leave any contents that a line had since the last
 * fence.
 */
import { createHash } from 'node:crypto';
import type { Operation } from './recording.js';

export const LINE = 64;
const WORD = 8;
/** a larger write is tracked by lines, not by words: only its beginning and end matter */
const BULK = 4096;

/** The contents of a line at one moment. */
export interface Version {
  readonly bytes: Buffer;
  /** number of the store that made it, and of the part within that store */
  readonly store: number;
  readonly part: number;
  readonly hash: bigint;
}

/** A line that may have one of several contents after a crash. */
export interface PendingLine {
  readonly image: string;
  readonly offset: number;
  /** what is certain to be in memory */
  readonly stable: Version;
  /** later contents, oldest first */
  readonly versions: readonly Version[];
}

interface Line extends PendingLine {
  stable: Version;
  versions: Version[];
  /** how many of the versions `thread` has written back without a fence so far */
  writtenBack: number;
  thread: number;
}

type Store = Extract<Operation, { kind: 'store' }>;
type WriteBack = Extract<Operation, { kind: 'writeBack' }>;

/** Follows a recording. */
export class CacheModel {
  readonly #pending = new Map<string, Line>();
  #stores = 0;
  #parts = 0;

  /** @param read gives the certain contents of an image */
  constructor(private readonly read: (image: string, offset: number, length: number) => Buffer) {}

  store({ image, offset, bytes }: Store): void {
    this.#stores++;
    const first = offset - (offset % LINE);
    const before = this.read(image, first, Math.ceil((offset + bytes.length - first) / LINE) * LINE);
    for (const [at, part] of parts(offset, bytes)) {
      const start = at - (at % LINE);
      const line = this.#line(image, start, before.subarray(start - first, start - first + LINE));
      const content = Buffer.from(line.versions.at(-1)?.bytes ?? line.stable.bytes);
      content.set(part, at - start);
      line.versions.push(versionOf(image, start, content, this.#stores, ++this.#parts));
    }
  }

  writeBack({ image, offset, length, thread }: WriteBack): void {
    for (let at = offset - (offset % LINE); at < offset + length; at += LINE) {
      const line = this.#pending.get(keyOf(image, at));
      if (line !== undefined) Object.assign(line, { writtenBack: line.versions.length, thread });
    }
  }

  /** Returns the lines whose last version is now certain. */
  fence(thread: number): PendingLine[] {
    const completed: PendingLine[] = [];
    for (const [key, line] of this.#pending) {
      if (line.writtenBack === 0 || line.thread !== thread) continue;
      const versions = line.versions.slice(0, line.writtenBack);
      completed.push({ ...line, versions });
      const left = line.versions.slice(line.writtenBack);
      Object.assign(line, { stable: versions.at(-1), versions: left, writtenBack: 0 });
      if (line.versions.length === 0) this.#pending.delete(key);
    }
    return completed;
  }

  /** The lines that may differ from their certain contents after a crash, in the order of their first stores. */
  pending(): PendingLine[] {
    return [...this.#pending.values()].filter(({ stable, versions }) =>
      versions.some(({ hash }) => hash !== stable.hash),
    );
  }

  #line(image: string, offset: number, bytes: Buffer): Line {
    const key = keyOf(image, offset);
    const known = this.#pending.get(key);
    if (known !== undefined) return known;
    const stable = versionOf(image, offset, bytes, 0, 0);
    const line: Line = { image, offset, stable, versions: [], writtenBack: 0, thread: 0 };
    this.#pending.set(key, line);
    return line;
  }
}

const keyOf = (image: string, offset: number) => `${image} ${offset}`;

function versionOf(image: string, offset: number, bytes: Buffer, store: number, part: number): Version {
  const hash = createHash('sha1').update(keyOf(image, offset)).update(bytes).digest().readBigUInt64LE();
  return { bytes, store, part, hash };
}

/** Splits a write into the stores of the processor; 8 or 16 aligned bytes are one store. */
function* parts(offset: number, bytes: Uint8Array): Generator<[number, Uint8Array]> {
  const single = bytes.length === 16 && offset % 16 === 0;
  const step = single ? 16 : bytes.length > BULK ? LINE : WORD;
  for (let at = 0; at < bytes.length; ) {
    const length = Math.min(step - ((offset + at) % step), bytes.length - at);
    yield [offset + at, bytes.subarray(at, at + length)];
    at += length;
  }
}

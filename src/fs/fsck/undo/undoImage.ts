/**
 * Undo images: what a repair is about to overwrite, kept in a file (docs/fsck.md, "Undo images"). A line of JSON a write,
 * then the bytes before and after it. A record that was cut short was never applied.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { FamfsError } from '../../errors.js';
import type { Host } from '../../host/host.js';
import { makeFolders } from '../../host/makeFolders.js';
import { systemUuidFile } from '../../host/systemUuid.js';
import { readShared, type Step } from '../../media/sharedMemory.js';

const FIRST_LINE = 'famfs undo image 1\n';
/** bytes; no repair writes more at once */
const MOST_BYTES = 2 ** 26;

/** One write of a repair. */
export interface UndoRecord {
  /** absolute path of the daxdev or image at the time of the repair */
  readonly device: string;
  /** bytes from its start */
  readonly offset: number;
  readonly before: Buffer;
  readonly after: Buffer;
}

/** Writes an undo image; every record is on stable storage when `record` returns. */
export class UndoWriter {
  readonly path: string;
  readonly #fd: number;

  /**
   * Makes the file, which must not exist; a relative name starts at the host's cwd. Without a name it is a new one in a
   * folder beside the system uuid. Throws UNDO_FILE.
   */
  constructor(host: Host, name: string | undefined) {
    const path = name === undefined ? newUndoFile(host) : resolve(host.cwd, name);
    this.path = path;
    try {
      const folders = name === undefined ? makeFolders(dirname(path), 0o700) : undefined;
      this.#fd = openSync(path, 'wx', 0o600);
      writeSync(this.#fd, FIRST_LINE);
      synchronizeNames(path, folders);
    } catch (cause) {
      throw new FamfsError('UNDO_FILE', `cannot make the undo image ${path}: ${(cause as Error).message}`, {
        hint: 'name another file with --undo, or do without one with --no-undo',
        cause,
      });
    }
  }

  /** Keeps what `steps` will overwrite. Throws UNDO_FILE when it cannot be written; nothing was changed then. */
  record(steps: readonly Step[]): void {
    try {
      for (const write of steps.flat()) {
        const after = 'bytes' in write ? Buffer.from(write.bytes) : Buffer.alloc(write.zeros);
        const before = readShared(write.device, write.offset, after.length);
        const { path: device } = write.device;
        const line = JSON.stringify({ device, offset: write.offset, length: after.length, why: write.why });
        writeSync(this.#fd, Buffer.concat([Buffer.from(`${line}\n`), before, after]));
      }
      fsyncSync(this.#fd);
    } catch (cause) {
      throw new FamfsError('UNDO_FILE', `cannot write the undo image ${this.path}: ${(cause as Error).message}`, {
        cause,
      });
    }
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** Brings the name of a new file to stable storage, and those of the folders that were made for it, from `first` on. */
function synchronizeNames(path: string, first = path): void {
  let folder = path;
  do {
    folder = dirname(folder);
    const fd = openSync(folder, 'r');
    fsyncSync(fd);
    closeSync(fd);
  } while (folder.length > dirname(first).length);
}

function newUndoFile(host: Host): string {
  const time = new Date().toISOString().replace(/[^0-9TZ]/g, '');
  return join(dirname(systemUuidFile(host)), 'undo', `${time}-${process.pid}-${randomBytes(3).toString('hex')}.undo`);
}

/** The complete records of an undo image, in the order of the writes. Throws UNDO_FILE. */
export function readUndo(path: string): UndoRecord[] {
  let data: Buffer;
  try {
    data = readFileSync(path);
  } catch (cause) {
    throw new FamfsError('UNDO_FILE', `cannot read ${path}: ${(cause as Error).message}`, { cause });
  }
  if (!data.subarray(0, FIRST_LINE.length).equals(Buffer.from(FIRST_LINE)))
    throw new FamfsError('UNDO_FILE', `${path} is no undo image of fsck`);
  const records: UndoRecord[] = [];
  for (let at = FIRST_LINE.length; at < data.length; ) {
    const record = readRecord(path, data, at);
    if (record === undefined) break;
    records.push(record);
    at = record.end;
  }
  return records;
}

function readRecord(path: string, data: Buffer, at: number): (UndoRecord & { end: number }) | undefined {
  const lineEnd = data.indexOf(0x0a, at);
  if (lineEnd < 0) return undefined;
  const { device, offset, length } = parseLine(path, data.toString('utf8', at, lineEnd));
  const middle = lineEnd + 1 + length;
  const end = middle + length;
  if (end > data.length) return undefined;
  return { device, offset, before: data.subarray(lineEnd + 1, middle), after: data.subarray(middle, end), end };
}

function parseLine(path: string, line: string): { device: string; offset: number; length: number } {
  try {
    const { device, offset, length } = JSON.parse(line);
    const sound = typeof device === 'string' && Number.isSafeInteger(offset) && Number.isSafeInteger(length);
    if (sound && offset >= 0 && length > 0 && length <= MOST_BYTES) return { device, offset, length };
  } catch {
    // told below
  }
  throw new FamfsError('UNDO_FILE', `${path} is damaged: no record of an undo image`);
}

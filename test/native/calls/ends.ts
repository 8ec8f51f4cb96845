/** The files, pipes and devices at the other end of a job: what they supply, accept or refuse. */
import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { MappedDevice } from '../../../src/native/device.js';
import { must } from './finding.js';
import { ModelFile, type Store } from './modelFile.js';
import type { Session } from './session.js';

/** Bytes that fit in a pipe without a reader. */
export const PIPE_MOST = 60_000;

/** The source of a job. */
export interface Source {
  readonly name: string;
  readonly fd: number;
  /** its length in bytes */
  readonly length: number;
  /** `length` bytes starting at `offset`, zeros beyond its end */
  read(offset: number, length: number): Buffer;
  /** what it is for an operation that reads memory; its descriptor is -1 then */
  readonly device?: MappedDevice;
  /** the fault of each read, if none succeeds */
  readonly code?: string;
  /** Checks the state afterwards, and closes. */
  end(): void;
}

/** The target of a job. */
export interface Sink {
  readonly name: string;
  readonly fd: number;
  readonly code?: string;
  /** a file that can be written at any offset */
  readonly file?: ModelFile;
  /** everything that a stream received */
  taken?(): Buffer;
  end(): void;
}

/** A file that can be read at any offset: of any length, with holes; sometimes not a regular file. */
export function anySource(session: Session, likely: number): Source {
  const { random } = session;
  if (random.chance(0.06)) return zeros();
  if (random.chance(0.08)) return broken(session, 'r');
  return sourceOf(session, makeSource(session, likely));
}

/** A file of these bytes, except for one or two of them. */
export function mirror(session: Session, stores: readonly Store[]): Source {
  const file = new ModelFile(session.newPath(), 0);
  for (const { offset, bytes } of stores) if (bytes.length > 0) file.fill(offset, bytes);
  alter(session, file, 0, file.length);
  return sourceOf(session, file);
}

/** The memory of a device of any length. */
export function anyMemory(session: Session, likely: number): Source {
  const file = makeSource(session, likely);
  // an empty file cannot be mapped
  if (file.length === 0) file.truncate(1);
  return memoryOf(file);
}

/** The same with these bytes, except for one or two of them. */
export function mirrorMemory(session: Session, stores: readonly Store[]): Source {
  const file = new ModelFile(session.newPath(), 1);
  for (const { offset, bytes } of stores) if (bytes.length > 0) file.fill(offset, bytes);
  alter(session, file, 0, file.length);
  return memoryOf(file);
}

function memoryOf(file: ModelFile): Source {
  const device = MappedDevice.open(file.path, { writable: false });
  return {
    name: `memory of ${file.length}`,
    fd: -1,
    device,
    length: file.length,
    read: (offset, length) => file.read(offset, length),
    end() {
      device.close();
      file.close();
    },
  };
}

/** Sometimes changes a byte or two in a range of a file. */
export function alter({ random }: Session, file: ModelFile, offset: number, length: number): void {
  if (length === 0) return;
  for (let left = random.pick([0, 0, 1, 2]); left > 0; left--)
    file.fill(offset + random.below(length), Buffer.of(random.below(256)));
}

function sourceOf({ random }: Session, file: ModelFile): Source {
  const fd = openSync(file.path, 'r');
  const position = random.below(30);
  readSync(fd, Buffer.alloc(position), 0, position, null);
  const before = positionOf(fd);
  return {
    name: `file of ${file.length}`,
    fd,
    length: file.length,
    read: (offset, length) => file.read(offset, length),
    end() {
      const moved = positionOf(fd);
      must(moved === before, () => `the caller's position in the file is moved from ${before} to ${moved}`);
      closeSync(fd);
      file.close();
    },
  };
}

/** A stream that ends, or supplies zeros without end. */
export function anyStream(session: Session, likely: number): Source {
  const { random } = session;
  if (random.chance(0.1)) return zeros();
  if (random.chance(0.08)) return broken(session, 'r', ['EISDIR', 'EBADF']);
  return random.chance(0.5) ? streamedFile(session, likely) : fullPipe(session, likely);
}

/** The target of copyOut: a file, or something that refuses it. */
export function anySink(session: Session): Sink {
  const { random } = session;
  if (random.chance(0.06)) return device('/dev/full', 'ENOSPC');
  if (random.chance(0.05)) return device('/dev/null');
  if (random.chance(0.06)) return broken(session, 'w', ['EBADF', 'ESPIPE']);
  const file = makeSource(session, 5000);
  return { name: `file of ${file.length}`, fd: file.fd, file, end: () => file.close() };
}

/** The target of a stream; a pipe only if `length` bytes fit into it. */
export function anyStreamSink(session: Session, length: number): Sink {
  const { random } = session;
  if (random.chance(0.08)) return device('/dev/full', 'ENOSPC');
  if (random.chance(0.05)) return device('/dev/null');
  if (random.chance(0.06)) return broken(session, 'w', ['EBADF']);
  if (length <= PIPE_MOST && random.chance(0.5)) return emptyPipe(session, random.chance(0.15));
  const file = new ModelFile(session.newPath(), 0);
  return { name: 'file', fd: file.fd, taken: () => readAll(file.fd, length), end: () => file.close() };
}

function positionOf(fd: number): number {
  return Number(/^pos:\s*(\d+)/.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))?.[1]);
}

function makeSource(session: Session, likely: number): ModelFile {
  const { random } = session;
  const length = random.pick([likely, likely, likely + random.below(100), random.below(likely + 1), 0]);
  const file = new ModelFile(session.newPath(), length);
  if (random.chance(0.1) || length === 0) return file;
  const data = random.chance(0.6) ? length : random.within(1, length);
  const from = random.below(length - data + 1);
  file.fill(from, random.bytes(data));
  return file;
}

function streamedFile(session: Session, likely: number): Source {
  const file = makeSource(session, likely);
  const fd = openSync(file.path, 'r');
  const skipped = Math.min(file.length, session.random.below(100));
  readSync(fd, Buffer.alloc(skipped), 0, skipped, null);
  return {
    name: `stream of ${file.length - skipped}`,
    fd,
    length: file.length - skipped,
    read: (offset, length) => file.read(skipped + offset, length),
    end() {
      closeSync(fd);
      file.close();
    },
  };
}

function fullPipe(session: Session, likely: number): Source {
  const { random } = session;
  const all = random.bytes(Math.min(PIPE_MOST, random.pick([likely, likely + 1, random.below(likely + 1), 0])));
  const { reader, writer, end } = openPipe(session);
  for (let done = 0; done < all.length; ) done += writeSync(writer, all, done);
  closeSync(writer);
  return {
    name: `pipe of ${all.length}`,
    fd: reader,
    length: all.length,
    read: (offset, length) => Buffer.concat([all.subarray(offset, offset + length)], length),
    end: () => end(reader),
  };
}

function emptyPipe(session: Session, unread: boolean): Sink {
  const { reader, writer, end } = openPipe(session);
  if (unread) closeSync(reader);
  return {
    name: unread ? 'pipe that nobody reads' : 'pipe',
    fd: writer,
    ...(unread && { code: 'EPIPE' }),
    taken: () => readAll(reader, PIPE_MOST, null),
    end: () => (unread ? end(writer) : end(writer, reader)),
  };
}

interface Pipe {
  readonly reader: number;
  readonly writer: number;
  /** Closes what is still open, so that another job can use it. */
  readonly end: (...open: number[]) => void;
}

/** Pipes that no job uses; they are empty, because nobody has them open. */
const pipes: string[] = [];

/** Both ends of an empty pipe; opening them does not wait. */
function openPipe(session: Session): Pipe {
  const path = pipes.pop() ?? makePipe(join(session.folder, '..', `pipe${pipesMade++}`));
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, constants.O_WRONLY | (session.random.chance(0.5) ? constants.O_NONBLOCK : 0));
  const end = (...open: number[]) => {
    for (const fd of open) closeSync(fd);
    pipes.push(path);
  };
  return { reader, writer, end };
}

let pipesMade = 0;

function makePipe(path: string): string {
  execFileSync('mkfifo', [path], { env: { PATH: process.env.PATH } });
  return path;
}

function zeros(): Source {
  const fd = openSync('/dev/zero', 'r');
  const length = Number.POSITIVE_INFINITY;
  return { name: '/dev/zero', fd, length, read: (_offset, count) => Buffer.alloc(count), end: () => closeSync(fd) };
}

function device(path: string, code?: string): Sink {
  const fd = openSync(path, 'w');
  return { name: path, fd, ...(code !== undefined && { code }), end: () => closeSync(fd) };
}

/** Descriptors that are open in the wrong direction, or of the wrong kind. */
function broken(session: Session, flags: 'r' | 'w', codes = ['EISDIR', 'EBADF', 'ESPIPE']): Source & Sink {
  const code = session.random.pick(codes);
  const { fd, end } = openBroken(session, flags, code);
  return { name: `broken ${code}`, fd, code, length: 0, read: (_offset, count) => Buffer.alloc(count), end };
}

function openBroken(session: Session, flags: 'r' | 'w', code: string): { fd: number; end: () => void } {
  if (code === 'ESPIPE') {
    const { reader, writer, end } = openPipe(session);
    return { fd: flags === 'r' ? reader : writer, end: () => end(reader, writer) };
  }
  const fd = code === 'EISDIR' ? openSync(session.folder, 'r') : openSync('/dev/null', flags === 'r' ? 'w' : 'r');
  return { fd, end: () => closeSync(fd) };
}

function readAll(fd: number, most: number, position: number | null = 0): Buffer {
  const bytes = Buffer.alloc(most);
  let done = 0;
  while (done < most) {
    let got = 0;
    try {
      got = readSync(fd, bytes, done, most - done, position === null ? null : position + done);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
    if (got === 0) break;
    done += got;
  }
  return bytes.subarray(0, done);
}

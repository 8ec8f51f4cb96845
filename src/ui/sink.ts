import { write } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Where a result is written. A promise that resolves means that the text has left this process. */
export interface Sink {
  write(data: string | Uint8Array): Promise<void>;
  /** whether anyone can still read the output */
  hasReader?(): boolean;
}

/** What is asked of a descriptor that results are written to. */
export interface Outlet {
  /** whether anyone can still read what is written */
  hasReader(fd: number): boolean;
  /** writes what needs no reader; the number of bytes, 0 after an error too */
  writeAtOnce(fd: number, bytes: Uint8Array): number;
}

/** Nothing is known. */
const UNKNOWN: Outlet = { hasReader: () => true, writeAtOnce: () => 0 };

/** A short result, in bytes: as much as an empty pipe takes. */
const SHORT = 65_536;

/** How long to wait if a descriptor is non-blocking and full, in milliseconds. */
const RETRY = 2;

/**
 * Writes to a descriptor without `process.stdout`, which costs 4 ms of start-up and, on a file, takes a short write
 * for a whole one. Writing on a thread keeps signals working while a reader is slow, but the threads take a millisecond to
 * start, which a short result that needs no reader does not wait for.
 */
export function fdSink(fd: number, outlet = UNKNOWN): Sink {
  return {
    async write(data) {
      let rest: Uint8Array = typeof data === 'string' ? Buffer.from(data) : data;
      if (rest.length <= SHORT) rest = rest.subarray(outlet.writeAtOnce(fd, rest));
      while (rest.length > 0) rest = rest.subarray(await writeSome(fd, rest));
    },
    hasReader: () => outlet.hasReader(fd),
  };
}

function writeSome(fd: number, bytes: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, (error, written) => {
      if (!error) resolve(written);
      else if (error.code === 'EAGAIN') resolve(sleep(RETRY, 0));
      else reject(error);
    });
  });
}

/** Writes to a stream, one chunk at a time. */
export function streamSink(stream: NodeJS.WritableStream): Sink {
  // an error reaches us by the callback; without a listener it would end the process as well
  stream.on('error', () => {});
  return {
    write: (data) =>
      new Promise((resolve, reject) => {
        stream.write(data, (error) => (error ? reject(error) : resolve()));
      }),
  };
}

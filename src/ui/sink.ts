import { write } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Where a result is written. A promise that resolves means that the text has left this process. */
export interface Sink {
  write(data: string | Uint8Array): Promise<void>;
  /** whether anyone can still read the output */
  hasReader?(): boolean;
}

/** How long to wait if a descriptor is non-blocking and full, in milliseconds. */
const RETRY = 2;

/**
 * Writes to a descriptor without `process.stdout`, which costs 4 ms of start-up and, on a file, takes a short write
 * for a whole one. Writing on a thread keeps signals working while a reader is slow. `hasReader` is asked while nothing is
 * written.
 */
export function fdSink(fd: number, hasReader: (fd: number) => boolean = () => true): Sink {
  return {
    async write(data) {
      let rest: Uint8Array = typeof data === 'string' ? Buffer.from(data) : data;
      while (rest.length > 0) rest = rest.subarray(await writeSome(fd, rest));
    },
    hasReader: () => hasReader(fd),
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

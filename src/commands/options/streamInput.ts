/** Reads a file, pipe or terminal by a stream. It never blocks the process: a signal ends it. */
import { closeSync, constants, createReadStream, fstatSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { hostPathBytes } from '../../fs/host/hostPath.js';
import type { Context } from '../../ui/command.js';

/** The bytes of `source`, as readInput gives them. */
export async function* readByStream(context: Context, source: string): AsyncGenerator<Buffer> {
  const { signal } = context;
  signal.throwIfAborted();
  const stream = source === '-' ? context.stdin : openInput(hostPathBytes(context, source));
  const aborted = abortOf(signal);
  const chunks = stream[Symbol.asyncIterator]();
  try {
    for (;;) {
      const chunk = chunks.next();
      chunk.catch(() => {}); // if the signal wins
      const { done, value } = await Promise.race([chunk, aborted.promise]);
      if (done) break;
      yield Buffer.from(value as Uint8Array);
    }
    // the end of the input may be seen before the signal that caused it
    await nextTurn();
    await nextTurn();
    signal.throwIfAborted();
  } finally {
    aborted.forget();
    (stream as Readable).destroy();
  }
}

/** A promise that rejects with the signal's reason. */
function abortOf(signal: AbortSignal): { promise: Promise<never>; forget(): void } {
  let abort = () => {};
  const promise = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
  });
  promise.catch(() => {});
  signal.addEventListener('abort', abort);
  return { promise, forget: () => signal.removeEventListener('abort', abort) };
}

function openInput(path: Buffer): Readable {
  // NONBLOCK: opening a FIFO would wait for its writer
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  const stats = fstatSync(fd);
  if (stats.isFIFO()) return new Socket({ fd, readable: true, writable: false });
  if (stats.isFile()) return createReadStream('', { fd });
  closeSync(fd);
  if (stats.isDirectory()) throw new Error('it is a directory');
  // a terminal is read on another thread, which may wait
  return createReadStream(path);
}

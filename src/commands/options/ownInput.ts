/** The standard input of this process where it is a file, a pipe or a socket: read without a stream, which takes milliseconds to make. */
import { fstatSync, read } from 'node:fs';
import type { Context } from '../../ui/command.js';

const CHUNK = 1024 ** 2;
/** all that a pipe holds unless somebody changed it */
const PIPE_CHUNK = 65_536;

/**
 * The bytes of standard input if that is what `source` names with '-', and they can be read like this: undefined otherwise. Throws
 * the signal's reason when a signal comes, even when the writer of a pipe died of the same signal and the input only seems to have
 * ended; and what read(2) throws.
 */
export function readOwnInput(context: Context, source: string): AsyncGenerator<Buffer> | undefined {
  const { ownStdin } = context;
  if (source !== '-' || ownStdin === undefined) return undefined;
  const stats = fstatSync(ownStdin);
  // programs give their children sockets, too
  if (stats.isFIFO() || stats.isSocket()) return chunksOf(context, ownStdin, PIPE_CHUNK);
  return stats.isFile() ? chunksOf(context, ownStdin, CHUNK) : undefined;
}

async function* chunksOf(context: Context, fd: number, size: number): AsyncGenerator<Buffer> {
  const { signal } = context;
  signal.throwIfAborted();
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
  });
  aborted.catch(() => {});
  signal.addEventListener('abort', abort);
  try {
    for (;;) {
      const chunk = await Promise.race([readSome(fd, size), aborted]);
      if (chunk.length === 0) break;
      yield chunk;
    }
    // the end of the input may be seen before the signal that caused it
    await nextTurn();
    await nextTurn();
    signal.throwIfAborted();
  } catch (error) {
    // another process has set it to not wait: a stream can wait all the same
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    yield* (await import('./streamInput.js')).readByStream(context, '-');
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** The next bytes, on another thread, which may wait; none at the end. */
function readSome(fd: number, size: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const buffer = Buffer.allocUnsafeSlow(size);
    read(fd, buffer, 0, size, null, (error, count) => {
      if (error === null) resolve(buffer.subarray(0, count));
      else reject(error);
    });
  });
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Reads whole files of a host without blocking or filling memory. */
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';

/**
 * The bytes of a regular file. Throws what open(2) and read(2) throw, and an Error for any other kind of file, which might block,
 * and for a file of more than `limit` bytes.
 */
export function readSmallFile(path: string, limit: number): Buffer {
  return withRegularFile(path, (fd) => {
    const bytes = readUpTo(fd, limit + 1);
    if (bytes.length > limit) throw new Error(`it has more than ${limit} bytes`);
    return bytes;
  });
}

/** The same for a file that may be large, and whose size the file system knows. */
export function readRegularFile(path: string, limit: number): Buffer {
  return withRegularFile(path, (fd, { size }) => {
    if (size > limit) throw new Error(`it has ${size} bytes, more than ${limit}`);
    return readUpTo(fd, size);
  });
}

function withRegularFile<T>(path: string, use: (fd: number, stats: Stats) => T): T {
  // NONBLOCK: opening a FIFO would wait for its other end
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) throw new Error(`it is a ${kindOf(stats)}, not a regular file`);
    return use(fd, stats);
  } finally {
    closeSync(fd);
  }
}

function readUpTo(fd: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let end = 0;
  for (let count = -1; count !== 0 && end < length; end += count) count = readSync(fd, bytes, end, length - end, null);
  return bytes.subarray(0, end);
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'directory';
  if (stats.isFIFO()) return 'FIFO';
  return stats.isSocket() ? 'socket' : 'device';
}

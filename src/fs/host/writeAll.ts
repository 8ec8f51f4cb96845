/** Writing bytes of which write(2) may take fewer at once. */
import { writeSync } from 'node:fs';

/** Writes all bytes at a position of a file, and returns the position after them. Throws what pwrite(2) does. */
export function writeAll(fd: number, bytes: Uint8Array, position: number): number {
  let done = 0;
  while (done < bytes.length) done += writeSync(fd, bytes, done, bytes.length - done, position + done);
  return position + done;
}

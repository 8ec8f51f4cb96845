/**
 * Files whose size says nothing, as in procfs (0 bytes) and sysfs (a page, whatever there is): what they hold is made when
 * they are read, so they are read once, to their end, and copied from what was read.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, constants, openSync, readSync, type Stats, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FamfsError } from '../errors.js';
import { type LocalPath, localText, orLocalError } from './localFile.js';

/** bytes: a page of any processor, which is what sysfs calls a size */
const LARGEST_PAGE = 65_536;
/** bytes of one such file; far more than those of procfs that anyone copies */
const MOST_BYTES = 16 * 2 ** 20;
/** bytes of all of them that one command copies */
const MOST_IN_ALL = 256 * 2 ** 20;
const CHUNK = 65_536;

/** Whether the size of a regular file is certainly true, so that it need not be read to find out. */
export function saysItsSize({ size, blocks }: Pick<Stats, 'size' | 'blocks'>): boolean {
  return size > 0 && (blocks > 0 || size > LARGEST_PAGE);
}

export class PseudoFiles {
  #bytes = 0;

  /**
   * What a regular file holds if its size is not true, else undefined: it is empty, or is copied as any other. Throws
   * CANNOT_READ.
   */
  read(file: Pick<Stats, 'size' | 'blocks'> & { readonly local: LocalPath }): Buffer | undefined {
    if (saysItsSize(file)) return undefined;
    const { local } = file;
    const bytes = orLocalError('read', local, () => readToEnd(local));
    if (bytes.length === file.size) return undefined;
    if (bytes.length > MOST_BYTES)
      throw tooMuch(local, `it has more than ${MOST_BYTES} bytes, and does not report its size`);
    this.#bytes += bytes.length;
    if (this.#bytes > MOST_IN_ALL)
      throw tooMuch(local, `it and other files that do not report their size have more than ${MOST_IN_ALL} bytes`);
    return bytes;
  }
}

/** A file without a name that holds these bytes, open for reading. The caller closes it. Throws CANNOT_WRITE. */
export function fileOf(bytes: Buffer): number {
  const path = Buffer.from(join(tmpdir(), `famfs-${randomBytes(6).toString('hex')}`));
  return orLocalError('write', path, () => {
    const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
    try {
      unlinkSync(path);
      writeFileSync(fd, bytes);
      return fd;
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  });
}

/** All bytes, or one more than MOST_BYTES. */
function readToEnd(local: LocalPath): Buffer {
  // NONBLOCK: some of procfs and tracefs wait for what is still to happen
  const fd = openSync(local, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    const chunks: Buffer[] = [];
    for (let length = 0; length <= MOST_BYTES; ) {
      const chunk = Buffer.alloc(Math.min(CHUNK, MOST_BYTES + 1 - length));
      const count = readSync(fd, chunk, 0, chunk.length, null);
      if (count === 0) break;
      chunks.push(chunk.subarray(0, count));
      length += count;
    }
    return Buffer.concat(chunks);
  } finally {
    closeSync(fd);
  }
}

function tooMuch(local: LocalPath, why: string): FamfsError {
  const path = localText(local);
  return new FamfsError('CANNOT_READ', `${path}: cannot copy it: ${why}`, {
    hint: `copy it as a stream: famfs cp -s SIZE - DST < ${path}`,
    details: { path, reason: 'EFBIG' },
  });
}

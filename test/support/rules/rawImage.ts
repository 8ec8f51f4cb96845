/** Bytes of an image, without any code of the toolkit. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';

export interface RawImage {
  readonly name: string;
  /** bytes */
  readonly size: number;
  /** A copy of a range; what is beyond the end counts as zeros. */
  read(offset: number, length: number): Buffer;
}

export function rawFile(path: string): RawImage {
  return {
    name: path.slice(path.lastIndexOf('/') + 1),
    size: statSync(path).size,
    read(offset, length) {
      const bytes = Buffer.alloc(length);
      const fd = openSync(path, 'r');
      readSync(fd, bytes, 0, length, offset);
      closeSync(fd);
      return bytes;
    },
  };
}

/** An image of `size` bytes that begins with these. */
export function rawBytes(name: string, bytes: Buffer, size: number): RawImage {
  return {
    name,
    size,
    read(offset, length) {
      const copy = Buffer.alloc(length);
      bytes.copy(copy, 0, offset, offset + length);
      return copy;
    },
  };
}

export function uuidAt(bytes: Buffer, offset: number): string {
  return bytes.toString('hex', offset, offset + 16);
}

/** Whether at most 1 KiB of bytes are all 0. */
export function isZero(bytes: Buffer): boolean {
  return bytes.equals(ZEROS.subarray(0, bytes.length));
}

const ZEROS = Buffer.alloc(1024);

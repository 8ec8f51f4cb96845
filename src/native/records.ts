import { addon } from './addon.js';

/** CRC-32 of zlib and gzip (polynomial 0x04c11db7, reflected), 0..2^32-1. */
export function crc32(bytes: Uint8Array): number {
  return addon().crc32(bytes);
}

/** `count` records in `bytes`: `length` bytes from `start + i * stride` each; they may overlap. */
export interface Records {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly stride: number;
  readonly length: number;
  readonly count: number;
}

/**
 * The CRC-32 of each record.
 * @throws RangeError when a record leaves the bytes
 */
export function crc32Records(records: Records): Uint32Array {
  return ofEach(records, 'crc32Records');
}

/**
 * The length of each record up to its last byte that is not 0.
 * @throws RangeError when a record leaves the bytes
 */
export function usedLengths(records: Records): Uint32Array {
  return ofEach(records, 'usedLengths');
}

function ofEach(records: Records, operation: 'crc32Records' | 'usedLengths'): Uint32Array {
  const { bytes, start, stride, length, count } = records;
  const whole = [start, stride, length, count].every((value) => Number.isSafeInteger(value) && value >= 0);
  if (!whole || (count > 0 && start + (count - 1) * stride + length > bytes.length)) {
    const what = `${count} records of ${length} bytes, ${stride} apart from ${start}`;
    throw new RangeError(`no ${what} in ${bytes.length} bytes`);
  }
  const results = new Uint32Array(count);
  addon()[operation](bytes, start, stride, length, results);
  return results;
}

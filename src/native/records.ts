import { addon } from './addon.js';

/** CRC-32 of zlib and gzip (polynomial 0x04c11db7, reflected), 0..2^32-1. */
export function crc32(bytes: Uint8Array): number {
  return addon().crc32(bytes);
}

/**
 * The CRC-32 of each of `count` records: `length` bytes from `start + i * stride`.
 * @throws RangeError when a record leaves `bytes`
 */
export function crc32Records(
  bytes: Uint8Array,
  start: number,
  stride: number,
  length: number,
  count: number,
): Uint32Array {
  const results = resultsFor(bytes, start, stride, length, count);
  addon().crc32Records(bytes, start, stride, length, results);
  return results;
}

/**
 * How many bytes each of `count` records has up to the last that is not 0: records as those of crc32Records.
 * @throws RangeError when a record leaves `bytes`
 */
export function usedLengths(
  bytes: Uint8Array,
  start: number,
  stride: number,
  length: number,
  count: number,
): Uint32Array {
  const results = resultsFor(bytes, start, stride, length, count);
  addon().usedLengths(bytes, start, stride, length, results);
  return results;
}

function resultsFor(bytes: Uint8Array, start: number, stride: number, length: number, count: number): Uint32Array {
  const whole = [start, stride, length, count].every((value) => Number.isSafeInteger(value) && value >= 0);
  if (!whole || (count > 0 && start + (count - 1) * stride + length > bytes.length)) {
    const records = `${count} records of ${length} bytes, ${stride} apart from ${start}`;
    throw new RangeError(`no ${records} in ${bytes.length} bytes`);
  }
  return new Uint32Array(count);
}

/**
 * The default interleave of a pool: 56 bytes in the superblock region of the primary, after the superblock, where the reference
 * never reads (docs/pools.md, "Default interleave"). A pool without a default has no such record.
 */
import { encodeWithCrc, type RecordOf, struct, u32, u64, uuid } from './struct.js';

/** bytes from the start of the primary */
export const POOL_DEFAULTS_OFFSET = 0x100000;
export const POOL_DEFAULTS_MAGIC = 0x706f6f6cfa;
export const POOL_DEFAULTS_VERSION = 1;

export const poolDefaultsStruct = struct('pool_defaults', 56, {
  magic: u64('0x706f6f6cfa'),
  version: u64('1'),
  fsUuid: uuid('the file system that it belongs to; one with another uuid is a leftover'),
  stripes: u32('1..16 strips; 0 for none'),
  padding: u32('0'),
  chunkSize: u64('bytes; a power of two and a multiple of the allocation unit'),
  crc: u64('CRC-32 of bytes 0..47'),
});

export type PoolDefaultsRecord = RecordOf<typeof poolDefaultsStruct>;

/** bytes that the record's crc covers, from its start */
export const POOL_DEFAULTS_CRC_SPAN = poolDefaultsStruct.offsets.crc;

/** The record's bytes; the crc is computed by `crc32` over its span. `chunkSize` in bytes. Throws FieldRangeError. */
export function encodePoolDefaults(
  values: Pick<PoolDefaultsRecord, 'fsUuid' | 'stripes' | 'chunkSize'>,
  crc32: (data: Uint8Array) => number,
): Buffer {
  const known = { magic: POOL_DEFAULTS_MAGIC, version: POOL_DEFAULTS_VERSION };
  return encodeWithCrc(poolDefaultsStruct, { ...known, ...values }, crc32);
}

/**
 * The label of a file system: 104 bytes in the superblock region of the primary, where the reference never reads (docs/pools.md,
 * "Label and uuid"). A file system without a label has no such record.
 */
import { isUtf8Path, pathBytes } from './path.js';
import { bytes, encodeWithCrc, type RecordOf, struct, u64, uuid } from './struct.js';

/** bytes from the start of the primary */
export const POOL_LABEL_OFFSET = 0x102000;
export const POOL_LABEL_MAGIC = 0x6c6162656c;
export const POOL_LABEL_VERSION = 1;
/** bytes of the longest label; a NUL follows */
export const MAX_LABEL_BYTES = 63;

export const poolLabelStruct = struct('pool_label', 104, {
  magic: u64('0x6c6162656c'),
  version: u64('1'),
  fsUuid: uuid('the file system that it belongs to; one with another uuid is a leftover'),
  label: bytes(64, 'UTF-8, NUL-padded, 1 to 63 bytes without control characters, / and :'),
  crc: u64('CRC-32 of bytes 0..95'),
});

export type PoolLabelRecord = RecordOf<typeof poolLabelStruct>;

/** bytes that the record's crc covers, from its start */
export const POOL_LABEL_CRC_SPAN = poolLabelStruct.offsets.crc;

/** The record's bytes; the label must be one that labelFault allows. The crc is computed by `crc32` over its span. */
export function encodePoolLabel(
  { fsUuid, label }: { readonly fsUuid: string; readonly label: string },
  crc32: (data: Uint8Array) => number,
): Buffer {
  const field = Buffer.alloc(MAX_LABEL_BYTES + 1);
  field.write(label, 0, MAX_LABEL_BYTES, 'utf8');
  const known = { magic: POOL_LABEL_MAGIC, version: POOL_LABEL_VERSION };
  return encodeWithCrc(poolLabelStruct, { ...known, fsUuid, label: field }, crc32);
}

/** Why a text cannot be a label, as the end of a sentence; undefined for one that can. A path or a list of daxdevs could not name others. */
export function labelFault(label: string): string | undefined {
  if (label === '') return 'is empty';
  if (!isUtf8Path(label)) return 'is not UTF-8';
  const { length } = pathBytes(label);
  if (length > MAX_LABEL_BYTES) return `has ${length} bytes, and ${MAX_LABEL_BYTES} fit`;
  return /[\p{Cc}/:]/u.test(label) ? "has a control character, '/' or ':'" : undefined;
}

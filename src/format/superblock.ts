/** The superblock: the first 200 bytes of every daxdev of a famfs (docs/format.md, "Superblock"). */
import { bytes, encodeWithCrc, type RecordOf, struct, u32, u64, uuid } from './struct.js';

/** bytes; the superblock's region at the start of a daxdev, and the offset of the log on the primary */
export const SUPERBLOCK_REGION = 0x200000;
/** bytes; what a processor maps with one PMD entry: extents aligned to it need no smaller pages */
export const HUGE_PAGE = 0x200000;
/** bytes; the smallest allocation unit: the smallest page of a processor */
export const SMALL_PAGE = 4096;
/** possible allocation units of a file system, bytes */
export const ALLOCATION_UNITS: readonly number[] = [SMALL_PAGE, HUGE_PAGE];
/** bytes; the allocation unit unless another is given */
export const DEFAULT_ALLOCATION_UNIT = HUGE_PAGE;
/** bytes; the reference tools make no file system on a smaller device */
export const REFERENCE_MINIMUM = 4 * 1024 ** 3;
export const SUPERBLOCK_MAGIC = 0x87b282ff;
export const SUPERBLOCK_VERSION = 48;
export const FORMAT_MAJOR = 2;
export const FORMAT_MINOR = 2;
/** first minor format that has ADD_DAXDEV entries */
export const FORMAT_MINOR_POOLS = 2;
/** daxdevs of a pool, the primary included */
export const MAX_DAXDEVS = 64;
export const FLAG_PRIMARY = 1;
export const FLAG_SECONDARY = 2;

export const superblockStruct = struct('superblock', 200, {
  magic: u64('0x87b282ff; 0 after a kill'),
  version: u64('48'),
  logOffset: u64('0x200000; 0 on a secondary'),
  logLength: u64('bytes, a power of two from 8 MiB; 0 on a secondary'),
  allocationUnit: u64('bytes; 0x200000 or 4096'),
  formatMajor: u32('on-media-format major: 2'),
  formatMinor: u32('on-media-format minor: 2'),
  fsUuid: uuid('file system; the same on every daxdev of a pool'),
  deviceUuid: uuid('this daxdev'),
  systemUuid: uuid('host that made the file system: the Master'),
  crc: u64('CRC-32 of bytes 0..95'),
  flags: u32('bit 0 primary, bit 1 secondary; the reference writes 0'),
  padding: u32('0'),
  deviceSize: u64('bytes'),
  deviceUuidCopy: uuid('0, or the device uuid again'),
  deviceName: bytes(64, 'path when it was made, NUL-padded; a hint'),
});

export type Superblock = RecordOf<typeof superblockStruct>;

/** bytes that the superblock's crc covers, from its start */
export const SUPERBLOCK_CRC_SPAN = superblockStruct.offsets.crc;

/** The superblock's 200 bytes; the crc is computed by `crc32` over its span. Throws FieldRangeError. */
export function encodeSuperblock(values: Omit<Superblock, 'crc'>, crc32: (data: Uint8Array) => number): Buffer {
  return encodeWithCrc(superblockStruct, values, crc32);
}

/** An allocation unit in words: `2 MiB`, `4 KiB`. */
export function unitText(unit: number): string {
  return unit === SMALL_PAGE ? '4 KiB' : unit === HUGE_PAGE ? '2 MiB' : `${unit} bytes`;
}

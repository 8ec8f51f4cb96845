/** The log's header: 48 bytes at the log offset of the primary (docs/format.md, "Log header"). */
import { LOG_ENTRY_SIZE } from './logEntry.js';
import { encodeWithCrc, type RecordOf, struct, u64 } from './struct.js';

export const LOG_MAGIC = 0xbadcafef00d;
/** bytes */
export const MIN_LOG_LENGTH = 8 * 1024 * 1024;

export const logHeaderStruct = struct('log_header', 48, {
  magic: u64('0xbadcafef00d'),
  length: u64('bytes of the whole log region, header included'),
  lastIndex: u64('last usable slot, inclusive: floor((length - 48) / 544) - 1'),
  crc: u64('CRC-32 of bytes 0..23'),
  nextSequence: u64('sequence number of the next entry'),
  nextIndex: u64('slot of the next entry; equals the next sequence number in a sound log'),
});

export type LogHeader = RecordOf<typeof logHeaderStruct>;

/** bytes that the header's crc covers, from its start */
export const LOG_HEADER_CRC_SPAN = logHeaderStruct.offsets.crc;

/** The last usable slot of a log of `length` bytes; -1 if no entry fits. */
export function lastIndexOf(length: number): number {
  return Math.max(Math.floor((length - logHeaderStruct.size) / LOG_ENTRY_SIZE), 0) - 1;
}

/** Byte offset of slot `index` from the log's start. */
export function slotOffset(index: number): number {
  return logHeaderStruct.size + index * LOG_ENTRY_SIZE;
}

/** The header of an empty log of `length` bytes. */
export function encodeLogHeader(length: number, next: number, crc32: (data: Uint8Array) => number): Buffer {
  const lastIndex = lastIndexOf(length);
  const header = { magic: LOG_MAGIC, length, lastIndex, nextSequence: next, nextIndex: next };
  return encodeWithCrc(logHeaderStruct, header, crc32);
}

/**
 * The identity of the log's history: 56 bytes in the superblock region of the primary, which the reference never reads. A log
 * that was never rewritten has no such record. Each rewrite leaves a new uuid, so that concurrent readers notice
 * (docs/rewrite.md).
 */
import { encodeWithCrc, type RecordOf, struct, u64, uuid } from './struct.js';

/** bytes from the start of the primary */
export const LOG_HISTORY_OFFSET = 0x101000;
export const LOG_HISTORY_MAGIC = 0x686973746f72;
export const LOG_HISTORY_VERSION = 1;

export const logHistoryStruct = struct('log_history', 56, {
  magic: u64('0x686973746f72'),
  version: u64('1'),
  fsUuid: uuid('the file system that it belongs to; one with another uuid is a leftover'),
  historyUuid: uuid('of the history that the log tells: random, new with each rewrite'),
  crc: u64('CRC-32 of bytes 0..47'),
});

export type LogHistoryRecord = RecordOf<typeof logHistoryStruct>;

/** bytes that the record's crc covers, from its start */
export const LOG_HISTORY_CRC_SPAN = logHistoryStruct.offsets.crc;

/** The record's bytes. */
export function encodeLogHistory(
  values: Pick<LogHistoryRecord, 'fsUuid' | 'historyUuid'>,
  crc32: (data: Uint8Array) => number,
): Buffer {
  return encodeWithCrc(logHistoryStruct, { magic: LOG_HISTORY_MAGIC, version: LOG_HISTORY_VERSION, ...values }, crc32);
}

/**
 * The journal of a rewrite of the log: the whole new log, in free space of the primary or in a file of the Master. It exists
 * from before the old log is touched until the new log is in place (docs/rewrite.md).
 */
import { LOG_ENTRY_SIZE } from './logEntry.js';
import { encodeWithCrc, type RecordOf, struct, u64, uuid } from './struct.js';

/** the magic of the log header while the log is being rewritten; readers do not accept it */
export const REWRITE_MAGIC = 0x726577726974;
/** the length in that header if the journal is in a file of the Master */
export const JOURNAL_IN_FILE = 1;
export const JOURNAL_MAGIC = 0x6a6f75726e6c;
export const JOURNAL_VERSION = 1;
/** bytes from the journal's start to its first entry; the rest of its first page is 0 */
export const JOURNAL_ENTRIES_OFFSET = 4096;

export const rewriteJournalStruct = struct('rewrite_journal', 88, {
  magic: u64('0x6a6f75726e6c'),
  version: u64('1'),
  fsUuid: uuid('the file system whose log is rewritten'),
  historyUuid: uuid('of the history that begins with the new log'),
  logLength: u64('bytes of the whole log region'),
  entries: u64('entries of the new log, which follow, starting at byte 4096, back to back'),
  clearTo: u64('slots of the log from `entries` up to this one (exclusive) are cleared'),
  checksum: u64('CRC-32 of the crc fields of the entries, in order'),
  crc: u64('CRC-32 of bytes 0..79'),
});

export type RewriteJournal = RecordOf<typeof rewriteJournalStruct>;

/** bytes that the crc covers, from the journal's start */
export const JOURNAL_CRC_SPAN = rewriteJournalStruct.offsets.crc;

/** Bytes of a journal with `count` entries. */
export function journalSize(entries: number): number {
  return JOURNAL_ENTRIES_OFFSET + entries * LOG_ENTRY_SIZE;
}

/** The 88 bytes before the entries. Throws FieldRangeError. */
export function encodeRewriteJournal(
  values: Omit<RewriteJournal, 'magic' | 'version' | 'crc'>,
  crc32: (data: Uint8Array) => number,
): Buffer {
  return encodeWithCrc(rewriteJournalStruct, { magic: JOURNAL_MAGIC, version: JOURNAL_VERSION, ...values }, crc32);
}

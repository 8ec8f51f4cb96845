/**
 * The journal of a rewrite of the log: the whole new log, in free space of the primary or in a file of the Master. It exists
 * from before the old log is touched until the new log is in place (docs/rewrite.md).
 */
import { LOG_ENTRY_SIZE } from './logEntry.js';
import { encodeWithCrc, type RecordOf, struct, u64, uuid, viewOf } from './struct.js';

/** the magic of the log header while the log is being rewritten; readers do not accept it */
export const REWRITE_MAGIC = 0x726577726974;
/** the length in that header if the journal is in a file of the Master */
export const JOURNAL_IN_FILE = 1;
export const JOURNAL_MAGIC = 0x6a6f75726e6c;
export const JOURNAL_VERSION = 1;
/** bytes of its beginning; what record and table leave of it is 0 */
export const JOURNAL_HEAD = 4096;
/** bytes from the journal's start to the table of its extents */
export const JOURNAL_TABLE_OFFSET = 128;

export const rewriteJournalStruct = struct('rewrite_journal', 104, {
  magic: u64('0x6a6f75726e6c'),
  version: u64('1'),
  fsUuid: uuid('the file system whose log is rewritten'),
  historyUuid: uuid('of the history that begins with the new log'),
  logLength: u64('bytes of the whole log region'),
  entries: u64('entries of the new log'),
  clearTo: u64('slots of the log from `entries` up to this one (exclusive) are cleared'),
  checksum: u64('CRC-32 of the crc fields of the entries, in order'),
  extents: u64('extents that hold the entries, at most 248; the table of them begins at byte 128'),
  tableChecksum: u64('CRC-32 of the table'),
  crc: u64('CRC-32 of bytes 0..95'),
});

/** Entries of the new log, back to back; those of the next extent follow. */
export const journalExtentStruct = struct('journal_extent', 16, {
  offset: u64('bytes from the start of the primary, or of the file'),
  entries: u64('1 or more'),
});

export type JournalExtent = RecordOf<typeof journalExtentStruct>;

/** more do not fit after the record */
export const MOST_JOURNAL_EXTENTS = (JOURNAL_HEAD - JOURNAL_TABLE_OFFSET) / journalExtentStruct.size;

export type RewriteJournal = RecordOf<typeof rewriteJournalStruct>;

/** bytes that the crc covers, from the journal's start */
export const JOURNAL_CRC_SPAN = rewriteJournalStruct.offsets.crc;

/** Bytes of a journal with `count` entries in one extent. */
export function journalSize(entries: number): number {
  return JOURNAL_HEAD + entries * LOG_ENTRY_SIZE;
}

/** Record and table of extents. Throws FieldRangeError. */
export function encodeRewriteJournal(
  values: Omit<RewriteJournal, 'magic' | 'version' | 'crc' | 'extents' | 'tableChecksum'>,
  extents: readonly JournalExtent[],
  crc32: (data: Uint8Array) => number,
): Buffer {
  const table = Buffer.alloc(extents.length * journalExtentStruct.size);
  for (const [i, extent] of extents.entries())
    journalExtentStruct.write(viewOf(table), i * journalExtentStruct.size, extent);
  const known = {
    magic: JOURNAL_MAGIC,
    version: JOURNAL_VERSION,
    extents: extents.length,
    tableChecksum: crc32(table),
  };
  const record = encodeWithCrc(rewriteJournalStruct, { ...known, ...values }, crc32);
  return Buffer.concat([record, Buffer.alloc(JOURNAL_TABLE_OFFSET - record.length), table]);
}

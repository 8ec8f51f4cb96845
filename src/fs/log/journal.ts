/** The journal of a rewrite in memory: the complete new log, which can be read and replayed like any other. */

import { LOG_ENTRY_SIZE, logEntryStruct } from '../../format/logEntry.js';
import { slotOffset } from '../../format/logHeader.js';
import {
  JOURNAL_CRC_SPAN,
  JOURNAL_HEAD,
  JOURNAL_MAGIC,
  JOURNAL_TABLE_OFFSET,
  JOURNAL_VERSION,
  type JournalExtent,
  journalExtentStruct,
  MOST_JOURNAL_EXTENTS,
  type RewriteJournal,
  rewriteJournalStruct,
} from '../../format/rewriteJournal.js';
import { viewOf } from '../../format/struct.js';
import { crc32, type MappedDevice } from '../../native/device.js';
import { readShared } from '../media/sharedMemory.js';
import type { Hole } from './extentLedger.js';
import { isFramed, Log } from './log.js';
import type { Replay } from './replay.js';

/** entries that are read at a time */
const ENTRIES_AT_ONCE = 16_384;
const { crc: CRC } = logEntryStruct.offsets;
const CRC_SIZE = logEntryStruct.fields.crc.size;

/** A journal that was found complete. */
export interface Journal {
  /** the primary, or a file of this host */
  readonly device: MappedDevice;
  /** bytes from its start */
  readonly offset: number;
  readonly record: RewriteJournal;
  /** its extents, in the order of their slots */
  readonly parts: readonly JournalPart[];
}

/** The slots [from, to) of the new log. */
export interface JournalPart extends SlotRun {
  /** a log of which only these slots can be read */
  readonly log: Log;
}

/** Slots [from, to). */
export interface SlotRun {
  readonly from: number;
  readonly to: number;
}

/** The journal for `log` at `offset` bytes of a device, or why there is none, as the end of a sentence. */
export function readJournal(log: Log, device: MappedDevice, offset: number, fsUuid: string): Journal | string {
  if (offset + JOURNAL_HEAD > device.size) return 'lies beyond the end of the device';
  const image = readShared(device, offset, rewriteJournalStruct.size);
  const record = rewriteJournalStruct.read(viewOf(image), 0);
  const { magic, version, crc, entries, clearTo } = record;
  if (magic !== JOURNAL_MAGIC || crc !== crc32(image.subarray(0, JOURNAL_CRC_SPAN))) return 'has a damaged beginning';
  if (version !== JOURNAL_VERSION) return `has version ${version}, which this tool does not know`;
  if (record.fsUuid !== fsUuid) return `belongs to the file system ${record.fsUuid}`;
  const possible = record.logLength === log.length && entries <= clearTo && clearTo <= log.capacity;
  const parts = possible ? partsOf(log, device, offset, readExtents(device, offset, record), entries) : undefined;
  if (parts === undefined) return 'does not fit the log';
  const journal = { device, offset, record, parts };
  return isWhole(journal) ? journal : 'has damaged entries';
}

/** The extents of the journal at `offset` of a device as its table has them; none if there is no such table. */
export function readExtents(
  device: MappedDevice,
  offset: number,
  { extents: count, tableChecksum }: Pick<RewriteJournal, 'extents' | 'tableChecksum'>,
): JournalExtent[] {
  if (count > MOST_JOURNAL_EXTENTS) return [];
  const table = readShared(device, offset + JOURNAL_TABLE_OFFSET, count * journalExtentStruct.size);
  if (crc32(table) !== tableChecksum) return [];
  return Array.from({ length: count }, (_, i) => journalExtentStruct.read(viewOf(table), i * journalExtentStruct.size));
}

/**
 * The extents of the journal at `offset` of a device as parts of a log like `log`; undefined if they cannot hold `entries` entries, or
 * overlap.
 */
export function partsOf(
  log: Log,
  device: MappedDevice,
  offset: number,
  extents: readonly JournalExtent[],
  entries: number,
): JournalPart[] | undefined {
  const parts: JournalPart[] = [];
  let from = 0;
  for (const extent of extents) {
    const to = from + extent.entries;
    // where slot 0 would be if all slots before these were in front of them
    const start = extent.offset - from * LOG_ENTRY_SIZE;
    if (to === from || to > entries || start < 0) return undefined;
    parts.push({ from, to, log: new Log(device, start - slotOffset(0), log.length, log.unit, log.deviceOffset) });
    from = to;
  }
  if (from !== entries) return undefined;
  const claims = extents.map(({ offset: start, entries: count }) => ({ start, end: start + count * LOG_ENTRY_SIZE }));
  return areFree(log, device, [{ start: offset, end: offset + JOURNAL_HEAD }, ...claims]) ? parts : undefined;
}

/** Whether ranges lie one after the other on a device, beyond the log if it has one. */
function areFree(
  { device: primary, deviceOffset, length }: Log,
  device: MappedDevice,
  ranges: readonly Hole[],
): boolean {
  let last = device === primary ? deviceOffset + length : 0;
  for (const { start, end } of ranges.toSorted((a, b) => a.start - b.start)) {
    if (start < last) return false;
    last = end;
  }
  return last <= device.size;
}

/** The bytes of the entries of slots [from, to), as stored in the journal or log. */
export function entryBytes(log: Log, from: number, to: number): Buffer {
  return readShared(log.device, log.offsetOf(from), (to - from) * LOG_ENTRY_SIZE);
}

/** The runs in which slots are processed, so that a long log is never completely in memory. */
export function* slotRuns({ from: first, to: end }: SlotRun): Generator<SlotRun> {
  for (let from = first; from < end; from += ENTRIES_AT_ONCE) yield { from, to: Math.min(from + ENTRIES_AT_ONCE, end) };
}

/** The bytes of all entries of a journal, a run of slots at a time, in order. */
export function* journalRuns({ parts }: Journal): Generator<SlotRun & { readonly bytes: () => Buffer }> {
  for (const part of parts)
    for (const { from, to } of slotRuns(part)) yield { from, to, bytes: () => entryBytes(part.log, from, to) };
}

/** Replays the log that a journal will become. */
export function replayJournal(replay: Replay, { parts }: Journal): void {
  for (const { log, to } of parts) replay.applyLog(log, to);
}

/** The CRC fields of consecutive entries: the journal's checksum covers these. */
export function crcFields(entries: Buffer): Buffer {
  const fields = Buffer.alloc((entries.length / LOG_ENTRY_SIZE) * CRC_SIZE);
  for (let at = 0, to = 0; at < entries.length; at += LOG_ENTRY_SIZE, to += CRC_SIZE)
    entries.copy(fields, to, at + CRC, at + CRC + CRC_SIZE);
  return fields;
}

function isWhole(journal: Journal): boolean {
  const { entries, checksum } = journal.record;
  let framed = 0;
  for (const { log, from, to } of journal.parts)
    log.scan(from, to, (_, decoded) => {
      if (isFramed(decoded)) framed++;
    });
  if (framed !== entries) return false;
  const fields = Array.from(journalRuns(journal), ({ bytes }) => crcFields(bytes()));
  return crc32(Buffer.concat(fields)) === checksum;
}

/** The journal of a rewrite in memory: the complete new log, which can be read and replayed like any other. */

import { LOG_ENTRY_SIZE, logEntryStruct } from '../../format/logEntry.js';
import { slotOffset } from '../../format/logHeader.js';
import {
  JOURNAL_CRC_SPAN,
  JOURNAL_ENTRIES_OFFSET,
  JOURNAL_MAGIC,
  JOURNAL_VERSION,
  journalSize,
  type RewriteJournal,
  rewriteJournalStruct,
} from '../../format/rewriteJournal.js';
import { viewOf } from '../../format/struct.js';
import { crc32, type MappedDevice } from '../../native/device.js';
import { readShared } from '../media/sharedMemory.js';
import { isFramed, Log } from './log.js';

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
  /** its entries, as the log that they will become */
  readonly log: Log;
}

/** The entries of a journal at `offset` of a device as a log like `log`: its slots can be read, its header cannot. */
function logInJournal(log: Log, device: MappedDevice, offset: number): Log {
  const start = offset + JOURNAL_ENTRIES_OFFSET - slotOffset(0);
  return new Log(device, start, log.length, log.unit, log.deviceOffset);
}

/** The journal for `log` at `offset` bytes of a device, or why there is none, as the end of a sentence. */
export function readJournal(log: Log, device: MappedDevice, offset: number, fsUuid: string): Journal | string {
  if (offset + JOURNAL_ENTRIES_OFFSET > device.size) return 'lies beyond the end of the device';
  const image = readShared(device, offset, rewriteJournalStruct.size);
  const record = rewriteJournalStruct.read(viewOf(image), 0);
  const { magic, version, crc, entries, clearTo } = record;
  if (magic !== JOURNAL_MAGIC || crc !== crc32(image.subarray(0, JOURNAL_CRC_SPAN))) return 'has a damaged beginning';
  if (version !== JOURNAL_VERSION) return `has version ${version}, which this tool does not know`;
  if (record.fsUuid !== fsUuid) return `belongs to the file system ${record.fsUuid}`;
  const possible = record.logLength === log.length && entries <= clearTo && clearTo <= log.capacity;
  if (!possible || offset + journalSize(entries) > device.size) return 'does not fit the log';
  const inside = logInJournal(log, device, offset);
  if (!isWhole(inside, record)) return 'has damaged entries';
  return { device, offset, record, log: inside };
}

/** The bytes of the entries of slots [from, to), as stored in the journal or log. */
export function entryBytes(log: Log, from: number, to: number): Buffer {
  return readShared(log.device, log.offsetOf(from), (to - from) * LOG_ENTRY_SIZE);
}

/** The runs of slots in which [0, count) is processed, so that a long log is never completely in memory. */
export function* slotRuns(count: number): Generator<{ from: number; to: number }> {
  for (let from = 0; from < count; from += ENTRIES_AT_ONCE) yield { from, to: Math.min(from + ENTRIES_AT_ONCE, count) };
}

/** The CRC fields of consecutive entries: the journal's checksum covers these. */
export function crcFields(entries: Buffer): Buffer {
  const fields = Buffer.alloc((entries.length / LOG_ENTRY_SIZE) * CRC_SIZE);
  for (let at = 0, to = 0; at < entries.length; at += LOG_ENTRY_SIZE, to += CRC_SIZE)
    entries.copy(fields, to, at + CRC, at + CRC + CRC_SIZE);
  return fields;
}

function isWhole(log: Log, { entries, checksum }: RewriteJournal): boolean {
  let framed = 0;
  log.scan(0, entries, (_, decoded) => {
    if (isFramed(decoded)) framed++;
  });
  if (framed !== entries) return false;
  const fields = [...slotRuns(entries)].map(({ from, to }) => crcFields(entryBytes(log, from, to)));
  return crc32(Buffer.concat(fields)) === checksum;
}

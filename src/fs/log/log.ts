/** The metadata log in memory: its header, its slots, and bulk reads. */

import { type DecodedEntry, EntryCursor, snapshotOf } from '../../format/entries/cursor.js';
import { decodeEntry, readEntry } from '../../format/entries/reader.js';
import type { FaultCode } from '../../format/fault.js';
import { LOG_ENTRY_CRC_SPAN, LOG_ENTRY_SIZE, logEntryStruct } from '../../format/logEntry.js';
import {
  LOG_HEADER_CRC_SPAN,
  LOG_MAGIC,
  type LogHeader,
  lastIndexOf,
  logHeaderStruct,
  slotOffset,
} from '../../format/logHeader.js';
import { readU64, viewOf } from '../../format/struct.js';
import { crc32, crc32Records, type MappedDevice, type Records, usedLengths } from '../../native/device.js';
import type { FindingTally } from '../finding/tally.js';
import { isBlank, isZero, readShared, readSharedInto } from '../media/sharedMemory.js';

/** the size of a processor's second-level cache: each batch is read several times */
const ENTRIES_PER_READ = 512;
/** slots; a longer run of bad slots ends the search for further entries */
const LONGEST_GAP = 65_536;
/** faults of a slot that holds no complete entry */
const UNFRAMED: ReadonlySet<FaultCode> = new Set(['ENTRY_BLANK', 'ENTRY_CRC', 'ENTRY_SEQUENCE']);
const { sequence: SEQUENCE, crc: CRC } = logEntryStruct.offsets;

export interface HeaderReading {
  /** fields as stored */
  readonly header: LogHeader;
  readonly crcFound: number;
}

/** Receives slots in order. `decoded` can be trusted only as far as its faults allow, and is invalid once the visitor returns. */
export type SlotVisitor = (slot: number, decoded: EntryCursor) => void;

export class Log {
  /** number of slots */
  readonly capacity: number;

  /**
   * @param offset bytes from the device's start
   * @param length bytes; offset + length must lie within the device
   * @param unit allocation unit of the file system, bytes
   * @param deviceOffset bytes from the start of the daxdev, of which `device` may be a part: a meta file of a mount
   */
  constructor(
    readonly device: MappedDevice,
    readonly offset: number,
    readonly length: number,
    readonly unit: number,
    readonly deviceOffset = offset,
  ) {
    this.capacity = lastIndexOf(length) + 1;
  }

  readHeader(): HeaderReading {
    const image = readShared(this.device, this.offset, logHeaderStruct.size);
    return { header: logHeaderStruct.read(viewOf(image), 0), crcFound: crc32(image.subarray(0, LOG_HEADER_CRC_SPAN)) };
  }

  /** Byte offset of a slot on the device. */
  offsetOf(slot: number): number {
    return this.offset + slotOffset(slot);
  }

  /** Decodes slots [from, to); `to` is limited to the log's capacity. A bad slot is invalidated and read once more. */
  scan(from: number, to: number, visit: SlotVisitor): void {
    const end = Math.min(to, this.capacity);
    // one buffer for all reads: fresh memory for each would cost more than the decoding
    const data = Buffer.allocUnsafeSlow(Math.max(Math.min(end - from, ENTRIES_PER_READ), 0) * LOG_ENTRY_SIZE);
    const snapshot = snapshotOf(data);
    const cursor = new EntryCursor();
    for (let first = from; first < end; first += ENTRIES_PER_READ) {
      const count = Math.min(ENTRIES_PER_READ, end - first);
      readSharedInto(this.device, this.offsetOf(first), data.subarray(0, count * LOG_ENTRY_SIZE));
      const records = entriesIn(data, count);
      const crcs = crc32Records(records);
      const used = usedLengths(records);
      for (let i = 0; i < count; i++) {
        const slot = first + i;
        readEntry(cursor, snapshot, i * LOG_ENTRY_SIZE, slot, crcs[i] as number, used[i] as number, this.unit);
        visit(slot, isFramed(cursor) ? cursor : this.readSlot(slot));
      }
    }
  }

  /** Invalidates and decodes one slot. `slot` must be below the capacity. */
  readSlot(slot: number): EntryCursor {
    const data = readShared(this.device, this.offsetOf(slot), LOG_ENTRY_SIZE);
    const crc = crc32(data.subarray(0, LOG_ENTRY_CRC_SPAN));
    return decodeEntry(snapshotOf(data), 0, slot, crc, this.unit);
  }

  /** Whether a slot holds a complete entry, with the right CRC and sequence number. */
  holdsEntry(slot: number): boolean {
    return slot < this.capacity && isFramed(this.readSlot(slot));
  }

  /** Number of complete entries from `slot` on without a gap, counted up to `limit`. */
  completeFrom(slot: number, limit: number): number {
    let count = 0;
    while (count < limit && this.holdsEntry(slot + count)) count++;
    return count;
  }

  /**
   * One more than the highest slot of [from, to) with a complete entry; `from` if there is none. Used for slots that the header
   * does not count, or if the header cannot be trusted. Checks only sequence number and CRC, so it is fast over empty slots, and
   * stops after LONGEST_GAP slots without a complete entry.
   */
  findEnd(from = 0, to = this.capacity): number {
    let end = from;
    const limit = Math.min(to, this.capacity);
    const data = Buffer.allocUnsafeSlow(Math.max(Math.min(limit - from, ENTRIES_PER_READ), 0) * LOG_ENTRY_SIZE);
    const view = viewOf(data);
    for (let first = from; first < limit && first - end < LONGEST_GAP; first += ENTRIES_PER_READ) {
      const count = Math.min(ENTRIES_PER_READ, limit - first);
      const part = data.subarray(0, count * LOG_ENTRY_SIZE);
      if (isBlank(this.device, this.offsetOf(first), part.length)) continue;
      readSharedInto(this.device, this.offsetOf(first), part);
      if (isZero(part)) continue;
      const crcs = crc32Records(entriesIn(data, count));
      for (let i = 0; i < count; i++) {
        const base = i * LOG_ENTRY_SIZE;
        const complete = readU64(view, base + CRC) === crcs[i] && readU64(view, base + SEQUENCE) === first + i;
        if (complete) end = first + i + 1;
      }
    }
    return end;
  }
}

/** The bytes that the CRCs of the first `count` entries of a snapshot cover. */
function entriesIn(bytes: Buffer, count: number): Records {
  return { bytes, start: 0, stride: LOG_ENTRY_SIZE, length: LOG_ENTRY_CRC_SPAN, count };
}

/** Whether CRC and sequence number are right; the fields may still be wrong. */
export function isFramed({ faults }: DecodedEntry): boolean {
  return faults.length === 0 || !faults.some(({ code }) => UNFRAMED.has(code));
}

/** Judges the header of a log. */
export function checkHeader(log: Log, reading: HeaderReading, findings: FindingTally): void {
  const { header, crcFound } = reading;
  const place = { daxdev: 0, deviceOffset: log.deviceOffset, length: logHeaderStruct.size };
  const { magic, length, lastIndex, crc, nextIndex, nextSequence } = header;
  const last = lastIndexOf(log.length);
  if (magic !== LOG_MAGIC) findings.add('LOG_MAGIC', place, { found: magic });
  if (crc !== crcFound) findings.add('LOG_CRC', place, { found: crc, computed: crcFound });
  if (length !== log.length) findings.add('LOG_LENGTH', place, { found: length, superblock: log.length });
  if (lastIndex !== last) findings.add('LOG_LAST_INDEX', place, { found: lastIndex, allowed: last });
  if (nextIndex > last + 1) findings.add('LOG_NEXT_RANGE', place, { found: nextIndex, most: last + 1 });
  if (nextSequence !== nextIndex) findings.add('LOG_NEXT_MISMATCH', place, { nextSequence, nextIndex });
}

/** Whether the next index, and the part of the header that its CRC covers, can be trusted. */
export function isHeaderSound(log: Log, reading: HeaderReading): boolean {
  const { header, crcFound } = reading;
  const fixed = header.magic === LOG_MAGIC && header.crc === crcFound && header.length === log.length;
  return fixed && header.lastIndex === log.capacity - 1 && header.nextIndex <= log.capacity;
}

/**
 * Slots that a reader replays: as many as the header says or, if it is damaged, at most up to the first bad slot after the last
 * complete entry. So a log that claims to be long costs no more than its contents.
 */
export function slotsInUse(log: Log, reading: HeaderReading): number {
  const { nextIndex } = reading.header;
  if (isHeaderSound(log, reading)) return nextIndex;
  const end = log.findEnd();
  return nextIndex > log.capacity ? end : Math.min(nextIndex, end + 1);
}

/**
 * Decodes log entries and reports the faults of each by itself. This is the inner loop of replay, so it reads fields at their
 * declared offsets into a cursor and allocates nothing for a sound entry.
 */

import type { FaultSink } from '../fault.js';
import { decimalAt, hexAt } from '../fieldText.js';
import { LOG_ENTRY_CRC_SPAN, logEntryStruct, PAYLOAD_OFFSET } from '../logEntry.js';
import { readU64 } from '../struct.js';
import { EntryCursor, type Snapshot } from './cursor.js';
import { knownTypes, typeOfCode } from './entryTypes.js';

const TYPE = logEntryStruct.offsets.type;
const PADDING = logEntryStruct.offsets.padding;
const CRC = logEntryStruct.offsets.crc;

/**
 * Decodes the entry at `base` of the snapshot, which must hold all its bytes.
 * @param slot its slot, which is the sequence number that it must have
 * @param crc CRC-32 of its first 536 bytes
 * @param unit allocation unit of the file system, bytes
 */
export function decodeEntry(snapshot: Snapshot, base: number, slot: number, crc: number, unit: number): EntryCursor {
  const cursor = new EntryCursor();
  let used = LOG_ENTRY_CRC_SPAN;
  while (used > 0 && snapshot.data[base + used - 1] === 0) used--;
  readEntry(cursor, snapshot, base, slot, crc, used, unit);
  return cursor;
}

/**
 * Same as decodeEntry, into a cursor that is reused; the caller computes the checksums in bulk.
 * @param used position after the last nonzero byte of its first 536 bytes
 */
export function readEntry(
  cursor: EntryCursor,
  snapshot: Snapshot,
  base: number,
  slot: number,
  crc: number,
  used: number,
  unit: number,
): void {
  const { view } = snapshot;
  cursor.reset();
  if (used === 0 && readU64(view, base + CRC) === 0) {
    cursor.report('ENTRY_BLANK', 'log_entry', 'all zeros', 'an entry');
    return;
  }
  checkFrame(view, base, slot, crc, cursor.report);
  const code = view.getUint32(base + TYPE, true);
  const type = typeOfCode(code);
  if (type === undefined) cursor.report('ENTRY_TYPE', 'log_entry.type', code, knownTypes());
  else type.read(cursor, snapshot, base + PAYLOAD_OFFSET, base + used, unit);
}

function checkFrame(view: DataView, base: number, slot: number, crc: number, sink: FaultSink): void {
  const stored = readU64(view, base + CRC);
  if (stored !== crc) sink('ENTRY_CRC', 'log_entry.crc', hexAt(view, base + CRC), `0x${crc.toString(16)}`);
  if (readU64(view, base) !== slot) sink('ENTRY_SEQUENCE', 'log_entry.sequence', decimalAt(view, base), slot);
  if (view.getUint32(base + PADDING, true) !== 0)
    sink('ENTRY_RESERVED', 'log_entry.padding', view.getUint32(base + PADDING, true), 0);
}

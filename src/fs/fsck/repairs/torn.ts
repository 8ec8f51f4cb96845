/** Whether a crash left a slot without a complete entry, or its entry was damaged later. */

import type { PayloadSpan } from '../../../format/entries/entryType.js';
import { ENTRY_TYPES, typeOfCode } from '../../../format/entries/entryTypes.js';
import { LOG_ENTRY_SIZE, logEntryStruct, PAYLOAD_OFFSET } from '../../../format/logEntry.js';
import type { Log } from '../../log/log.js';
import { readShared } from '../../media/sharedMemory.js';

const { sequence: SEQUENCE, type: TYPE, crc: CRC } = logEntryStruct.offsets;
/** bytes of a field of the frame */
const WORD = 8;

/**
 * Whether parts of the entry never reached the memory. mkfs zeroes the log, and a crash loses whole cache lines, so bytes that
 * are never zero in an entry of its type are zero. A flipped bit leaves no such trace.
 */
export function isTorn(log: Log, slot: number): boolean {
  const entry = readShared(log.device, log.offsetOf(slot), LOG_ENTRY_SIZE);
  const missing = (at: number, length: number) => entry.subarray(at, at + length).every((byte) => byte === 0);
  if (missing(CRC, WORD) || (slot > 0 && missing(SEQUENCE, WORD))) return true;
  const lacks = ([at, length]: PayloadSpan) => missing(PAYLOAD_OFFSET + at, length);
  const type = typeOfCode(entry.readUInt32LE(TYPE));
  if (type !== undefined) return type.neverZero.some(lacks);
  return Object.values(ENTRY_TYPES).every(({ neverZero }) => neverZero.some(lacks));
}

/** Whether nothing was ever written to a slot. */
export function isBlank(log: Log, slot: number): boolean {
  return readShared(log.device, log.offsetOf(slot), LOG_ENTRY_SIZE).every((byte) => byte === 0);
}

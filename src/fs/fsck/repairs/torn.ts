/** Whether a slot that holds no complete entry was left so by a crash, or was damaged later. */
import {
  ENTRY_FILE,
  fileStruct,
  LOG_ENTRY_SIZE,
  logEntryStruct,
  mkdirStruct,
  PAYLOAD_OFFSET,
} from '../../../format/entries/logEntry.js';
import type { Log } from '../../log/log.js';
import { readShared } from '../../media/sharedMemory.js';

const { sequence: SEQUENCE, type: TYPE, crc: CRC } = logEntryStruct.offsets;
const PATH_OF_FILE = PAYLOAD_OFFSET + fileStruct.offsets.path;
const PATH_OF_DIRECTORY = PAYLOAD_OFFSET + mkdirStruct.offsets.path;
const EXTENTS = PAYLOAD_OFFSET + fileStruct.offsets.extents;
/** bytes looked at of each field that is never all zeros */
const WORD = 8;

/**
 * Whether parts of the entry never reached the memory: mkfs zeroes the log, and a crash loses whole cache lines, so a
 * field of 8 bytes or more that no entry has zero is zero. A bit that flipped leaves no such trace.
 */
export function isTorn(log: Log, slot: number): boolean {
  const entry = readShared(log.device, log.offsetOf(slot), LOG_ENTRY_SIZE);
  const missing = (at: number) => entry.subarray(at, at + WORD).every((byte) => byte === 0);
  if (missing(CRC) || (slot > 0 && missing(SEQUENCE))) return true;
  const isFile = entry.readUInt32LE(TYPE) === ENTRY_FILE;
  return missing(isFile ? PATH_OF_FILE : PATH_OF_DIRECTORY) || (isFile && missing(EXTENTS) && missing(EXTENTS + WORD));
}

/** Whether nothing was ever written to a slot. */
export function isBlank(log: Log, slot: number): boolean {
  return readShared(log.device, log.offsetOf(slot), LOG_ENTRY_SIZE).every((byte) => byte === 0);
}

/** The frame of every log entry: 544 bytes, stored without gaps after the log's header (docs/format.md, "Log entry"). */
import { bytes, struct, u32, u64 } from './struct.js';

/** bytes of the part of an entry that depends on its type */
export const PAYLOAD_SIZE = 520;

export const logEntryStruct = struct('log_entry', 544, {
  sequence: u64('sequence number; equals the slot'),
  type: u32('0 FILE, 1 MKDIR, 2 DELETE (reserved), 3 ADD_DAXDEV'),
  padding: u32('0'),
  payload: bytes(PAYLOAD_SIZE, 'by type; unused bytes 0'),
  crc: u64('CRC-32 of bytes 0..535'),
});

/** bytes of one entry */
export const LOG_ENTRY_SIZE = logEntryStruct.size;
/** bytes that an entry's crc covers, from its start */
export const LOG_ENTRY_CRC_SPAN = logEntryStruct.offsets.crc;
/** byte offset of the payload from the entry's start */
export const PAYLOAD_OFFSET = logEntryStruct.offsets.payload;

/** The record of the log's history. It is read raw, because any change of it means that the log was rewritten. */
import { hex } from '../../format/fieldText.js';
import {
  LOG_HISTORY_CRC_SPAN,
  LOG_HISTORY_MAGIC,
  LOG_HISTORY_OFFSET,
  LOG_HISTORY_VERSION,
  logHistoryStruct,
} from '../../format/logHistory.js';
import { viewOf } from '../../format/struct.js';
import { crc32, type MappedDevice } from '../../native/device.js';
import type { FieldValues } from '../finding/values.js';
import { readShared } from './sharedMemory.js';

/** The bytes of the record, unchecked; empty if the device, or the meta file of a mount, is too short. */
export function readLogHistory(primary: MappedDevice): Buffer {
  if (primary.size < LOG_HISTORY_OFFSET + logHistoryStruct.size) return Buffer.alloc(0);
  return readShared(primary, LOG_HISTORY_OFFSET, logHistoryStruct.size);
}

/** The first wrong field of the record, if there is one that belongs to this file system. */
export function logHistoryFault(primary: MappedDevice, fsUuid: string): FieldValues | undefined {
  const image = readLogHistory(primary);
  if (image.every((byte) => byte === 0)) return undefined;
  const record = logHistoryStruct.read(viewOf(image), 0);
  const crc = crc32(image.subarray(0, LOG_HISTORY_CRC_SPAN));
  const [named, whole] = [record.magic === LOG_HISTORY_MAGIC, record.crc === crc];
  // if neither holds, it was never such a record; an intact one of another file system is a leftover
  if ((!named && !whole) || (whole && record.fsUuid !== fsUuid)) return undefined;
  const fault = (field: string, found: string | number, allowed: string | number) => {
    return { field: `log_history.${field}`, found: String(found), allowed: String(allowed) };
  };
  if (!named) return fault('magic', hex(record.magic), hex(LOG_HISTORY_MAGIC));
  if (!whole) return fault('crc', hex(record.crc), hex(crc));
  return record.version === LOG_HISTORY_VERSION ? undefined : fault('version', record.version, LOG_HISTORY_VERSION);
}

/** The record of the log's history. It is read raw, because any change of it means that the log was rewritten. */
import {
  LOG_HISTORY_MAGIC,
  LOG_HISTORY_OFFSET,
  LOG_HISTORY_VERSION,
  logHistoryStruct,
} from '../../format/logHistory.js';
import type { MappedDevice } from '../../native/device.js';
import type { FieldValues } from '../finding/values.js';
import { commonFault, isLeftover, readRecord, recordBytes } from './primaryRecord.js';

const KIND = {
  struct: logHistoryStruct,
  offset: LOG_HISTORY_OFFSET,
  magic: LOG_HISTORY_MAGIC,
  version: LOG_HISTORY_VERSION,
};

/** The bytes of the record, unchecked; empty if the device, or the meta file of a mount, is too short. */
export function readLogHistory(primary: MappedDevice): Buffer {
  return recordBytes(primary, KIND);
}

/** The uuid of the history that the log of `fsUuid` tells; undefined if it was never rewritten, or the record is damaged. */
export function historyUuidOf(primary: MappedDevice, fsUuid: string): string | undefined {
  const reading = readRecord(primary, KIND);
  const isSound = reading !== undefined && reading.record.fsUuid === fsUuid && commonFault(KIND, reading) === undefined;
  return isSound ? reading.record.historyUuid : undefined;
}

/** The first wrong field of the record, if there is one that belongs to this file system. */
export function logHistoryFault(primary: MappedDevice, fsUuid: string): FieldValues | undefined {
  const reading = readRecord(primary, KIND);
  return reading === undefined || isLeftover(reading, fsUuid) ? undefined : commonFault(KIND, reading);
}

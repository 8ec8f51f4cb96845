/** Reads the label of a file system from its primary. */

import { decodePath } from '../../format/path.js';
import {
  labelFault,
  POOL_LABEL_MAGIC,
  POOL_LABEL_OFFSET,
  POOL_LABEL_VERSION,
  type PoolLabelRecord,
  poolLabelStruct,
} from '../../format/poolLabel.js';
import type { MappedDevice } from '../../native/device.js';
import type { FieldValues } from '../finding/values.js';
import { commonFault, isLeftover, type RecordReading, readRecord, recordFault } from './primaryRecord.js';

const KIND = {
  struct: poolLabelStruct,
  offset: POOL_LABEL_OFFSET,
  magic: POOL_LABEL_MAGIC,
  version: POOL_LABEL_VERSION,
};

/** The label of the file system `fsUuid` on its primary; undefined if mkfs was given none, or if it is damaged. */
export function readPoolLabel(primary: MappedDevice, fsUuid: string): string | undefined {
  const reading = readRecord(primary, KIND);
  if (reading === undefined || isLeftover(reading, fsUuid) || faultOf(reading) !== undefined) return undefined;
  return textOf(reading.record);
}

/** The first wrong field of the record, if there is one that belongs to this file system. */
export function poolLabelFault(primary: MappedDevice, fsUuid: string): FieldValues | undefined {
  const reading = readRecord(primary, KIND);
  return reading === undefined || isLeftover(reading, fsUuid) ? undefined : faultOf(reading);
}

function faultOf(reading: RecordReading<PoolLabelRecord>): FieldValues | undefined {
  const common = commonFault(KIND, reading);
  if (common !== undefined) return common;
  const text = textOf(reading.record);
  return labelFault(text) === undefined ? undefined : recordFault(KIND, 'label', text, 'text of 1 to 63 bytes');
}

/** What is before the padding; a NUL in the text shows in it. */
function textOf({ label }: PoolLabelRecord): string {
  let end = label.length;
  while (end > 0 && label[end - 1] === 0) end--;
  return decodePath(label.subarray(0, end));
}

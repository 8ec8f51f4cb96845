/** The record of a secondary that leaves its pool. */
import {
  DEPARTURE_MAGIC,
  DEPARTURE_OFFSET,
  DEPARTURE_VERSION,
  type Departure,
  departureStruct,
  encodeDeparture,
} from '../../format/departure.js';
import { crc32, type MappedDevice } from '../../native/device.js';
import { commonFault, readRecord, recordBytes } from './primaryRecord.js';
import type { Step } from './sharedMemory.js';

const KIND = {
  struct: departureStruct,
  offset: DEPARTURE_OFFSET,
  magic: DEPARTURE_MAGIC,
  version: DEPARTURE_VERSION,
};

/** The record on a secondary; undefined if it has none, or a damaged one. Throws DeviceError on a memory fault. */
export function readDeparture(device: MappedDevice): Departure | undefined {
  const reading = readRecord(device, KIND);
  return reading === undefined || commonFault(KIND, reading) !== undefined ? undefined : reading.record;
}

/** Stores the record. */
export function departureStep(
  device: MappedDevice,
  values: Pick<Departure, 'fsUuid' | 'historyUuid' | 'daxdev'>,
): Step {
  const bytes = encodeDeparture(values, crc32);
  return [{ device, offset: DEPARTURE_OFFSET, bytes, why: 'the daxdev leaves with the next history of the log' }];
}

/** Clears the record, if there is any. */
export function stayingSteps(device: MappedDevice): Step[] {
  const isClear = recordBytes(device, KIND).every((byte) => byte === 0);
  if (isClear) return [];
  return [[{ device, offset: DEPARTURE_OFFSET, zeros: departureStruct.size, why: 'the daxdev does not leave' }]];
}

/** Reads the default interleave of a pool from its primary. */

import { hex } from '../../format/fieldText.js';
import { MAX_STRIPS } from '../../format/fmap.js';
import { DEFAULT_CHUNK, type Interleave, interleaveFault } from '../../format/interleave.js';
import {
  POOL_DEFAULTS_MAGIC,
  POOL_DEFAULTS_OFFSET,
  POOL_DEFAULTS_VERSION,
  type PoolDefaultsRecord,
  poolDefaultsStruct,
} from '../../format/poolDefaults.js';
import { type Superblock, unitText } from '../../format/superblock.js';
import type { MappedDevice } from '../../native/device.js';
import type { FieldValues } from '../finding/values.js';
import { commonFault, isLeftover, type RecordReading, readRecord, recordFault } from './primaryRecord.js';

const KIND = {
  struct: poolDefaultsStruct,
  offset: POOL_DEFAULTS_OFFSET,
  magic: POOL_DEFAULTS_MAGIC,
  version: POOL_DEFAULTS_VERSION,
};

/** What the superblock says that a default depends on. */
type OwnFilesystem = Pick<Superblock, 'fsUuid' | 'allocationUnit'>;

/** The default of a file system on its primary; undefined if mkfs was given none, or if it is damaged. */
export function readPoolDefaults(
  primary: MappedDevice,
  { fsUuid, allocationUnit }: OwnFilesystem,
): Interleave | undefined {
  const reading = readRecord(primary, KIND);
  if (reading === undefined || isLeftover(reading, fsUuid)) return undefined;
  if (faultOf(reading, allocationUnit) !== undefined) return undefined;
  const { stripes, chunkSize } = reading.record;
  return { stripes, chunkSize };
}

/** The first wrong field of the recorded default, if any. */
export function poolDefaultsFault(
  primary: MappedDevice,
  { fsUuid, allocationUnit }: OwnFilesystem,
): FieldValues | undefined {
  const reading = readRecord(primary, KIND);
  return reading === undefined || isLeftover(reading, fsUuid) ? undefined : faultOf(reading, allocationUnit);
}

/** The file-system uuid in an intact default; undefined if there is none. */
export function recordedFsUuid(primary: MappedDevice): string | undefined {
  const reading = readRecord(primary, KIND);
  if (reading === undefined) return undefined;
  const { record, crcFound } = reading;
  return record.magic === POOL_DEFAULTS_MAGIC && record.crc === crcFound ? record.fsUuid : undefined;
}

function faultOf(reading: RecordReading<PoolDefaultsRecord>, unit: number): FieldValues | undefined {
  const common = commonFault(KIND, reading);
  if (common !== undefined) return common;
  const { padding, stripes, chunkSize } = reading.record;
  if (padding !== 0) return recordFault(KIND, 'padding', padding, 0);
  if (interleaveFault({ stripes, chunkSize: DEFAULT_CHUNK }, unit) !== undefined)
    return recordFault(KIND, 'stripes', stripes, `1 to ${MAX_STRIPS}`);
  if (interleaveFault(reading.record, unit) === undefined) return undefined;
  return recordFault(KIND, 'chunkSize', hex(chunkSize), `a power of two and a multiple of ${unitText(unit)}`);
}

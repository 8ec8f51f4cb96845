/** Reads the default interleave of a pool from its primary. */
import {
  POOL_DEFAULTS_CRC_SPAN,
  POOL_DEFAULTS_MAGIC,
  POOL_DEFAULTS_OFFSET,
  POOL_DEFAULTS_VERSION,
  poolDefaultsStruct,
} from '../format/poolDefaults.js';
import { viewOf } from '../format/struct.js';
import { crc32, type MappedDevice } from '../native/device.js';
import { readShared } from './memory.js';
import { type Interleave, interleaveFault } from './placement.js';

/** The default of the file system `fsUuid` on its primary; undefined where mkfs was given none, or it is damaged. */
export function readPoolDefaults(primary: MappedDevice, fsUuid: string): Interleave | undefined {
  const image = readShared(primary, POOL_DEFAULTS_OFFSET, poolDefaultsStruct.size);
  const record = poolDefaultsStruct.read(viewOf(image), 0);
  const sound =
    record.magic === POOL_DEFAULTS_MAGIC &&
    record.version === POOL_DEFAULTS_VERSION &&
    record.fsUuid === fsUuid &&
    record.crc === crc32(image.subarray(0, POOL_DEFAULTS_CRC_SPAN)) &&
    interleaveFault(record) === undefined;
  if (!sound) return undefined;
  const { stripes, chunkSize } = record;
  return { stripes, chunkSize };
}

/** Reads the default interleave of a pool from its primary. */

import { hex } from '../../format/fieldText.js';
import { MAX_STRIPS } from '../../format/fmap.js';
import { type Interleave, interleaveFault } from '../../format/interleave.js';
import {
  POOL_DEFAULTS_CRC_SPAN,
  POOL_DEFAULTS_MAGIC,
  POOL_DEFAULTS_OFFSET,
  POOL_DEFAULTS_VERSION,
  type PoolDefaultsRecord,
  poolDefaultsStruct,
} from '../../format/poolDefaults.js';
import { viewOf } from '../../format/struct.js';
import { ALLOCATION_UNIT } from '../../format/superblock.js';
import { crc32, type MappedDevice } from '../../native/device.js';
import type { FieldValues } from '../finding/values.js';
import { readShared } from './sharedMemory.js';

/** The default of the file system `fsUuid` on its primary; undefined if mkfs was given none, or if it is damaged. */
export function readPoolDefaults(primary: MappedDevice, fsUuid: string): Interleave | undefined {
  const { record, fault } = read(primary, fsUuid);
  return record === undefined || fault !== undefined ? undefined : record;
}

/** The first wrong field of the recorded default, if any. */
export function poolDefaultsFault(primary: MappedDevice, fsUuid: string): FieldValues | undefined {
  return read(primary, fsUuid).fault;
}

/** The file-system uuid in an intact default; undefined if there is none. */
export function recordedFsUuid(primary: MappedDevice): string | undefined {
  const image = imageOf(primary);
  if (image === undefined) return undefined;
  const { magic, crc, fsUuid } = poolDefaultsStruct.read(viewOf(image), 0);
  return magic === POOL_DEFAULTS_MAGIC && crc === crcOf(image) ? fsUuid : undefined;
}

function imageOf(primary: MappedDevice): Buffer | undefined {
  if (primary.size < POOL_DEFAULTS_OFFSET + poolDefaultsStruct.size) return undefined;
  return readShared(primary, POOL_DEFAULTS_OFFSET, poolDefaultsStruct.size);
}

function crcOf(image: Buffer): number {
  return crc32(image.subarray(0, POOL_DEFAULTS_CRC_SPAN));
}

interface Reading {
  /** undefined if there is none, or if it belongs to an older file system */
  readonly record: Interleave | undefined;
  readonly fault: FieldValues | undefined;
}

function read(primary: MappedDevice, fsUuid: string): Reading {
  const image = imageOf(primary);
  if (image === undefined) return { record: undefined, fault: undefined };
  const record = poolDefaultsStruct.read(viewOf(image), 0);
  const crc = crcOf(image);
  const [named, whole] = [record.magic === POOL_DEFAULTS_MAGIC, record.crc === crc];
  const isOlder = whole && record.fsUuid !== fsUuid;
  if ((!named && !whole) || isOlder) return { record: undefined, fault: undefined };
  const { stripes, chunkSize } = record;
  return { record: { stripes, chunkSize }, fault: faultOf(record, crc) };
}

function faultOf(record: PoolDefaultsRecord, crcFound: number): FieldValues | undefined {
  const { magic, version, padding, crc, stripes, chunkSize } = record;
  const fault = (field: string, found: string | number, allowed: string | number) => {
    return { field: `pool_defaults.${field}`, found: String(found), allowed: String(allowed) };
  };
  if (magic !== POOL_DEFAULTS_MAGIC) return fault('magic', hex(magic), hex(POOL_DEFAULTS_MAGIC));
  if (crc !== crcFound) return fault('crc', hex(crc), hex(crcFound));
  if (version !== POOL_DEFAULTS_VERSION) return fault('version', version, POOL_DEFAULTS_VERSION);
  if (padding !== 0) return fault('padding', padding, 0);
  if (interleaveFault({ stripes, chunkSize: ALLOCATION_UNIT }) !== undefined)
    return fault('stripes', stripes, `1 to ${MAX_STRIPS}`);
  if (interleaveFault(record) === undefined) return undefined;
  return fault('chunkSize', hex(chunkSize), 'a power of two and a multiple of 2 MiB');
}

/** Reads the default interleave of a pool from its primary. */
import { hex } from '../format/fieldText.js';
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
  const { record, fault } = read(primary, fsUuid);
  return record === undefined || fault !== undefined ? undefined : record;
}

/** What is wrong with the default that is recorded, if one is. */
export function poolDefaultsFault(primary: MappedDevice, fsUuid: string): string | undefined {
  return read(primary, fsUuid).fault;
}

interface Reading {
  /** undefined where there is none, or one of an older file system */
  readonly record: Interleave | undefined;
  readonly fault: string | undefined;
}

function read(primary: MappedDevice, fsUuid: string): Reading {
  if (primary.size < POOL_DEFAULTS_OFFSET + poolDefaultsStruct.size) return { record: undefined, fault: undefined };
  const image = readShared(primary, POOL_DEFAULTS_OFFSET, poolDefaultsStruct.size);
  const record = poolDefaultsStruct.read(viewOf(image), 0);
  if (record.magic !== POOL_DEFAULTS_MAGIC || record.fsUuid !== fsUuid) return { record: undefined, fault: undefined };
  const crc = crc32(image.subarray(0, POOL_DEFAULTS_CRC_SPAN));
  const fault =
    record.crc !== crc
      ? `crc ${hex(record.crc)}, computed is ${hex(crc)}`
      : record.version !== POOL_DEFAULTS_VERSION
        ? `version ${record.version}, allowed is ${POOL_DEFAULTS_VERSION}`
        : interleaveFault(record);
  const { stripes, chunkSize } = record;
  return { record: { stripes, chunkSize }, fault };
}

/** Recognizes the traces of an interrupted mkfs, daxdev add or daxdev remove on a blank daxdev, so that a retry needs no --force. */

import { DEPARTURE_MAGIC, DEPARTURE_OFFSET, departureStruct } from '../../format/departure.js';
import { LOG_MAGIC, logHeaderStruct } from '../../format/logHeader.js';
import { LOG_HISTORY_MAGIC, LOG_HISTORY_OFFSET, logHistoryStruct } from '../../format/logHistory.js';
import { POOL_DEFAULTS_MAGIC, POOL_DEFAULTS_OFFSET, poolDefaultsStruct } from '../../format/poolDefaults.js';
import { POOL_LABEL_MAGIC, POOL_LABEL_OFFSET, poolLabelStruct } from '../../format/poolLabel.js';
import { viewOf } from '../../format/struct.js';
import {
  ALLOCATION_UNITS,
  FLAG_PRIMARY,
  FLAG_SECONDARY,
  FORMAT_MAJOR,
  FORMAT_MINOR,
  SUPERBLOCK_REGION,
  SUPERBLOCK_VERSION,
  type Superblock,
  superblockStruct,
} from '../../format/superblock.js';
import { NIL_UUID } from '../../format/uuid.js';
import type { MappedDevice } from '../../native/device.js';
import { firstNonZero, readShared } from '../media/sharedMemory.js';

/** bytes [start, end) of a device */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Offset of the first byte of [start, end) that is not 0 and was not left by an interrupted mkfs or daxdev add of this host;
 * undefined if there is none. `start` must not lie inside one of these traces.
 * @param systemUuid of this host
 */
export function firstUnknownByte(
  device: MappedDevice,
  { start, end }: Range,
  systemUuid: string | undefined,
): number | undefined {
  let from = start;
  for (const known of leftOver(device, systemUuid)) {
    if (known.start < start || known.end > end) continue;
    const found = firstNonZero(device, from, known.start);
    if (found !== undefined) return found;
    from = known.end;
  }
  return firstNonZero(device, from, end);
}

interface Readable<T> {
  /** bytes */
  readonly size: number;
  read(view: DataView, offset: number): T;
}

/** By offset. A log with entries is not one of them. */
function leftOver(device: MappedDevice, systemUuid: string | undefined): Range[] {
  const ranges: Range[] = [];
  const at = <T>(struct: Readable<T>, offset: number): T =>
    struct.read(viewOf(readShared(device, offset, struct.size)), 0);
  const add = (start: number, length: number) => ranges.push({ start, end: start + length });
  const superblock = at(superblockStruct, 0);
  if (isUnfinished(superblock, device.size, systemUuid)) add(0, superblockStruct.size);
  const header = at(logHeaderStruct, SUPERBLOCK_REGION);
  const hasEmptyLog = header.magic === LOG_MAGIC && header.nextIndex === 0 && header.nextSequence === 0;
  // mkfs writes these records after the header of the log: until a fence, any of their words may be missing
  if (hasEmptyLog || at(poolDefaultsStruct, POOL_DEFAULTS_OFFSET).magic === POOL_DEFAULTS_MAGIC)
    add(POOL_DEFAULTS_OFFSET, poolDefaultsStruct.size);
  if (at(logHistoryStruct, LOG_HISTORY_OFFSET).magic === LOG_HISTORY_MAGIC)
    add(LOG_HISTORY_OFFSET, logHistoryStruct.size);
  if (hasEmptyLog || at(poolLabelStruct, POOL_LABEL_OFFSET).magic === POOL_LABEL_MAGIC)
    add(POOL_LABEL_OFFSET, poolLabelStruct.size);
  if (at(departureStruct, DEPARTURE_OFFSET).magic === DEPARTURE_MAGIC) add(DEPARTURE_OFFSET, departureStruct.size);
  if (hasEmptyLog) add(SUPERBLOCK_REGION, logHeaderStruct.size);
  return ranges;
}

/** Whether the fields of a superblock without magic belong to a new one of this host, or are not written yet. */
function isUnfinished(superblock: Superblock, deviceSize: number, systemUuid: string | undefined): boolean {
  const { version, fsUuid } = superblock;
  const zeroOr = (value: number, ...allowed: number[]) => value === 0 || allowed.includes(value);
  const started = version === SUPERBLOCK_VERSION || (version === 0 && fsUuid === NIL_UUID);
  return (
    superblock.magic === 0 &&
    started &&
    zeroOr(superblock.logOffset, SUPERBLOCK_REGION) &&
    zeroOr(superblock.allocationUnit, ...ALLOCATION_UNITS) &&
    zeroOr(superblock.formatMajor, FORMAT_MAJOR) &&
    zeroOr(superblock.formatMinor, FORMAT_MINOR) &&
    isPartOf(superblock.systemUuid, systemUuid) &&
    zeroOr(superblock.flags, FLAG_PRIMARY, FLAG_SECONDARY) &&
    superblock.padding === 0 &&
    zeroOr(superblock.deviceSize, deviceSize) &&
    superblock.deviceUuidCopy === NIL_UUID &&
    (superblock.deviceName[0] === 0 || superblock.deviceName[0] === '/'.charCodeAt(0))
  );
}

/** Whether each half of a uuid, which is stored in words of 8 bytes, is zero or that of `whole`. */
function isPartOf(uuid: string, whole = NIL_UUID): boolean {
  const half = '0000-000000000000'.length;
  const nil = [NIL_UUID.slice(0, -half), NIL_UUID.slice(-half)];
  return [uuid.slice(0, -half), uuid.slice(-half)].every(
    (part, i) => part === nil[i] || part === [whole.slice(0, -half), whole.slice(-half)][i],
  );
}

/** Reads and judges the superblock of one daxdev. */

import { hex } from '../../format/fieldText.js';
import { MIN_LOG_LENGTH } from '../../format/logHeader.js';
import { viewOf } from '../../format/struct.js';
import {
  ALLOCATION_UNIT,
  FLAG_PRIMARY,
  FLAG_SECONDARY,
  FORMAT_MAJOR,
  FORMAT_MINOR,
  READABLE_ALLOCATION_UNITS,
  SUPERBLOCK_CRC_SPAN,
  SUPERBLOCK_MAGIC,
  SUPERBLOCK_REGION,
  SUPERBLOCK_VERSION,
  type Superblock,
  superblockStruct,
} from '../../format/superblock.js';
import { NIL_UUID } from '../../format/uuid.js';
import { crc32, type MappedDevice } from '../../native/device.js';
import type { ProblemCode, ProblemTally } from '../finding/problem.js';
import { readShared } from './sharedMemory.js';

/**
 * What a device's first 200 bytes are. `none`: no famfs magic (also after a kill). `other-version`: a famfs of another
 * version, or what is left of one. `damaged`: magic and version but no valid crc or allocation unit.
 */
export type SuperblockState = 'none' | 'other-version' | 'damaged' | 'valid';

export interface SuperblockReading {
  readonly state: SuperblockState;
  /** fields as they stand, whatever the state; undefined when the device is too small to have any */
  readonly superblock: Superblock | undefined;
  readonly crcFound: number;
  /** only the magic is missing, and is 0: the superblock was invalidated (mkfs --kill) */
  readonly killed: boolean;
}

/** Reads a daxdev's superblock. Throws DeviceError on a memory fault. */
export function readSuperblock(device: MappedDevice): SuperblockReading {
  if (device.size < superblockStruct.size) return { state: 'none', superblock: undefined, crcFound: 0, killed: false };
  const image = readShared(device, 0, superblockStruct.size);
  const superblock = superblockStruct.read(viewOf(image), 0);
  const crcFound = crc32(image.subarray(0, SUPERBLOCK_CRC_SPAN));
  return { state: stateOf(superblock, crcFound), superblock, crcFound, killed: wasKilled(image, superblock) };
}

/** Whether a superblock is valid but for its magic, which is 0. */
function wasKilled(image: Buffer, superblock: Superblock): boolean {
  if (superblock.magic !== 0 || superblock.version !== SUPERBLOCK_VERSION) return false;
  const whole = Buffer.from(image);
  superblockStruct.write(viewOf(whole), 0, { magic: SUPERBLOCK_MAGIC });
  return stateOf({ ...superblock, magic: SUPERBLOCK_MAGIC }, crc32(whole.subarray(0, SUPERBLOCK_CRC_SPAN))) === 'valid';
}

function stateOf(superblock: Superblock, crc: number): SuperblockState {
  if (superblock.magic !== SUPERBLOCK_MAGIC) return 'none';
  if (superblock.version !== SUPERBLOCK_VERSION) return 'other-version';
  if (superblock.crc !== crc || !READABLE_ALLOCATION_UNITS.includes(superblock.allocationUnit)) return 'damaged';
  return 'valid';
}

/**
 * Whether a superblock, sound or not, is a secondary's: log offset 0, log length 0 and the flag say so, and two of them
 * are believed. Damage to one must not make a primary of it, nor a secondary of a primary.
 */
export function isSecondary({ logOffset, logLength, flags }: Superblock): boolean {
  return [logOffset === 0, logLength === 0, flags === FLAG_SECONDARY].filter(Boolean).length >= 2;
}

/** Whether a superblock says that the daxdev has no log, as that of a sound secondary does. */
export function hasNoLog({ logOffset, logLength }: Superblock): boolean {
  return logOffset === 0 && logLength === 0;
}

/** The device name of a superblock as text; bytes behind its end are left out. */
export function deviceName(superblock: Superblock): string {
  const end = superblock.deviceName.indexOf(0);
  return Buffer.from(superblock.deviceName.subarray(0, end < 0 ? undefined : end)).toString('utf8');
}

/** Whether [SUPERBLOCK_REGION, + length) can be the log of a device of `deviceSize` bytes. */
export function isLogLength(length: number, deviceSize: number): boolean {
  const powerOfTwo = Number.isSafeInteger(length) && Number.isInteger(Math.log2(length));
  return powerOfTwo && length >= MIN_LOG_LENGTH && SUPERBLOCK_REGION + length <= deviceSize;
}

/** Judges every field of a superblock; `deviceSize` is the device's real size in bytes, undefined where it is not known. */
export function checkSuperblock(
  reading: SuperblockReading,
  deviceSize: number | undefined,
  daxdev: number,
  tally: ProblemTally,
): void {
  const { superblock } = reading;
  if (superblock === undefined) return;
  const report = (code: ProblemCode, message: string) => tally.add(code, { daxdev }, message);
  const expect = (ok: boolean, code: ProblemCode, found: string, allowed: string) => {
    if (!ok) report(code, `${found}, allowed is ${allowed}`);
  };
  const { magic, version, allocationUnit, formatMajor, formatMinor } = superblock;
  expect(magic === SUPERBLOCK_MAGIC, 'SB_MAGIC', `magic ${hex(magic)}`, hex(SUPERBLOCK_MAGIC));
  expect(version === SUPERBLOCK_VERSION, 'SB_VERSION', `version ${version}`, String(SUPERBLOCK_VERSION));
  expect(superblock.crc === reading.crcFound, 'SB_CRC', `crc ${hex(superblock.crc)}`, hex(reading.crcFound));
  expect(
    READABLE_ALLOCATION_UNITS.includes(allocationUnit),
    'SB_ALLOC_UNIT',
    `allocation unit ${allocationUnit}`,
    `4096 or ${ALLOCATION_UNIT}`,
  );
  const format = `format ${formatMajor}.${formatMinor}`;
  expect(
    formatMajor === FORMAT_MAJOR && formatMinor <= FORMAT_MINOR,
    'SB_FORMAT',
    format,
    `${FORMAT_MAJOR}.0 to ${FORMAT_MAJOR}.${FORMAT_MINOR}`,
  );
  checkLogPlace(superblock, deviceSize ?? superblock.deviceSize, daxdev, expect);
  checkIdentity(superblock, expect);
  checkUncovered(superblock, daxdev, expect);
  checkDeviceSize(superblock.deviceSize, deviceSize, expect);
}

type Expect = (ok: boolean, code: ProblemCode, found: string, allowed: string) => void;

function checkLogPlace(superblock: Superblock, deviceSize: number, daxdev: number, expect: Expect): void {
  const { logOffset, logLength } = superblock;
  const offset = daxdev === 0 ? SUPERBLOCK_REGION : 0;
  expect(logOffset === offset, 'SB_LOG_OFFSET', `log offset ${hex(logOffset)}`, hex(offset));
  const lengthOk = daxdev === 0 ? isLogLength(logLength, deviceSize) : logLength === 0;
  const allowed =
    daxdev === 0 ? `a power of two from ${hex(MIN_LOG_LENGTH)} that ends within the device` : '0 on a secondary';
  expect(lengthOk, 'SB_LOG_LENGTH', `log length ${hex(logLength)}`, allowed);
}

function checkIdentity(superblock: Superblock, expect: Expect): void {
  for (const key of ['fsUuid', 'deviceUuid', 'systemUuid'] as const)
    expect(superblock[key] !== NIL_UUID, 'SB_UUID', `${key} all zeros`, 'a uuid');
}

/** The fields behind the crc, which nothing else protects. */
function checkUncovered(superblock: Superblock, daxdev: number, expect: Expect): void {
  const { flags, padding, deviceUuidCopy } = superblock;
  const own = daxdev === 0 ? FLAG_PRIMARY : FLAG_SECONDARY;
  // the reference writes 0 on its only device, the primary
  const flagsOk = flags === own || (daxdev === 0 && flags === 0);
  expect(flagsOk, 'SB_FLAGS', `flags ${hex(flags)}`, daxdev === 0 ? '0 or 1 on a primary' : '2 on a secondary');
  expect(padding === 0, 'SB_RESERVED', `padding ${hex(padding)}`, '0');
  const copyOk = deviceUuidCopy === NIL_UUID || deviceUuidCopy === superblock.deviceUuid;
  expect(copyOk, 'SB_RESERVED', `second device uuid ${deviceUuidCopy}`, 'all zeros or the device uuid');
  const end = superblock.deviceName.indexOf(0);
  const nameOk = end >= 0 && superblock.deviceName.subarray(end).every((byte) => byte === 0);
  expect(nameOk, 'SB_NAME', 'device name without an end or with bytes behind it', 'a NUL-padded path');
}

function checkDeviceSize(found: number, real: number | undefined, expect: Expect): void {
  const ok = real === undefined ? found > 0 && Number.isFinite(found) : found === real;
  const allowed = real === undefined ? '1..2^53-1' : `${real}, the size of the device`;
  expect(ok, 'SB_DEVICE_SIZE', `device size ${found}`, allowed);
}

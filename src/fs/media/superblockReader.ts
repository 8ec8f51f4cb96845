/** Reads and judges the superblock of one daxdev. */

import { MIN_LOG_LENGTH } from '../../format/logHeader.js';
import { viewOf } from '../../format/struct.js';
import {
  ALLOCATION_UNITS,
  FLAG_PRIMARY,
  FLAG_SECONDARY,
  FORMAT_MAJOR,
  FORMAT_MINOR,
  SUPERBLOCK_CRC_SPAN,
  SUPERBLOCK_MAGIC,
  SUPERBLOCK_REGION,
  SUPERBLOCK_VERSION,
  type Superblock,
  superblockStruct,
} from '../../format/superblock.js';
import { NIL_UUID } from '../../format/uuid.js';
import { crc32, type MappedDevice } from '../../native/device.js';
import type { FindingTally } from '../finding/tally.js';
import type { DaxdevRole, FindingValues, SuperblockValues } from '../finding/values.js';
import { readShared } from './sharedMemory.js';

/**
 * The state of a device's first 200 bytes. `none`: no famfs magic (also after a kill). `other-version`: a famfs of another
 * version, or the remains of one. `damaged`: magic and version, but no valid CRC or allocation unit.
 */
export type SuperblockState = 'none' | 'other-version' | 'damaged' | 'valid';

export interface SuperblockReading {
  readonly state: SuperblockState;
  /** fields as stored, whatever the state; undefined if the device is too small to have any */
  readonly superblock: Superblock | undefined;
  readonly crcFound: number;
  /** valid but for its magic, which is damaged, or 0 because the file system was killed (mkfs --kill) */
  readonly lacksMagic: boolean;
}

/** Reads a daxdev's superblock. Throws DeviceError on a memory fault. */
export function readSuperblock(device: MappedDevice): SuperblockReading {
  if (device.size < superblockStruct.size)
    return { state: 'none', superblock: undefined, crcFound: 0, lacksMagic: false };
  const image = readShared(device, 0, superblockStruct.size);
  const superblock = superblockStruct.read(viewOf(image), 0);
  const crcFound = crc32(image.subarray(0, SUPERBLOCK_CRC_SPAN));
  return { state: stateOf(superblock, crcFound), superblock, crcFound, lacksMagic: lacksMagic(image, superblock) };
}

/** Whether a superblock was killed: only its magic is missing, and that is 0. */
export function wasKilled({ lacksMagic, superblock }: SuperblockReading): boolean {
  return lacksMagic && superblock?.magic === 0;
}

function lacksMagic(image: Buffer, superblock: Superblock): boolean {
  if (superblock.magic === SUPERBLOCK_MAGIC || superblock.version !== SUPERBLOCK_VERSION) return false;
  const whole = Buffer.from(image);
  superblockStruct.write(viewOf(whole), 0, { magic: SUPERBLOCK_MAGIC });
  return stateOf({ ...superblock, magic: SUPERBLOCK_MAGIC }, crc32(whole.subarray(0, SUPERBLOCK_CRC_SPAN))) === 'valid';
}

function stateOf(superblock: Superblock, crc: number): SuperblockState {
  if (superblock.magic !== SUPERBLOCK_MAGIC) return 'none';
  if (superblock.version !== SUPERBLOCK_VERSION) return 'other-version';
  if (superblock.crc !== crc || !ALLOCATION_UNITS.includes(superblock.allocationUnit)) return 'damaged';
  return 'valid';
}

/**
 * Whether a superblock, sound or not, is that of a secondary: log offset 0, log length 0 and the flag say so, and any two of them
 * are believed. Damage to one must not turn a secondary into a primary, or the reverse.
 */
export function isSecondary({ logOffset, logLength, flags }: Superblock): boolean {
  return [logOffset === 0, logLength === 0, flags === FLAG_SECONDARY].filter(Boolean).length >= 2;
}

/** Whether a superblock says that the daxdev has no log, as a sound secondary does. */
export function hasNoLog({ logOffset, logLength }: Superblock): boolean {
  return logOffset === 0 && logLength === 0;
}

/** The device name in a superblock, as text; bytes after its end are left out. */
export function deviceName(superblock: Superblock): string {
  const end = superblock.deviceName.indexOf(0);
  return Buffer.from(superblock.deviceName.subarray(0, end < 0 ? undefined : end)).toString('utf8');
}

/** Whether [SUPERBLOCK_REGION, + length) can be the log of a device of `deviceSize` bytes. */
export function isLogLength(length: number, deviceSize: number): boolean {
  const powerOfTwo = Number.isSafeInteger(length) && Number.isInteger(Math.log2(length));
  return powerOfTwo && length >= MIN_LOG_LENGTH && SUPERBLOCK_REGION + length <= deviceSize;
}

/** Judges every field of a superblock; `deviceSize` is the device's real size in bytes, undefined if it is not known. */
export function checkSuperblock(
  reading: SuperblockReading,
  deviceSize: number | undefined,
  daxdev: number,
  findings: FindingTally,
): void {
  const { superblock } = reading;
  if (superblock === undefined) return;
  const role = daxdev === 0 ? 'primary' : 'secondary';
  const add: Add = (code, values) => findings.add(code, { daxdev }, values);
  const { magic, version, crc, allocationUnit, formatMajor: major, formatMinor: minor } = superblock;
  if (magic !== SUPERBLOCK_MAGIC) add('SB_MAGIC', { found: magic });
  if (version !== SUPERBLOCK_VERSION) add('SB_VERSION', { found: version });
  if (crc !== reading.crcFound) add('SB_CRC', { found: crc, computed: reading.crcFound });
  if (!ALLOCATION_UNITS.includes(allocationUnit)) add('SB_ALLOC_UNIT', { found: allocationUnit });
  if (major !== FORMAT_MAJOR || minor > FORMAT_MINOR) add('SB_FORMAT', { major, minor });
  checkLogPlace(superblock, deviceSize ?? superblock.deviceSize, role, add);
  for (const field of ['fsUuid', 'deviceUuid', 'systemUuid'] as const)
    if (superblock[field] === NIL_UUID) add('SB_UUID', { field });
  checkUncovered(superblock, role, add);
  checkDeviceSize(superblock.deviceSize, deviceSize, add);
}

type Add = <C extends keyof SuperblockValues>(code: C, values: FindingValues[C]) => void;

function checkLogPlace({ logOffset, logLength }: Superblock, deviceSize: number, role: DaxdevRole, add: Add): void {
  const allowed = role === 'primary' ? SUPERBLOCK_REGION : 0;
  if (logOffset !== allowed) add('SB_LOG_OFFSET', { found: logOffset, allowed });
  const isPossible = role === 'primary' ? isLogLength(logLength, deviceSize) : logLength === 0;
  if (!isPossible) add('SB_LOG_LENGTH', { found: logLength, role });
}

/** The fields that the CRC does not cover; nothing else protects them. */
function checkUncovered(superblock: Superblock, role: DaxdevRole, add: Add): void {
  const { flags, padding, deviceUuidCopy, deviceName: name } = superblock;
  const own = role === 'primary' ? FLAG_PRIMARY : FLAG_SECONDARY;
  // the reference writes 0 on its only device, the primary
  if (flags !== own && !(role === 'primary' && flags === 0)) add('SB_FLAGS', { found: flags, role });
  if (padding !== 0) add('SB_RESERVED', { field: 'padding', found: padding });
  if (deviceUuidCopy !== NIL_UUID && deviceUuidCopy !== superblock.deviceUuid)
    add('SB_RESERVED', { field: 'deviceUuidCopy', found: deviceUuidCopy });
  const end = name.indexOf(0);
  if (end < 0) add('SB_NAME', { fault: 'unterminated' });
  else if (name.subarray(end).some((byte) => byte !== 0)) add('SB_NAME', { fault: 'trailing bytes' });
}

function checkDeviceSize(found: number, actual: number | undefined, add: Add): void {
  const isPossible = actual === undefined ? found > 0 && Number.isFinite(found) : found === actual;
  if (!isPossible) add('SB_DEVICE_SIZE', { found, actual: actual ?? null });
}

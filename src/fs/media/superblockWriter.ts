/** Writes superblocks of primaries and secondaries, so that a crash never leaves an incomplete one that looks sound. */

import { viewOf } from '../../format/struct.js';
import {
  encodeSuperblock,
  FLAG_PRIMARY,
  FLAG_SECONDARY,
  FORMAT_MAJOR,
  FORMAT_MINOR,
  SUPERBLOCK_MAGIC,
  SUPERBLOCK_REGION,
  SUPERBLOCK_VERSION,
  superblockStruct,
} from '../../format/superblock.js';
import { NIL_UUID } from '../../format/uuid.js';
import { crc32, type MappedDevice } from '../../native/device.js';
import type { Step, Write } from './sharedMemory.js';

/** single: the reference's format, whose flags are 0; primary: the first of a pool of several. */
export type SuperblockRole = 'single' | 'primary' | 'secondary';

const FLAGS: Readonly<Record<SuperblockRole, number>> = {
  single: 0,
  primary: FLAG_PRIMARY,
  secondary: FLAG_SECONDARY,
};

export interface Identity {
  readonly fsUuid: string;
  readonly deviceUuid: string;
  readonly systemUuid: string;
}

export interface SuperblockPlan {
  readonly device: MappedDevice;
  readonly role: SuperblockRole;
  readonly identity: Identity;
  /** absolute path, recorded as a hint */
  readonly name: string;
  /** bytes; 0 on a secondary */
  readonly logLength: number;
  /** allocation unit, bytes; the same on all daxdevs of a pool */
  readonly unit: number;
}

/** Leaves a device without a valid superblock, whatever it held. */
export function invalidation(device: MappedDevice): Write {
  const { magic } = superblockStruct.offsets;
  return { device, offset: magic, bytes: Buffer.alloc(8), why: 'invalidate the old superblock' };
}

/** Clears traces of an older file system or another tool from the superblock region. */
export function clearing(device: MappedDevice): Write {
  return { device, offset: 0, zeros: SUPERBLOCK_REGION, why: 'clear the superblock region of older content' };
}

/** Leaves a device without a superblock, and its superblock region clear. */
export function blankSteps(device: MappedDevice): Step[] {
  return [[invalidation(device)], [clearing(device)]];
}

/** The superblock of a secondary. @param unit allocation unit of the pool, bytes */
export function secondaryPlan(device: MappedDevice, identity: Identity, unit: number): SuperblockPlan {
  return { device, role: 'secondary', identity, name: device.path, logLength: 0, unit };
}

/** The recorded size of a device: one store, which no CRC covers. @param size bytes */
export function sizeStep(device: MappedDevice, size: number): Step {
  const bytes = Buffer.alloc(superblockStruct.size);
  superblockStruct.write(viewOf(bytes), 0, { deviceSize: size });
  const { deviceSize } = superblockStruct.offsets;
  return [{ device, offset: deviceSize, bytes: bytes.subarray(deviceSize, deviceSize + 8), why: 'size of the device' }];
}

/** Everything after the magic first: the magic makes it valid. The region must have been invalidated before. */
export function superblockSteps({ device, role, identity, name, logLength, unit }: SuperblockPlan): Step[] {
  const superblock = encodeSuperblock(
    {
      magic: SUPERBLOCK_MAGIC,
      version: SUPERBLOCK_VERSION,
      logOffset: role === 'secondary' ? 0 : SUPERBLOCK_REGION,
      logLength,
      allocationUnit: unit,
      formatMajor: FORMAT_MAJOR,
      formatMinor: FORMAT_MINOR,
      ...identity,
      flags: FLAGS[role],
      padding: 0,
      deviceSize: device.size,
      deviceUuidCopy: NIL_UUID,
      deviceName: Buffer.from(name, 'utf8').subarray(0, superblockStruct.fields.deviceName.size - 1),
    },
    crc32,
  );
  const rest = superblockStruct.offsets.version;
  return [
    [{ device, offset: rest, bytes: superblock.subarray(rest), why: `${role} superblock without its magic` }],
    [{ device, offset: 0, bytes: superblock.subarray(0, rest), why: `${role} superblock magic` }],
  ];
}

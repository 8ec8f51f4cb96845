/** The former contents of a superblock, proved by its CRC, if only its magic, its version or one bit is wrong. */
import { readU64, viewOf } from '../../../format/struct.js';
import {
  SUPERBLOCK_CRC_SPAN,
  SUPERBLOCK_MAGIC,
  SUPERBLOCK_VERSION,
  type Superblock,
  superblockStruct,
} from '../../../format/superblock.js';
import { crc32, type MappedDevice } from '../../../native/device.js';
import { readShared, type Write } from '../../media/sharedMemory.js';
import type { RestoredPart } from './values.js';

const { magic: MAGIC, version: VERSION, crc: CRC } = superblockStruct.offsets;

export interface RestoredSuperblock {
  readonly superblock: Superblock;
  readonly restored: RestoredPart;
  readonly write: Write;
}

/**
 * Undefined if its CRC does not prove that so little is wrong. A superblock of another version is changed only with this proof,
 * because it may belong to another tool, which computes its CRC differently.
 */
export function restoredSuperblock(device: MappedDevice): RestoredSuperblock | undefined {
  const image = readShared(device, 0, superblockStruct.size);
  return restoredField(device, image) ?? restoredBit(device, image);
}

function restoredField(device: MappedDevice, image: Buffer): RestoredSuperblock | undefined {
  const view = viewOf(image);
  const isNamed = readU64(view, MAGIC) === SUPERBLOCK_MAGIC;
  if (isNamed && readU64(view, VERSION) === SUPERBLOCK_VERSION) return undefined;
  const whole = Buffer.from(image);
  superblockStruct.write(viewOf(whole), 0, isNamed ? { version: SUPERBLOCK_VERSION } : { magic: SUPERBLOCK_MAGIC });
  const [part, at] = isNamed ? (['version', VERSION] as const) : (['magic', MAGIC] as const);
  return isWhole(whole) ? restoredBytes(device, whole, at, 8, { part }) : undefined;
}

function restoredBit(device: MappedDevice, image: Buffer): RestoredSuperblock | undefined {
  for (let bit = 0; bit < (CRC + 8) * 8; bit++) {
    const byte = Math.floor(bit / 8);
    const kept = image[byte] as number;
    image[byte] = kept ^ (1 << (bit % 8));
    if (isWhole(image)) return restoredBytes(device, image, byte, 1, { part: 'bit', byte, bit: bit % 8 });
    image[byte] = kept;
  }
  return undefined;
}

function restoredBytes(
  device: MappedDevice,
  whole: Buffer,
  offset: number,
  length: number,
  restored: RestoredPart,
): RestoredSuperblock {
  const what = restored.part === 'bit' ? `bit ${restored.bit} of byte ${restored.byte}` : restored.part;
  const write = { device, offset, bytes: whole.subarray(offset, offset + length), why: `superblock, ${what}` };
  return { superblock: superblockStruct.read(viewOf(whole), 0), restored, write };
}

function isWhole(image: Buffer): boolean {
  const { magic, version, crc } = superblockStruct.read(viewOf(image), 0);
  const isOurs = magic === SUPERBLOCK_MAGIC && version === SUPERBLOCK_VERSION;
  return isOurs && crc === crc32(image.subarray(0, SUPERBLOCK_CRC_SPAN));
}

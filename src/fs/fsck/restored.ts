/** A superblock as its crc says it was, where its magic, its version or one bit is all that is wrong. */
import { readU64, viewOf } from '../../format/struct.js';
import {
  SUPERBLOCK_CRC_SPAN,
  SUPERBLOCK_MAGIC,
  SUPERBLOCK_VERSION,
  type Superblock,
  superblockStruct,
} from '../../format/superblock.js';
import { crc32, type MappedDevice } from '../../native/device.js';
import { readShared, type Write } from '../media/sharedMemory.js';

const { magic: MAGIC, version: VERSION, crc: CRC } = superblockStruct.offsets;

/** What makes a superblock whole again. */
export interface Restored {
  readonly superblock: Superblock;
  /** what is done, as the beginning of a question */
  readonly what: string;
  readonly write: Write;
}

/**
 * Undefined where its crc does not prove that so little is wrong. A superblock of another version is touched by nothing
 * less: it may be another tool's, whose crc is not computed as ours is.
 */
export function restoredSuperblock(device: MappedDevice): Restored | undefined {
  const image = readShared(device, 0, superblockStruct.size);
  return restoredField(device, image) ?? restoredBit(device, image);
}

function restoredField(device: MappedDevice, image: Buffer): Restored | undefined {
  const view = viewOf(image);
  const isNamed = readU64(view, MAGIC) === SUPERBLOCK_MAGIC;
  if (isNamed && readU64(view, VERSION) === SUPERBLOCK_VERSION) return undefined;
  const whole = Buffer.from(image);
  superblockStruct.write(viewOf(whole), 0, isNamed ? { version: SUPERBLOCK_VERSION } : { magic: SUPERBLOCK_MAGIC });
  const [name, at] = isNamed ? ['version', VERSION] : ['magic', MAGIC];
  const what = `restore the ${name} of the superblock of ${device.path}, with which its crc is right`;
  return isWhole(whole) ? restored(device, whole, at, 8, what) : undefined;
}

function restoredBit(device: MappedDevice, image: Buffer): Restored | undefined {
  for (let bit = 0; bit < (CRC + 8) * 8; bit++) {
    const byte = Math.floor(bit / 8);
    const kept = image[byte] as number;
    image[byte] = kept ^ (1 << (bit % 8));
    const what = `flip bit ${bit % 8} of byte ${byte} of the superblock of ${device.path} back, which makes its crc right`;
    if (isWhole(image)) return restored(device, image, byte, 1, what);
    image[byte] = kept;
  }
  return undefined;
}

function restored(device: MappedDevice, whole: Buffer, at: number, length: number, what: string): Restored {
  const write = { device, offset: at, bytes: whole.subarray(at, at + length), why: what };
  return { superblock: superblockStruct.read(viewOf(whole), 0), what, write };
}

function isWhole(image: Buffer): boolean {
  const { magic, version, crc } = superblockStruct.read(viewOf(image), 0);
  const isOurs = magic === SUPERBLOCK_MAGIC && version === SUPERBLOCK_VERSION;
  return isOurs && crc === crc32(image.subarray(0, SUPERBLOCK_CRC_SPAN));
}

/** The daxdevs of a metadata image that can be put back: their superblocks are sound, and all bytes are those of metadata. */
import { firstIndex } from '../../format/firstIndex.js';
import { viewOf } from '../../format/struct.js';
import {
  SUPERBLOCK_CRC_SPAN,
  SUPERBLOCK_MAGIC,
  SUPERBLOCK_REGION,
  SUPERBLOCK_VERSION,
  type Superblock,
  superblockStruct,
} from '../../format/superblock.js';
import { crc32 } from '../../native/device.js';
import { FamfsError } from '../errors.js';
import { isLogLength, isSecondary } from '../media/superblockReader.js';
import type { ImagePiece, MetadataImage } from './imageReader.js';

/** bytes of an image that are held in memory to compare them with a device */
const MOST_BYTES = 2 ** 28;

export interface SavedDaxdev {
  readonly superblock: Superblock;
  /** bytes */
  readonly size: number;
  /** bytes; 0 on a secondary */
  readonly logLength: number;
  /** The bytes of a range, zeros where the image has none. */
  bytesAt(offset: number, length: number): Buffer;
}

/** Throws METADATA_IMAGE for an image that can only be restored into a folder. */
export function savedDaxdevs(image: MetadataImage): SavedDaxdev[] {
  const { path, description } = image;
  if (description.scrambled) throw onlyTo(path, 'its names were scrambled');
  const pieces: ImagePiece[][] = description.daxdevs.map(() => []);
  let total = 0;
  for (const piece of image.pieces()) {
    total += piece.bytes.length;
    if (total > MOST_BYTES) throw onlyTo(path, `it has more than ${MOST_BYTES} bytes of metadata`);
    pieces[piece.daxdev]?.push(piece);
  }
  const saved = description.daxdevs.map(({ size }, i) => savedDaxdev(path, i, size, pieces[i] ?? []));
  const [first] = saved;
  if (saved.some(({ superblock }) => superblock.fsUuid !== first?.superblock.fsUuid))
    throw onlyTo(path, 'its daxdevs belong to several file systems');
  if (saved.filter(({ logLength }) => logLength > 0).length !== 1) throw onlyTo(path, 'it has not exactly one primary');
  if (new Set(saved.map(({ superblock }) => superblock.deviceUuid)).size < saved.length)
    throw onlyTo(path, 'two of its daxdevs have the same uuid');
  return saved;
}

function savedDaxdev(path: string, index: number, size: number, pieces: readonly ImagePiece[]): SavedDaxdev {
  const bytesAt = (offset: number, length: number) => bytesOf(pieces, offset, length);
  const image = bytesAt(0, superblockStruct.size);
  const superblock = superblockStruct.read(viewOf(image), 0);
  const { magic, version, crc, deviceSize, logLength } = superblock;
  const isSound = magic === SUPERBLOCK_MAGIC && version === SUPERBLOCK_VERSION;
  if (!isSound || crc !== crc32(image.subarray(0, SUPERBLOCK_CRC_SPAN)) || deviceSize !== size)
    throw onlyTo(path, `the superblock of daxdev ${index} in it is damaged`);
  const isPrimary = !isSecondary(superblock);
  if (isPrimary && !isLogLength(logLength, size))
    throw onlyTo(path, 'the superblock in it describes an impossible log');
  const end = SUPERBLOCK_REGION + (isPrimary ? logLength : 0);
  if (pieces.some(({ deviceOffset, bytes }) => deviceOffset + bytes.length > end))
    throw onlyTo(path, 'a rewrite of the log was stopped when it was made, so that it has bytes beyond the log');
  return { superblock, size, logLength: isPrimary ? logLength : 0, bytesAt };
}

function bytesOf(pieces: readonly ImagePiece[], offset: number, length: number): Buffer {
  const range = Buffer.alloc(length);
  const first = firstIndex(pieces.length, (i) => {
    const { deviceOffset, bytes } = pieces[i] as ImagePiece;
    return deviceOffset + bytes.length > offset;
  });
  for (let i = first; i < pieces.length; i++) {
    const { deviceOffset, bytes } = pieces[i] as ImagePiece;
    if (deviceOffset >= offset + length) break;
    const from = Math.max(deviceOffset, offset);
    const to = Math.min(deviceOffset + bytes.length, offset + length);
    bytes.copy(range, from - offset, from - deviceOffset, to - deviceOffset);
  }
  return range;
}

function onlyTo(path: string, why: string): FamfsError {
  return new FamfsError('METADATA_IMAGE', `${path} cannot be put back onto devices: ${why}`, {
    hint: 'restore it into a folder with --to',
  });
}

/** Reads metadata images. Their bytes are hostile: every count, size and offset is bounded before it is used. */
import { inflateSync } from 'node:zlib';
import {
  BLOCK_BYTES,
  BLOCK_DESCRIPTION,
  BLOCK_END,
  IMAGE_FIRST_LINE,
  type ImageBlock,
  type ImageDescription,
  imageBlockStruct,
  MOST_BLOCK_BYTES,
  parseDescription,
} from '../../format/metadataImage.js';
import { viewOf } from '../../format/struct.js';
import { crc32 } from '../../native/device.js';
import { FamfsError } from '../errors.js';
import type { Host } from '../host/host.js';
import { hostPath } from '../host/hostPath.js';
import { readRegularFile } from '../host/smallFile.js';

/** bytes of the file: the log of half a million files takes a tenth of it */
const MOST_FILE_BYTES = 2 ** 30;
/** bytes of all blocks once they are unpacked */
export const MOST_UNPACKED_BYTES = 2 ** 32;
/** more than so many bytes need, so that tiny blocks cannot make reading slow */
const MOST_BLOCKS = 32_768;
/** deflate makes bytes longer by no more than this */
const MOST_PACKED_BYTES = MOST_BLOCK_BYTES + 1024;

/** Bytes of a daxdev in an image. */
export interface ImagePiece {
  /** number of the daxdev in the description */
  readonly daxdev: number;
  readonly deviceOffset: number;
  readonly bytes: Buffer;
}

export interface MetadataImage {
  readonly path: string;
  readonly description: ImageDescription;
  /** Unpacks the pieces, in ascending order of daxdev and offset; none overlaps another, and each lies within its daxdev. */
  pieces(): Generator<ImagePiece>;
}

/** Reads an image, all of which is checked. Throws METADATA_IMAGE and BAD_HOST_PATH. */
export function readImage(host: Host, name: string): MetadataImage {
  const path = hostPath(host, name);
  const image = read(path);
  if (!image.subarray(0, IMAGE_FIRST_LINE.length).equals(Buffer.from(IMAGE_FIRST_LINE)))
    throw new FamfsError('METADATA_IMAGE', `${path} is not a metadata image of this version`, {
      hint: 'name a file that famfs dump has made',
    });
  const blocks = blocksOf(path, image);
  const first = blocks.next().value;
  const description = first?.header.kind === BLOCK_DESCRIPTION ? parseDescription(unpack(path, first)) : undefined;
  if (description === undefined) throw damaged(path, 'it has no description');
  const pieces = () => checkedPieces(path, image, description);
  for (const _ of pieces());
  return { path, description, pieces };
}

function read(path: string): Buffer {
  try {
    return readRegularFile(path, MOST_FILE_BYTES);
  } catch (cause) {
    throw new FamfsError('METADATA_IMAGE', `cannot read ${path}: ${(cause as Error).message}`, { cause });
  }
}

interface Block {
  readonly header: ImageBlock;
  readonly packed: Buffer;
}

/** The blocks up to the end, whose number is checked. */
function* blocksOf(path: string, image: Buffer): Generator<Block, undefined> {
  const { size, offsets } = imageBlockStruct;
  let at = IMAGE_FIRST_LINE.length;
  for (let count = 0; ; count++) {
    if (at + size > image.length) throw damaged(path, 'it is cut short');
    const header = imageBlockStruct.read(viewOf(image), at);
    if (header.crc !== crc32(image.subarray(at, at + offsets.crc))) throw damaged(path, `block ${count} is damaged`);
    const { kind, length, packed, deviceOffset } = header;
    const start = at + size;
    at = start + packed;
    if (count > MOST_BLOCKS) throw damaged(path, 'it has too many blocks');
    if (length > MOST_BLOCK_BYTES || packed > MOST_PACKED_BYTES) throw damaged(path, `block ${count} is too long`);
    if (at > image.length) throw damaged(path, 'it is cut short');
    const block = { header, packed: image.subarray(start, at) };
    if (kind !== BLOCK_END) yield block;
    else if (at !== image.length || deviceOffset !== count || length !== 0)
      throw damaged(path, 'its end is in the wrong place');
    else {
      unpack(path, block);
      return;
    }
  }
}

function* checkedPieces(path: string, image: Buffer, { daxdevs }: ImageDescription): Generator<ImagePiece> {
  let last = { daxdev: 0, end: 0 };
  let total = 0;
  const blocks = blocksOf(path, image);
  blocks.next();
  for (const block of blocks) {
    const { kind, daxdev, deviceOffset, length } = block.header;
    const end = deviceOffset + length;
    const isAfter = daxdev > last.daxdev || (daxdev === last.daxdev && deviceOffset >= last.end);
    const isInside = length > 0 && end <= (daxdevs[daxdev]?.size ?? 0);
    if (kind !== BLOCK_BYTES || !isAfter || !isInside) throw damaged(path, 'it has bytes at an impossible place');
    total += length;
    if (total > MOST_UNPACKED_BYTES) throw damaged(path, 'it is too large');
    last = { daxdev, end };
    yield { daxdev, deviceOffset, bytes: unpack(path, block) };
  }
}

function unpack(path: string, { header: { length, packedCrc }, packed }: Block): Buffer {
  if (crc32(packed) !== packedCrc) throw damaged(path, 'the bytes of a block are damaged');
  let bytes: Buffer;
  try {
    bytes = inflateSync(packed, { maxOutputLength: Math.max(length, 1) });
  } catch (cause) {
    throw damaged(path, 'a block cannot be unpacked', cause);
  }
  if (bytes.length !== length) throw damaged(path, 'a block has another length');
  return bytes;
}

function damaged(path: string, why: string, cause?: unknown): FamfsError {
  return new FamfsError('METADATA_IMAGE', `${path} is damaged: ${why}`, {
    hint: 'nothing was restored; use an intact copy of it',
    ...(cause !== undefined && { cause }),
  });
}

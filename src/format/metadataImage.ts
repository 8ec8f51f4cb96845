/**
 * Metadata images: superblocks and log of a pool in a file, without file data (docs/metadata-images.md). After the first line come
 * blocks, each a header and deflated bytes: a description, then bytes of daxdevs in ascending order, then the end.
 */
import { encodeWithCrc, type RecordOf, struct, u32, u64 } from './struct.js';

export const IMAGE_FIRST_LINE = 'famfs metadata image 1\n';
/** bytes of a block once it is unpacked */
export const MOST_BLOCK_BYTES = 1024 * 1024;
/** daxdevs in an image: a pool, and devices that were named beside it */
export const MOST_IMAGE_DAXDEVS = 256;

export const BLOCK_DESCRIPTION = 0;
export const BLOCK_BYTES = 1;
export const BLOCK_END = 2;

export const imageBlockStruct = struct('image_block', 48, {
  kind: u32('0 description, 1 bytes of a daxdev, 2 end'),
  daxdev: u32('number of the daxdev in the description'),
  deviceOffset: u64('bytes from the start of the daxdev; at the end, the number of blocks before it'),
  length: u64('bytes once they are unpacked'),
  packed: u64('deflated bytes that follow'),
  packedCrc: u64('CRC-32 of these'),
  crc: u64('CRC-32 of bytes 0..39'),
});

export type ImageBlock = RecordOf<typeof imageBlockStruct>;

/** What a block of kind BLOCK_DESCRIPTION has, as JSON. */
export interface ImageDescription {
  /** names were replaced, so it cannot be put back onto devices */
  readonly scrambled: boolean;
  /** the primary first, where there is one */
  readonly daxdevs: readonly ImageDaxdev[];
}

export interface ImageDaxdev {
  /** bytes */
  readonly size: number;
}

/** The description in the bytes of its block; undefined for anything else. */
export function parseDescription(bytes: Uint8Array): ImageDescription | undefined {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
  const { scrambled, daxdevs } = (value ?? {}) as Partial<Record<keyof ImageDescription, unknown>>;
  if (typeof scrambled !== 'boolean' || !Array.isArray(daxdevs)) return undefined;
  if (daxdevs.length === 0 || daxdevs.length > MOST_IMAGE_DAXDEVS) return undefined;
  const sizes = daxdevs.map((daxdev: { size?: unknown } | null) => daxdev?.size);
  if (!sizes.every((size): size is number => Number.isSafeInteger(size) && (size as number) > 0)) return undefined;
  return { scrambled, daxdevs: sizes.map((size) => ({ size })) };
}

/** The header of a block; `crc32` computes its crc. */
export function encodeBlock(block: Omit<ImageBlock, 'crc'>, crc32: (data: Uint8Array) => number): Buffer {
  return encodeWithCrc(imageBlockStruct, block, crc32);
}

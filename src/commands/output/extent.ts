import type { FileEntry } from '../../format/entries/file.js';
import { allocatedBytes } from '../../format/fmap.js';

/** A number of the media that nothing has checked; null: over 2^53-1. */
export type Unchecked = number | null;

/** A contiguous range of one daxdev that belongs to a file: an extent of a simple file, a strip of an interleaved one. */
export interface ExtentRow<Value extends Unchecked = number> {
  /** index in the pool */
  readonly daxdev: Value;
  /** bytes from the start of the daxdev */
  readonly deviceOffset: Value;
  /** bytes */
  readonly length: Value;
}

/** The layout and place of a file. */
export interface FmapRow<Value extends Unchecked = number> {
  readonly layout: 'simple' | 'interleaved';
  /** bytes; null for a simple file */
  readonly chunkSize: number | null;
  /** bytes of one stripe, a chunk on each strip; null for a simple file */
  readonly stripeSize: number | null;
  /** bytes of all extents */
  readonly allocated: Value;
  /** allocated bytes that the file does not use */
  readonly slack: Value;
  /** in the order of the file's bytes */
  readonly extents: readonly ExtentRow<Value>[];
}

export function fmapRow({ size, fmap }: Pick<FileEntry, 'size' | 'fmap'>): FmapRow {
  const allocated = allocatedBytes(fmap);
  const chunkSize = fmap.layout === 'interleaved' ? fmap.chunkSize : null;
  return {
    layout: fmap.layout,
    chunkSize,
    stripeSize: chunkSize === null ? null : chunkSize * fmap.extents.length,
    allocated,
    slack: allocated - size,
    extents: fmap.extents.map(extentRow),
  };
}

export function extentRow({ daxdev, deviceOffset, length }: ExtentRow): ExtentRow {
  return { daxdev, deviceOffset, length };
}

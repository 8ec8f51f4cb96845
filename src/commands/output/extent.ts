/** How a file's map is described in JSON and text. */

import type { FileEntry } from '../../format/entries/logEntry.js';
import { allocatedBytes } from '../../format/fmap.js';

/** One extent or strip, as a row. Offsets and lengths in bytes. */
export interface StripRow {
  readonly strip: number;
  readonly daxdev: number;
  readonly deviceOffset: number;
  readonly length: number;
}

export interface FmapData {
  readonly path: string;
  /** bytes */
  readonly size: number;
  readonly type: 'simple' | 'interleaved';
  /** bytes; null for a simple file */
  readonly chunkSize: number | null;
  /** bytes of one stripe: a chunk on each strip; null for a simple file */
  readonly stripeSize: number | null;
  /** bytes of all extents */
  readonly allocated: number;
  /** allocated bytes that the file does not use */
  readonly slack: number;
  readonly extents: readonly StripRow[];
}

export function fmapData({ path, size, fmap }: Pick<FileEntry, 'path' | 'size' | 'fmap'>): FmapData {
  const allocated = allocatedBytes(fmap);
  const chunkSize = fmap.layout === 'interleaved' ? fmap.chunkSize : null;
  return {
    path,
    size,
    type: fmap.layout,
    chunkSize,
    stripeSize: chunkSize === null ? null : chunkSize * fmap.extents.length,
    allocated,
    slack: allocated - size,
    extents: fmap.extents.map(({ daxdev, deviceOffset, length }, strip) => ({
      strip,
      daxdev,
      deviceOffset,
      length,
    })),
  };
}

/** Form D of a map: the notification of generic extent maps, merged to mainline FUSE in 2026 (docs/kernel-maps.md). */

import type { Extent, Fmap } from '../fmap.js';
import { stripLength } from '../fmap.js';
import { type RecordOf, struct, u32, u64, viewOf } from '../struct.js';

/** must be set in every map */
export const D_FLAG_CREATE = 1;
/** the extents are one cycle of an interleaved file */
export const D_FLAG_CYCLIC = 2;

export const dHeaderStruct = struct('extent_map', 32, {
  backingId: u64('id of this map'),
  extentCount: u32('extents that follow'),
  flags: u32('bit 0 CREATE, bit 1 CYCLIC'),
  reserved1: u64('0'),
  reserved2: u64('0'),
});

export const dExtentStruct = struct('extent_map_extent', 48, {
  fileOffset: u64('bytes'),
  length: u64('bytes; the chunk where CYCLIC'),
  backingId: u64('id that the daxdev is registered under'),
  address: u64('bytes on that daxdev'),
  reserved1: u64('0'),
  reserved2: u64('0'),
});

export type DExtent = RecordOf<typeof dExtentStruct>;

/** A notification taken apart; nothing in it is judged yet. */
export interface DNotification {
  /** bytes that there are */
  readonly length: number;
  /** undefined when not even the header is whole */
  readonly header: RecordOf<typeof dHeaderStruct> | undefined;
  /** extents that are whole */
  readonly extents: readonly DExtent[];
}

/** Ids of maps and of daxdevs share one space: daxdevs have 1 to 64, maps what lies above 2^32. */
const MAP_ID_BASE = 2 ** 32;

/** The id that a daxdev of the pool is registered under; 0 is reserved. */
export function daxdevBackingId(daxdev: number): number {
  return daxdev + 1;
}

/** The id of the map of the file that log entry `slot` made. */
export function mapBackingId(slot: number): number {
  return MAP_ID_BASE + slot;
}

/** The notification for a map. Throws FieldRangeError for a value that does not fit. */
export function encodeD(fmap: Fmap, backingId: number): Buffer {
  const image = Buffer.alloc(dHeaderStruct.size + fmap.extents.length * dExtentStruct.size);
  const view = viewOf(image);
  const flags = D_FLAG_CREATE | (fmap.layout === 'interleaved' ? D_FLAG_CYCLIC : 0);
  dHeaderStruct.write(view, 0, { backingId, extentCount: fmap.extents.length, flags });
  let at = dHeaderStruct.size;
  let fileOffset = 0;
  for (const extent of fmap.extents) {
    const length = fmap.layout === 'interleaved' ? fmap.chunkSize : extent.length;
    const { daxdev, deviceOffset: address } = extent;
    dExtentStruct.write(view, at, { fileOffset, length, backingId: daxdevBackingId(daxdev), address });
    fileOffset += length;
    at += dExtentStruct.size;
  }
  return image;
}

/** Takes a notification apart, as far as its bytes go; never throws. */
export function decodeD(image: Uint8Array): DNotification {
  const view = viewOf(image);
  const { length } = image;
  if (length < dHeaderStruct.size) return { length, header: undefined, extents: [] };
  const header = dHeaderStruct.read(view, 0);
  const extents: DExtent[] = [];
  for (let at = dHeaderStruct.size; at + dExtentStruct.size <= length; at += dExtentStruct.size) {
    if (extents.length === header.extentCount) break;
    extents.push(dExtentStruct.read(view, at));
  }
  return { length, header, extents };
}

/**
 * The map that a sound notification stands for. The length of strips is not sent: it follows from the file's size in
 * bytes. Undefined when the notification is none that a file of this file system can have.
 */
export function fmapOfD({ header, extents }: DNotification, size: number): Fmap | undefined {
  if (header === undefined || extents.length !== header.extentCount || extents.length === 0) return undefined;
  const daxdevs = extents.map(({ backingId }) => backingId - 1);
  if (daxdevs.some((index) => !(index >= 0) || !Number.isSafeInteger(index))) return undefined;
  const toExtents = (lengthOf: (extent: DExtent) => number): Extent[] =>
    extents.map((extent, i) => ({
      daxdev: daxdevs[i] as number,
      deviceOffset: extent.address,
      length: lengthOf(extent),
    }));
  if ((header.flags & D_FLAG_CYCLIC) === 0) return { layout: 'simple', extents: toExtents(({ length }) => length) };
  const chunkSize = (extents[0] as DExtent).length;
  const length = stripLength(size, chunkSize, extents.length);
  return { layout: 'interleaved', chunkSize, extents: toExtents(() => length) };
}

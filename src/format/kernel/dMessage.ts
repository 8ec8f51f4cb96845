/** Messages of form d: the notification of generic extent maps (docs/kernel-maps.md). */
import type { Fmap } from '../fmap.js';
import { exactU64, type RecordOf, struct, toExact, u32, viewOf } from '../struct.js';

/** must be set in every map */
export const D_FLAG_CREATE = 1;
/** the extents are one cycle of an interleaved file */
export const D_FLAG_CYCLIC = 2;

export const dHeaderStruct = struct('extent_map', 32, {
  backingId: exactU64('id of this map'),
  extentCount: u32('extents that follow'),
  flags: u32('bit 0 CREATE, bit 1 CYCLIC'),
  reserved1: exactU64('0'),
  reserved2: exactU64('0'),
});

export const dExtentStruct = struct('extent_map_extent', 48, {
  fileOffset: exactU64('bytes'),
  length: exactU64('bytes; the chunk where CYCLIC'),
  backingId: exactU64('id under which the daxdev is registered; 0 for a hole'),
  deviceOffset: exactU64('bytes on that daxdev'),
  reserved1: exactU64('0'),
  reserved2: exactU64('0'),
});

export type DExtent = RecordOf<typeof dExtentStruct>;

/** A decoded notification; nothing is checked yet. */
export interface DNotification {
  /** bytes present */
  readonly length: number;
  /** undefined if the header is cut off */
  readonly header: RecordOf<typeof dHeaderStruct> | undefined;
  /** the complete extents */
  readonly extents: readonly DExtent[];
}

/** Ids of maps and of daxdevs share one space: daxdevs have 1 to 64, maps 2^32 and above. */
const MAP_ID_BASE = 2 ** 32;

/** The id under which a daxdev of the pool is registered; 0 is reserved. */
export function daxdevBackingId(daxdev: number): number {
  return daxdev + 1;
}

/** The id of the map of the file that log entry `slot` made. */
export function mapBackingId(slot: number): number {
  return MAP_ID_BASE + slot;
}

/** The notification for a map. Throws FieldRangeError for a value that does not fit. */
export function encodeD(fmap: Fmap, mapId: number): Buffer {
  // from the pool: there may be half a million of them
  const image = Buffer.allocUnsafe(dHeaderStruct.size + fmap.extents.length * dExtentStruct.size).fill(0);
  const view = viewOf(image);
  const flags = D_FLAG_CREATE | (fmap.layout === 'interleaved' ? D_FLAG_CYCLIC : 0);
  const backingId = toExact(mapId, 'extent_map.backingId');
  dHeaderStruct.write(view, 0, { backingId, extentCount: fmap.extents.length, flags });
  let at = dHeaderStruct.size;
  let fileOffset = 0n;
  for (const { daxdev, deviceOffset, length: extentLength } of fmap.extents) {
    const length = toExact(fmap.layout === 'interleaved' ? fmap.chunkSize : extentLength, 'extent_map_extent.length');
    dExtentStruct.write(view, at, {
      fileOffset,
      length,
      backingId: toExact(daxdevBackingId(daxdev), 'extent_map_extent.backingId'),
      deviceOffset: toExact(deviceOffset, 'extent_map_extent.deviceOffset'),
    });
    fileOffset += length;
    at += dExtentStruct.size;
  }
  return image;
}

/** Decodes a notification as far as its bytes go; never throws. */
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

export function isCyclic({ header }: DNotification): boolean {
  return header !== undefined && (header.flags & D_FLAG_CYCLIC) !== 0;
}

/** Messages of form v2: the reply to GET_FMAP in the FUSE patches of 2025 (docs/kernel-maps.md). */
import { EXTENT_INTERLEAVED, EXTENT_SIMPLE } from '../entries/fileStruct.js';
import type { Fmap } from '../fmap.js';
import { exactU64, type RecordOf, struct, toExact, u8, u16, u32, viewOf } from '../struct.js';

export const V2_VERSION = 1;
export const V2_FILE_REGULAR = 0;

export const v2HeaderStruct = struct('fmap_header', 32, {
  fileType: u8('0 regular, 1 superblock, 2 log'),
  reserved1: u8('0'),
  version: u16('1'),
  extentType: u32('0 simple, 1 interleaved'),
  extentCount: u32('extents that follow'),
  messageSize: u32('bytes of the whole reply in later revisions, 0 in the first ones'),
  fileSize: exactU64('bytes'),
  reserved2: exactU64('0'),
});

export const v2ExtentStruct = struct('fmap_extent', 24, {
  daxdev: u32('index in the table of daxdevs'),
  reserved: u32('0'),
  deviceOffset: exactU64('bytes on that daxdev'),
  length: exactU64('bytes'),
});

export const v2InterleavedStruct = struct('fmap_interleaved_extent', 24, {
  stripCount: u32('strips that follow'),
  chunkSize: u32('bytes'),
  bytes: exactU64('bytes of the file that the strips hold'),
  reserved: exactU64('0'),
});

/** An extent or a strip. */
export type V2Extent = RecordOf<typeof v2ExtentStruct>;

/** An interleaved extent with as many of its strips as the message holds. */
export type V2Interleaved = RecordOf<typeof v2InterleavedStruct> & { readonly strips: readonly V2Extent[] };

/** A decoded reply; nothing is checked yet. */
export interface V2Reply {
  /** bytes present */
  readonly length: number;
  /** undefined if the header is cut off */
  readonly header: RecordOf<typeof v2HeaderStruct> | undefined;
  /** the complete extents of a simple map */
  readonly simple: readonly V2Extent[];
  /** the extents of an interleaved map whose heads are complete */
  readonly interleaved: readonly V2Interleaved[];
  /** all extents of a simple map, or all strips of an interleaved one */
  readonly extents: readonly V2Extent[];
  /** whether header, extents and strips are all present */
  readonly whole: boolean;
}

/**
 * The reply for a regular file of `size` bytes. `withSize` also states the reply's own size, as later revisions do. Throws
 * FieldRangeError for a map that does not fit the message.
 */
export function encodeV2(fmap: Fmap, size: number, withSize: boolean): Buffer {
  const interleaved = fmap.layout === 'interleaved';
  const head = v2HeaderStruct.size + (interleaved ? v2InterleavedStruct.size : 0);
  // from the pool: there may be half a million of them
  const image = Buffer.allocUnsafe(head + fmap.extents.length * v2ExtentStruct.size).fill(0);
  const view = viewOf(image);
  const fileSize = toExact(size, 'fmap_header.fileSize');
  v2HeaderStruct.write(view, 0, {
    fileType: V2_FILE_REGULAR,
    version: V2_VERSION,
    extentType: interleaved ? EXTENT_INTERLEAVED : EXTENT_SIMPLE,
    extentCount: interleaved ? 1 : fmap.extents.length,
    messageSize: withSize ? image.length : 0,
    fileSize,
  });
  if (interleaved) {
    const { chunkSize, extents } = fmap;
    v2InterleavedStruct.write(view, v2HeaderStruct.size, { stripCount: extents.length, chunkSize, bytes: fileSize });
  }
  let at = head;
  for (const { daxdev, deviceOffset, length } of fmap.extents) {
    v2ExtentStruct.write(view, at, {
      daxdev,
      deviceOffset: toExact(deviceOffset, 'fmap_extent.deviceOffset'),
      length: toExact(length, 'fmap_extent.length'),
    });
    at += v2ExtentStruct.size;
  }
  return image;
}

/** Decodes a reply as far as its bytes go; never throws. */
export function decodeV2(image: Uint8Array): V2Reply {
  const view = viewOf(image);
  const { length } = image;
  if (length < v2HeaderStruct.size)
    return { length, header: undefined, simple: [], interleaved: [], extents: [], whole: false };
  const header = v2HeaderStruct.read(view, 0);
  const { extentType, extentCount } = header;
  const reader = new RecordReader(view, v2HeaderStruct.size);
  const simple = extentType === EXTENT_SIMPLE ? reader.extents(extentCount) : [];
  const interleaved = extentType === EXTENT_INTERLEAVED ? reader.interleaved(extentCount) : [];
  const [first, ...others] = interleaved;
  const strips = others.length === 0 ? first?.strips : interleaved.flatMap((extent) => extent.strips);
  return { length, header, simple, interleaved, extents: strips ?? simple, whole: reader.whole };
}

/** Reads records in order, and stops at the first one that is cut off. */
class RecordReader {
  whole = true;
  readonly #view: DataView;
  #at: number;

  constructor(view: DataView, at: number) {
    this.#view = view;
    this.#at = at;
  }

  extents(count: number): V2Extent[] {
    const extents: V2Extent[] = [];
    for (let i = 0; i < count; i++) {
      const at = this.#take(v2ExtentStruct.size);
      if (at === undefined) break;
      extents.push(v2ExtentStruct.read(this.#view, at));
    }
    return extents;
  }

  interleaved(count: number): V2Interleaved[] {
    const found: V2Interleaved[] = [];
    for (let i = 0; i < count && this.whole; i++) {
      const at = this.#take(v2InterleavedStruct.size);
      if (at === undefined) break;
      const head = v2InterleavedStruct.read(this.#view, at);
      found.push({ ...head, strips: this.extents(head.stripCount) });
    }
    return found;
  }

  #take(size: number): number | undefined {
    const at = this.#at;
    if (at + size > this.#view.byteLength) {
      this.whole = false;
      return undefined;
    }
    this.#at += size;
    return at;
  }
}

/** Form V2 of a map: the reply to GET_FMAP, as the FUSE patches of 2025 have it (docs/kernel-maps.md). */
import { EXTENT_INTERLEAVED, EXTENT_SIMPLE } from '../entries/fileStruct.js';
import type { Extent, Fmap } from '../fmap.js';
import { type RecordOf, struct, u8, u16, u32, u64, viewOf } from '../struct.js';

export const V2_VERSION = 1;
export const V2_FILE_REGULAR = 0;

export const v2HeaderStruct = struct('fmap_header', 32, {
  fileType: u8('0 regular, 1 superblock, 2 log'),
  reserved1: u8('0'),
  version: u16('1'),
  extentType: u32('0 simple, 1 interleaved'),
  extentCount: u32('extents that follow'),
  messageSize: u32('bytes of the whole reply in later revisions, 0 in the first ones'),
  fileSize: u64('bytes'),
  reserved2: u64('0'),
});

export const v2ExtentStruct = struct('fmap_extent', 24, {
  daxdev: u32('index in the table of daxdevs'),
  reserved: u32('0'),
  offset: u64('bytes on that daxdev'),
  length: u64('bytes'),
});

export const v2InterleavedStruct = struct('fmap_interleaved_extent', 24, {
  stripCount: u32('strips that follow'),
  chunkSize: u32('bytes'),
  bytes: u64('bytes of the file that the strips hold'),
  reserved: u64('0'),
});

/** An interleaved extent with as many of its strips as the message holds. */
export type V2Interleaved = RecordOf<typeof v2InterleavedStruct> & { readonly strips: readonly Extent[] };

/** A reply taken apart; nothing in it is judged yet. */
export interface V2Reply {
  /** bytes that there are */
  readonly length: number;
  /** undefined when not even the header is whole */
  readonly header: RecordOf<typeof v2HeaderStruct> | undefined;
  /** extents of a simple map that are whole */
  readonly simple: readonly Extent[];
  /** extents of an interleaved map whose heads are whole */
  readonly interleaved: readonly V2Interleaved[];
  /** whether header, extents and strips are all there */
  readonly whole: boolean;
}

/** Bytes of the reply for a map. */
export function v2Length(fmap: Fmap): number {
  const head = fmap.layout === 'interleaved' ? v2InterleavedStruct.size : 0;
  return v2HeaderStruct.size + head + fmap.extents.length * v2ExtentStruct.size;
}

/**
 * The reply for a regular file of `size` bytes. `withSize` also states the reply's own size, as later revisions do.
 * Throws FieldRangeError for a map that does not fit the message.
 */
export function encodeV2(fmap: Fmap, size: number, withSize: boolean): Buffer {
  const image = Buffer.alloc(v2Length(fmap));
  const view = viewOf(image);
  const interleaved = fmap.layout === 'interleaved';
  v2HeaderStruct.write(view, 0, {
    fileType: V2_FILE_REGULAR,
    version: V2_VERSION,
    extentType: interleaved ? EXTENT_INTERLEAVED : EXTENT_SIMPLE,
    extentCount: interleaved ? 1 : fmap.extents.length,
    messageSize: withSize ? image.length : 0,
    fileSize: size,
  });
  let at = v2HeaderStruct.size;
  if (interleaved) {
    const { chunkSize, extents } = fmap;
    v2InterleavedStruct.write(view, at, { stripCount: extents.length, chunkSize, bytes: size });
    at += v2InterleavedStruct.size;
  }
  for (const { daxdev, deviceOffset: offset, length } of fmap.extents) {
    v2ExtentStruct.write(view, at, { daxdev, offset, length });
    at += v2ExtentStruct.size;
  }
  return image;
}

/** Takes a reply apart, as far as its bytes go; never throws. */
export function decodeV2(image: Uint8Array): V2Reply {
  const view = viewOf(image);
  const { length } = image;
  if (length < v2HeaderStruct.size) return { length, header: undefined, simple: [], interleaved: [], whole: false };
  const header = v2HeaderStruct.read(view, 0);
  const { extentType, extentCount } = header;
  const reader = new RecordReader(view, v2HeaderStruct.size);
  const simple = extentType === EXTENT_SIMPLE ? reader.extents(extentCount) : [];
  const interleaved = extentType === EXTENT_INTERLEAVED ? reader.interleaved(extentCount) : [];
  return { length, header, simple, interleaved, whole: reader.whole };
}

/** The map that a reply stands for, or undefined when it is none that a file of this file system can have. */
export function fmapOfV2({ header, simple, interleaved, whole }: V2Reply): Fmap | undefined {
  if (header === undefined || !whole) return undefined;
  if (header.extentType === EXTENT_SIMPLE) return { layout: 'simple', extents: simple };
  const [first, second] = interleaved;
  if (first === undefined || second !== undefined) return undefined;
  return { layout: 'interleaved', chunkSize: first.chunkSize, extents: first.strips };
}

/** Reads records one behind the other, and stops at the first that the message does not hold in full. */
class RecordReader {
  whole = true;
  readonly #view: DataView;
  #at: number;

  constructor(view: DataView, at: number) {
    this.#view = view;
    this.#at = at;
  }

  extents(count: number): Extent[] {
    const extents: Extent[] = [];
    for (let i = 0; i < count; i++) {
      const at = this.#take(v2ExtentStruct.size);
      if (at === undefined) break;
      const { daxdev, offset, length } = v2ExtentStruct.read(this.#view, at);
      extents.push({ daxdev, deviceOffset: offset, length });
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

/**
 * What a server answers a kernel whose buffer has `room` bytes (the size probe): the whole reply, or, where it does not
 * fit, the header alone, which states how much is needed. `reply` must state its size; `room` must hold a header.
 */
export function probeV2(reply: Buffer, room: number): Buffer {
  return reply.length <= room ? reply : reply.subarray(0, v2HeaderStruct.size);
}

/** bytes of the shortest page: the header and where to go on */
export const V2_SHORTEST_PAGE = v2HeaderStruct.size + 8;

/** A part of a reply, as a reviewer of the patches proposed for long maps; never merged. */
export interface V2Page {
  /** the part, and behind it 8 bytes: the offset of the next page, or -1 after the last */
  readonly image: Buffer;
  readonly next: number;
}

/**
 * The page of a reply that begins at byte `offset` of it and has at most `room` bytes: as many whole records (header,
 * head of an interleaved extent, extent, strip) as fit. Undefined when no record begins at `offset`, or none fits.
 */
export function pageV2(reply: Buffer, offset: number, room: number): V2Page | undefined {
  // every record but the header has 24 bytes
  const isStart =
    offset === 0 || (offset >= v2HeaderStruct.size && (offset - v2HeaderStruct.size) % v2ExtentStruct.size === 0);
  const space = offset + room - 8;
  const fitting = Math.floor((space - v2HeaderStruct.size) / v2ExtentStruct.size) * v2ExtentStruct.size;
  const end = Math.min(reply.length, v2HeaderStruct.size + fitting);
  if (!isStart || end <= offset) return undefined;
  const next = end === reply.length ? -1 : end;
  const trailer = Buffer.alloc(8);
  trailer.writeBigInt64LE(BigInt(next));
  return { image: Buffer.concat([reply.subarray(offset, end), trailer]), next };
}

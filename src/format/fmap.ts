/** The map of a file (fmap): where its bytes lie, and how to find them (docs/format.md, "Interleaved addressing"). */

/** extents of a simple file */
export const MAX_SIMPLE_EXTENTS = 16;
/** strips of an interleaved file */
export const MAX_STRIPS = 16;

/** A contiguous range of one daxdev; also a strip. Offset and length in bytes. */
export interface Extent {
  /** index of the daxdev in the pool */
  readonly daxdev: number;
  readonly deviceOffset: number;
  readonly length: number;
}

/** Where a file's bytes lie. `chunkSize` in bytes; all strips of an interleaved file have the same length. */
export type Fmap =
  | { readonly layout: 'simple'; readonly extents: readonly Extent[] }
  | { readonly layout: 'interleaved'; readonly chunkSize: number; readonly extents: readonly Extent[] };

/** A range of a file that is contiguous on one daxdev. All in bytes. */
export interface Piece {
  readonly daxdev: number;
  readonly deviceOffset: number;
  readonly fileOffset: number;
  readonly length: number;
}

/** Rounds up to a multiple of `unit`. */
export function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}

/** Rounds down to a multiple of `unit`. */
export function roundDown(value: number, unit: number): number {
  return Math.floor(value / unit) * unit;
}

/** Bytes that every strip of a file of `size` bytes takes: ceil(size / (chunk * strips)) * chunk. */
export function stripLength(size: number, chunkSize: number, stripCount: number): number {
  return Math.ceil(size / (chunkSize * stripCount)) * chunkSize;
}

/** Bytes that a map takes on its daxdevs. */
export function allocatedBytes(fmap: Fmap): number {
  return fmap.extents.reduce((sum, extent) => sum + extent.length, 0);
}

/**
 * The pieces that hold bytes [offset, offset + length) of a file, in file order. The map must be sound. A range that reaches
 * past the map ends with it.
 */
export function resolveRange(fmap: Fmap, offset: number, length: number): Generator<Piece> {
  if (fmap.layout === 'simple') return resolveSimple(fmap.extents, offset, offset + length);
  return resolveInterleaved(fmap.extents, fmap.chunkSize, offset, offset + length);
}

function* resolveSimple(extents: readonly Extent[], from: number, to: number): Generator<Piece> {
  let start = 0;
  for (const extent of extents) {
    const end = start + extent.length;
    const fileOffset = Math.max(from, start);
    const length = Math.min(to, end) - fileOffset;
    if (length > 0) {
      const deviceOffset = extent.deviceOffset + (fileOffset - start);
      yield { daxdev: extent.daxdev, deviceOffset, fileOffset, length };
    }
    start = end;
  }
}

function* resolveInterleaved(strips: readonly Extent[], chunkSize: number, from: number, to: number): Generator<Piece> {
  const covered = strips.length * (strips[0]?.length ?? 0);
  const end = Math.min(to, covered);
  for (let fileOffset = from; fileOffset < end; ) {
    const chunk = Math.floor(fileOffset / chunkSize);
    const within = fileOffset % chunkSize;
    const strip = strips[chunk % strips.length] as Extent;
    const deviceOffset = strip.deviceOffset + Math.floor(chunk / strips.length) * chunkSize + within;
    const length = Math.min(chunkSize - within, end - fileOffset);
    yield { daxdev: strip.daxdev, deviceOffset, fileOffset, length };
    fileOffset += length;
  }
}

/** Joins pieces that follow each other in the file and on the same daxdev. */
export function* joinPieces(pieces: Iterable<Piece>): Generator<Piece> {
  let last: Piece | undefined;
  for (const piece of pieces) {
    if (last !== undefined && follows(last, piece)) {
      last = { ...last, length: last.length + piece.length };
      continue;
    }
    if (last !== undefined) yield last;
    last = piece;
  }
  if (last !== undefined) yield last;
}

function follows(last: Piece, next: Piece): boolean {
  return (
    last.daxdev === next.daxdev &&
    last.deviceOffset + last.length === next.deviceOffset &&
    last.fileOffset + last.length === next.fileOffset
  );
}

/** The file offsets, in bytes, that lie at a device offset: one for each extent that contains it. */
export function fileOffsetsAt(fmap: Fmap, daxdev: number, deviceOffset: number): number[] {
  const found: number[] = [];
  let start = 0;
  for (const [i, extent] of fmap.extents.entries()) {
    const delta = deviceOffset - extent.deviceOffset;
    const inside = extent.daxdev === daxdev && delta >= 0 && delta < extent.length;
    if (inside && fmap.layout === 'simple') found.push(start + delta);
    if (inside && fmap.layout === 'interleaved') {
      const { chunkSize, extents } = fmap;
      const cycle = Math.floor(delta / chunkSize);
      found.push((cycle * extents.length + i) * chunkSize + (delta % chunkSize));
    }
    start += extent.length;
  }
  return found;
}

/**
 * The map of the first `size` bytes of a longer file: the allocation units that these still need. An interleaved file keeps its
 * number of strips, but becomes a simple file if it is then smaller than a chunk.
 */
export function shortenedFmap(fmap: Fmap, size: number, unit: number): Fmap {
  if (fmap.layout === 'simple') return { layout: 'simple', extents: firstExtents(fmap.extents, roundUp(size, unit)) };
  const { chunkSize, extents } = fmap;
  if (size < chunkSize) return { layout: 'simple', extents: firstExtents(extents, roundUp(size, unit)) };
  const length = stripLength(size, chunkSize, extents.length);
  return { layout: 'interleaved', chunkSize, extents: extents.map((strip) => ({ ...strip, length })) };
}

/** The first `length` bytes of consecutive extents. */
function firstExtents(extents: readonly Extent[], length: number): Extent[] {
  let left = length;
  return extents.flatMap((extent) => {
    const kept = Math.min(extent.length, left);
    left -= kept;
    return kept > 0 ? [{ ...extent, length: kept }] : [];
  });
}

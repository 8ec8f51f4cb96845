/** What a file's map says: addressing and lengths (docs/format.md, "Interleaved addressing"). */
import type { Extent, Fmap } from './logEntry.js';

/** A run of bytes of a file that lies in one piece on one daxdev. All in bytes. */
export interface Piece {
  readonly deviceIndex: number;
  readonly deviceOffset: number;
  readonly fileOffset: number;
  readonly length: number;
}

/** Rounds up to a multiple of `unit`. */
export function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
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
 * The pieces behind bytes [offset, offset + length) of a file, in file order. The map must have passed its checks; a
 * range beyond what it covers ends early.
 */
export function* resolveRange(fmap: Fmap, offset: number, length: number): Generator<Piece> {
  if (fmap.kind === 'simple') yield* resolveSimple(fmap.extents, offset, offset + length);
  else yield* resolveInterleaved(fmap.extents, fmap.chunkSize, offset, offset + length);
}

function* resolveSimple(extents: readonly Extent[], from: number, to: number): Generator<Piece> {
  let start = 0;
  for (const extent of extents) {
    const end = start + extent.length;
    const fileOffset = Math.max(from, start);
    const length = Math.min(to, end) - fileOffset;
    if (length > 0) {
      const deviceOffset = extent.offset + (fileOffset - start);
      yield { deviceIndex: extent.deviceIndex, deviceOffset, fileOffset, length };
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
    const deviceOffset = strip.offset + Math.floor(chunk / strips.length) * chunkSize + within;
    const length = Math.min(chunkSize - within, end - fileOffset);
    yield { deviceIndex: strip.deviceIndex, deviceOffset, fileOffset, length };
    fileOffset += length;
  }
}

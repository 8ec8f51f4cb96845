/** Where the bytes of files lie, as a caller sees it. All offsets and lengths in bytes. */
import type { FileEntry } from '../format/entries/file.js';
import { allocatedBytes, type Extent, joinPieces, resolveRange } from '../format/fmap.js';
import { FamfsError } from '../fs/errors.js';
import type { Volume } from '../fs/pool/volume.js';

export type { Extent } from '../format/fmap.js';

/** The map of a file (fmap). */
export interface FileMap {
  /** relative to the root */
  readonly path: string;
  /** bytes of the file */
  readonly size: number;
  /** `interleaved`: chunks go to the extents in turn, which are its strips */
  readonly layout: 'simple' | 'interleaved';
  /** null for a simple file */
  readonly chunkSize: number | null;
  /** bytes of all extents; never less than `size` */
  readonly allocated: number;
  /** in the order of the file's bytes */
  readonly extents: readonly Extent[];
}

/** A range of a file that is contiguous on one daxdev. */
export interface Piece {
  /** index of the daxdev in the pool */
  readonly daxdev: number;
  /** its path on this host; null if it is not here */
  readonly device: string | null;
  readonly deviceOffset: number;
  readonly fileOffset: number;
  readonly length: number;
}

/** A part of a file. */
export interface ByteRange {
  /** the default is 0 */
  readonly offset?: number | undefined;
  /** the default is the rest of the file */
  readonly length?: number | undefined;
}

export function fileMapOf({ path, size, fmap }: FileEntry): FileMap {
  const { layout, extents } = fmap;
  const chunkSize = layout === 'interleaved' ? fmap.chunkSize : null;
  return { path, size, layout, chunkSize, allocated: allocatedBytes(fmap), extents: extents.map(copyOf) };
}

function copyOf({ daxdev, deviceOffset, length }: Extent): Extent {
  return { daxdev, deviceOffset, length };
}

/** The range with its defaults; at least a byte of the file. Throws BAD_RANGE. */
export function rangeIn(
  { path, size }: Pick<FileEntry, 'path' | 'size'>,
  range: ByteRange,
): Required<ByteRange> & { length: number; offset: number } {
  const { offset = 0 } = range;
  const { length = size - offset } = range;
  const whole = Number.isSafeInteger(offset) && Number.isSafeInteger(length);
  if (whole && offset >= 0 && length >= 1 && offset < size && length <= size - offset) return { offset, length };
  const what = range.length === undefined ? `offset ${offset}` : `${length} bytes at offset ${offset}`;
  throw new FamfsError('BAD_RANGE', `${path}: no ${what} in its ${size} bytes`, {
    details: { path, size, offset, length: range.length },
  });
}

/** The pieces of a range in file order, those that touch joined. */
export function* piecesOf({ members }: Volume, { fmap }: FileEntry, offset: number, length: number): Generator<Piece> {
  for (const { daxdev, deviceOffset, fileOffset, length: bytes } of joinPieces(resolveRange(fmap, offset, length)))
    yield { daxdev, device: members.member(daxdev).path ?? null, deviceOffset, fileOffset, length: bytes };
}

/** Daxdevs of a pool as shown in pictures, in JSON. All sizes in bytes. */

import type { Extent } from '../../format/fmap.js';
import type { Member } from '../../fs/pool/members.js';
import { type Cell, cellsOf, MANY } from '../../fs/usage/cells.js';
import type { Range } from '../../fs/usage/range.js';
import type { DaxdevUsage } from '../../fs/usage/usage.js';
import { type MemberPlaceRow, memberPlaceRow } from '../output/member.js';

/** The use of a range of a daxdev; metadata, files, unusable and free add up to its length. */
export interface UseRow {
  /** bytes of superblock and log */
  readonly metadata: number;
  /** bytes of files */
  readonly files: number;
  /** bytes that no file can have: unusable entries may claim them, or they do not fill an allocation unit */
  readonly unusable: number;
  /** bytes */
  readonly free: number;
}

export interface CellRow extends UseRow {
  /** bytes from the start of the daxdev */
  readonly deviceOffset: number;
  /** bytes */
  readonly length: number;
  /** bytes of the marked file */
  readonly marked: number;
  /** bytes that --check-poison could not read; 0 without it */
  readonly poisoned: number;
  /** number of the only extent of the marked file in the cell; null: none, or several */
  readonly extent: number | null;
}

export interface MappedDaxdevRow extends MemberPlaceRow, UseRow {
  /** bytes that more than one file has, once for each further file; 0 in a sound file system */
  readonly shared: number;
  readonly cells: readonly CellRow[];
}

/** A daxdev and its cells of `length` bytes each. */
export function mappedDaxdevRow(
  member: Member,
  usage: DaxdevUsage,
  length: number,
  marked: readonly Extent[],
  poison: readonly Range[],
): MappedDaxdevRow {
  const { begin, fileBytes, freeBytes, size, sharedBytes } = usage;
  return {
    ...memberPlaceRow(member),
    metadata: begin,
    files: fileBytes,
    unusable: size - begin - fileBytes - freeBytes,
    free: freeBytes,
    shared: sharedBytes,
    cells: cellsOf(usage, length, marked, poison).map(cellRow),
  };
}

function cellRow({ extent, ...cell }: Cell): CellRow {
  return { ...cell, extent: extent === undefined || extent === MANY ? null : extent };
}

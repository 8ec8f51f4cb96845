/** Daxdevs cut into cells of equal length, for pictures of a given width. */

import type { Extent } from '../../format/fmap.js';
import { roundUp } from '../../format/fmap.js';
import type { Range } from './range.js';
import type { DaxdevUsage } from './usage.js';

/** How the bytes of a cell are used. The numbers add up to its length. */
export interface Cell {
  /** bytes from the start of the daxdev */
  readonly deviceOffset: number;
  /** bytes; the last cell of a daxdev may be shorter than the others */
  readonly length: number;
  /** superblock and log */
  metadata: number;
  /** of all files, the marked one included */
  files: number;
  /** of the marked file */
  marked: number;
  /** of no use to files: claimed by unusable entries, or less than an allocation unit */
  unusable: number;
  free: number;
  /** bytes that cannot be read, used or not; 0 if that was not checked */
  poisoned: number;
  /** number of the marked file's only extent in the cell; MANY for several, undefined for none */
  extent: number | typeof MANY | undefined;
}

export const MANY = 'many';

/** The length of a cell in bytes: the fewest allocation units (`unit` bytes) that give the largest daxdev at most `most` cells. */
export function cellLength(daxdevs: readonly Pick<DaxdevUsage, 'size'>[], most: number, unit: number): number {
  const largest = daxdevs.reduce((size, daxdev) => Math.max(size, daxdev.size), 0);
  return Math.max(roundUp(largest / most, unit), unit);
}

/** The cells of a daxdev, each of `length` bytes. `marked`: the extents of the file to highlight; `poison`: unreadable ranges. */
export function cellsOf(
  daxdev: DaxdevUsage,
  length: number,
  marked: readonly Extent[],
  poison: readonly Range[] = [],
): Cell[] {
  const cells = Array.from({ length: Math.ceil(daxdev.size / length) }, (_, i) =>
    emptyCell(daxdev, i * length, length),
  );
  const share = (ranges: readonly Range[], add: (cell: Cell, bytes: number) => void) => {
    for (const range of ranges) spread(cells, length, range, add);
  };
  share([{ start: 0, end: daxdev.begin }], (cell, bytes) => {
    cell.metadata += bytes;
  });
  share(daxdev.files, (cell, bytes) => {
    cell.files += bytes;
  });
  share(daxdev.holes, (cell, bytes) => {
    cell.free += bytes;
  });
  share(poison, (cell, bytes) => {
    cell.poisoned += bytes;
  });
  for (const [number, extent] of marked.entries()) {
    if (extent.daxdev !== daxdev.index) continue;
    const { deviceOffset: start } = extent;
    share([{ start, end: start + extent.length }], (cell, bytes) => {
      cell.marked += bytes;
      cell.extent = cell.extent === undefined ? number : MANY;
    });
  }
  for (const cell of cells) cell.unusable = cell.length - cell.metadata - cell.files - cell.free;
  return cells;
}

function emptyCell({ size }: DaxdevUsage, deviceOffset: number, length: number): Cell {
  const cell = { deviceOffset, length: Math.min(length, size - deviceOffset), extent: undefined };
  return { ...cell, metadata: 0, files: 0, marked: 0, unusable: 0, free: 0, poisoned: 0 };
}

function spread(cells: readonly Cell[], length: number, range: Range, add: (cell: Cell, bytes: number) => void): void {
  for (let i = Math.floor(range.start / length); i < cells.length; i++) {
    const cell = cells[i] as Cell;
    const start = Math.max(cell.deviceOffset, range.start);
    const end = Math.min(cell.deviceOffset + cell.length, range.end);
    if (end <= start) return;
    add(cell, end - start);
  }
}

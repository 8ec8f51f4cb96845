/** Holes of the space for files, in JSON. */
import type { Column } from '../../ui/table.js';
import { humanBytes } from '../../ui/units.js';

/** A free extent: no file has a part of it. */
export interface FreeExtentRow {
  /** index in the pool */
  readonly daxdev: number;
  /** bytes from the start of the daxdev */
  readonly deviceOffset: number;
  /** bytes */
  readonly length: number;
}

/** The holes of a range of lengths. */
export interface HoleSizeRow {
  /** bytes, a power of two: the holes are at least as long */
  readonly least: number;
  /** bytes: the holes are shorter */
  readonly below: number;
  readonly count: number;
  /** bytes of all these holes */
  readonly bytes: number;
}

/** Columns of free extents; `human` prints lengths as 1.5G. */
export function freeExtentColumns(human: boolean): Column<FreeExtentRow>[] {
  return [
    { key: 'daxdev', label: 'daxdev', align: 'right' },
    { key: 'deviceOffset', label: 'offset', align: 'right' },
    { key: 'length', label: 'free', align: 'right', format: human ? humanBytes : String },
  ];
}

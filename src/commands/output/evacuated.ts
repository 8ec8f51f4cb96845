/** Files that move from one daxdev to others. */
import { counted } from '../../format/counted.js';
import type { EvacuatedFile } from '../../fs/rewrite/evacuation.js';
import { type ExtentRow, extentRow } from './extent.js';

export interface EvacuatedFileRow {
  readonly path: string;
  /** bytes of its extents that move */
  readonly bytes: number;
  readonly moves: readonly MoveRow[];
  /** fewer daxdevs hold its strips than before */
  readonly crowded: boolean;
}

interface MoveRow {
  /** bytes from the start of the daxdev */
  readonly deviceOffset: number;
  /** its new places, by the indices that daxdevs had before, in the order of its bytes */
  readonly to: readonly ExtentRow[];
}

export function evacuatedFileRow({ path, bytes, moved, crowded }: EvacuatedFile): EvacuatedFileRow {
  return { path, bytes, moves: moved.map(({ from, to }) => ({ deviceOffset: from, to: to.map(extentRow) })), crowded };
}

/** `data/a: 4194304 bytes to daxdevs 0, 3` */
export function evacuatedLine({ path, bytes, moves }: EvacuatedFileRow): string {
  const daxdevs = [...new Set(moves.flatMap(({ to }) => to.map(({ daxdev }) => daxdev)))];
  return `${path}: ${bytes} bytes to ${counted(daxdevs.length, 'daxdev').replace(/^\d+ /, '')} ${daxdevs.join(', ')}`;
}

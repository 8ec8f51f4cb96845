import type { FileEntry } from '../../format/entries/file.js';
import { type FmapRow, fmapRow } from './extent.js';

/** A file or directory that a command was asked to make. */
export interface CreationRow {
  readonly path: string;
  /** slot of its log entry; null for the root, which mkfs makes */
  readonly slot: number | null;
  /** false if it existed before */
  readonly created: boolean;
}

export interface CreatedFileRow extends CreationRow, FmapRow {
  /** bytes */
  readonly size: number;
}

export function createdFileRow(entry: FileEntry, slot: number, created: boolean): CreatedFileRow {
  return { path: entry.path, slot, created, size: entry.size, ...fmapRow(entry) };
}

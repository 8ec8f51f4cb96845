import type { RemovedNode } from '../../fs/rewrite/remove.js';

/** A file or directory that was removed. */
export interface RemovedRow {
  readonly path: string;
  readonly type: 'file' | 'directory';
  /** bytes; 0 for a directory */
  readonly size: number;
  /** of its entry in the old log */
  readonly slot: number;
}

export function removedRow({ path, kind, size, slot }: RemovedNode): RemovedRow {
  return { path, type: kind, size, slot };
}

import type { EditedNode } from '../../fs/rewrite/editedTree.js';
import { pathOf } from '../../fs/rewrite/editedTree.js';
import { octal } from '../../ui/units.js';

/** A file or directory with its new mode and owner. */
export interface ChangedRow {
  readonly path: string;
  readonly type: 'file' | 'directory';
  /** permission bits, octal: 0644 */
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
}

export function changedRow(node: EditedNode): ChangedRow {
  const { kind, mode, uid, gid } = node;
  return { path: pathOf(node), type: kind, mode: octal(mode), uid, gid };
}

export function changedLine({ path, mode, uid, gid }: ChangedRow): string {
  return `would make ${path} ${mode} ${uid}:${gid}`;
}

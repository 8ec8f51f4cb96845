import type { Node } from '../../fs/log/namespace.js';
import { octal } from '../../ui/units.js';

/** A file or directory of the file system. */
export interface NodeRow {
  /** relative to the root, which is '' */
  readonly path: string;
  readonly type: 'file' | 'directory';
  /** bytes; 0 for a directory */
  readonly size: number;
  /** permission bits, octal: 0644 */
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
  /** slot of its log entry; null for the root, which mkfs makes */
  readonly slot: number | null;
}

export function nodeRow({ path, kind, size, mode, uid, gid, slot }: Node): NodeRow {
  return { path, type: kind, size, mode: octal(mode), uid, gid, slot: slot < 0 ? null : slot };
}

/** Files and directories, as a caller sees them. */
import type { Node } from '../fs/log/namespace.js';

/** A file or directory of the file system. */
export interface Entry {
  readonly type: 'file' | 'directory';
  /** relative to the root, which is '' */
  readonly path: string;
  /** bytes; 0 for a directory */
  readonly size: number;
  /** permission bits: 0o644 */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** slot of its log entry; null for the root, which mkfs makes */
  readonly slot: number | null;
}

export function entryOf({ kind, path, size, mode, uid, gid, slot }: Node): Entry {
  return { type: kind, path, size, mode, uid, gid, slot: slot < 0 ? null : slot };
}

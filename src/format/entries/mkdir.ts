/** MKDIR: creates a directory. */
import { checkUnused, octal } from '../fieldText.js';
import { PATH_FIELD_SIZE, writePath } from '../path.js';
import { bytes, struct, u32 } from '../struct.js';
import type { EntryType } from './entryType.js';
import { checkOwner, MODE_DIRECTORY, readMode, readPath } from './node.js';

export const mkdirStruct = struct('mkdir', 92, {
  uid: u32('owner'),
  gid: u32('group'),
  mode: u32('permission bits'),
  path: bytes(PATH_FIELD_SIZE, 'relative to the root, NUL-terminated'),
});

export interface MkdirEntry {
  readonly type: 'MKDIR';
  readonly path: string;
  readonly uid: number;
  readonly gid: number;
  /** permission bits */
  readonly mode: number;
}

const MKDIR = mkdirStruct.offsets;

export const mkdirType: EntryType<MkdirEntry> = {
  code: 1,
  struct: mkdirStruct,
  records: [],
  makesNode: true,
  neverZero: [[MKDIR.path, 8]],

  encode(image, view, at, { path, uid, gid, mode }) {
    mkdirStruct.write(view, at, { uid, gid, mode });
    writePath(image, at + MKDIR.path, path);
  },

  read(cursor, snapshot, at, end) {
    const { view } = snapshot;
    cursor.type = 'MKDIR';
    cursor.uid = view.getUint32(at + MKDIR.uid, true);
    cursor.gid = view.getUint32(at + MKDIR.gid, true);
    readPath(cursor, snapshot, at + MKDIR.path, 'mkdir.path');
    checkOwner(cursor, 'mkdir');
    readMode(cursor, 'mkdir', view.getUint32(at + MKDIR.mode, true), MODE_DIRECTORY);
    checkUnused(at + mkdirStruct.size, end, 'mkdir: bytes after the path', cursor.report);
  },

  columns: {
    toEntry({ path, uid, gid, mode }) {
      return { type: 'MKDIR', path, uid, gid, mode };
    },

    load(cursor, { path, uid, gid, mode }) {
      cursor.loadPath(path);
      cursor.uid = uid;
      cursor.gid = gid;
      cursor.mode = mode;
    },
  },

  text({ path, uid, gid, mode }) {
    return `mkdir   ${octal(mode)} ${uid}:${gid} ${path}`;
  },
};

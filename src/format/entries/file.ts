/** FILE: creates a file, with its size, owner and map. */
import { counted } from '../counted.js';
import { decimalAt, octal } from '../fieldText.js';
import type { FileMetadata } from '../fileYaml.js';
import { allocatedBytes } from '../fmap.js';
import { writePath } from '../path.js';
import { readU64 } from '../struct.js';
import type { EntryType } from './entryType.js';
import { EXTENT_INTERLEAVED, EXTENT_SIMPLE, extentStruct, fileStruct, interleavedStruct } from './fileStruct.js';
import { readFmap } from './fmapReader.js';
import { nestedInFile } from './nestedInFile.js';
import { checkOwner, MODE_REGULAR, readMode, readPath } from './node.js';

/** all hosts may only read the file */
export const FILE_FLAG_READ_ONLY = 1;
/** all hosts may write the file; the reference always writes this */
export const FILE_FLAG_READ_WRITE = 2;

export interface FileEntry extends FileMetadata {
  readonly type: 'FILE';
}

const FILE = fileStruct.offsets;

export const fileType: EntryType<FileEntry> = {
  code: 0,
  struct: fileStruct,
  records: [extentStruct, interleavedStruct],
  makesNode: true,
  // a first extent may be on daxdev 0, but never at offset 0 there
  neverZero: [
    [FILE.path, 8],
    [FILE.extents, 16],
  ],

  encode(image, view, at, { size, flags, uid, gid, mode, path, fmap }) {
    const simple = fmap.layout === 'simple';
    const extentType = simple ? EXTENT_SIMPLE : EXTENT_INTERLEAVED;
    const extentCount = simple ? fmap.extents.length : 1;
    fileStruct.write(view, at, { size, flags, uid, gid, mode, extentType, extentCount });
    writePath(image, at + FILE.path, path);
    let next = at + FILE.extents;
    if (!simple) {
      interleavedStruct.write(view, next, { stripCount: fmap.extents.length, chunkSize: fmap.chunkSize });
      next += interleavedStruct.offsets.strips;
    }
    for (const extent of fmap.extents) {
      extentStruct.write(view, next, extent);
      next += extentStruct.size;
    }
  },

  read(cursor, snapshot, at, end, unit) {
    const { view } = snapshot;
    const sink = cursor.report;
    const size = readU64(view, at + FILE.size);
    const flags = view.getUint32(at + FILE.flags, true);
    cursor.type = 'FILE';
    cursor.size = size;
    cursor.flags = flags;
    cursor.uid = view.getUint32(at + FILE.uid, true);
    cursor.gid = view.getUint32(at + FILE.gid, true);
    readPath(cursor, snapshot, at + FILE.path, 'file.path');
    if (size === 0 || size === Number.POSITIVE_INFINITY)
      sink('FILE_SIZE', 'file.size', decimalAt(view, at + FILE.size), '1..2^53-1');
    if (flags !== FILE_FLAG_READ_WRITE && flags !== FILE_FLAG_READ_ONLY)
      sink('FILE_FLAGS', 'file.flags', flags, '1 (all hosts read-only) or 2 (all hosts read-write)');
    checkOwner(cursor, 'file');
    readMode(cursor, 'file', view.getUint32(at + FILE.mode, true), MODE_REGULAR);
    if ((view.getUint32(at + FILE.padding1, true) | view.getUint32(at + FILE.padding2, true)) !== 0)
      sink('ENTRY_RESERVED', 'file.padding', 'not 0', 0);
    readFmap(cursor, view, at, end, unit);
  },

  nested: nestedInFile,

  columns: {
    toEntry({ path, size, flags, uid, gid, mode, fmap }) {
      return { type: 'FILE', path, size, flags, uid, gid, mode, fmap };
    },

    load(cursor, { path, size, flags, uid, gid, mode, fmap }) {
      cursor.loadPath(path);
      cursor.size = size;
      cursor.flags = flags;
      cursor.uid = uid;
      cursor.gid = gid;
      cursor.mode = mode;
      cursor.loadFmap(fmap);
    },
  },

  text({ path, size, uid, gid, mode, fmap }) {
    const { length } = fmap.extents;
    const where =
      fmap.layout === 'simple' ? counted(length, 'extent') : `${counted(length, 'strip')} of chunk ${fmap.chunkSize}`;
    return `creat   ${octal(mode)} ${uid}:${gid} ${path} size ${size} in ${where}, ${allocatedBytes(fmap)} bytes`;
  },
};

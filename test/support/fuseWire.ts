/** The messages of FUSE as a kernel has them: declared here once more, so that a test is a second witness of each layout. */
import { bytes, type Field, type Struct, struct, u16, u32, u64 } from '../../src/format/struct.js';

export const OP = {
  LOOKUP: 1,
  FORGET: 2,
  GETATTR: 3,
  SETATTR: 4,
  READLINK: 5,
  SYMLINK: 6,
  MKNOD: 8,
  MKDIR: 9,
  UNLINK: 10,
  RMDIR: 11,
  RENAME: 12,
  LINK: 13,
  OPEN: 14,
  READ: 15,
  WRITE: 16,
  STATFS: 17,
  RELEASE: 18,
  FSYNC: 20,
  SETXATTR: 21,
  GETXATTR: 22,
  LISTXATTR: 23,
  REMOVEXATTR: 24,
  FLUSH: 25,
  INIT: 26,
  OPENDIR: 27,
  READDIR: 28,
  RELEASEDIR: 29,
  FSYNCDIR: 30,
  GETLK: 31,
  ACCESS: 34,
  CREATE: 35,
  INTERRUPT: 36,
  BMAP: 37,
  DESTROY: 38,
  IOCTL: 39,
  POLL: 40,
  BATCH_FORGET: 42,
  FALLOCATE: 43,
  READDIRPLUS: 44,
  RENAME2: 45,
  LSEEK: 46,
  COPY_FILE_RANGE: 47,
  SETUPMAPPING: 48,
  SYNCFS: 50,
  TMPFILE: 51,
  STATX: 52,
  GET_FMAP: 54,
  GET_DAXDEV: 55,
} as const;

export const inHeader = struct('in_header', 40, {
  length: u32(''),
  opcode: u32(''),
  unique: u64(''),
  node: u64(''),
  uid: u32(''),
  gid: u32(''),
  pid: u32(''),
  extensions: u16(''),
  padding: u16(''),
});

export const outHeader = struct('out_header', 16, { length: u32(''), error: u32(''), unique: u64('') });

export const initIn = struct('init_in', 64, {
  major: u32(''),
  minor: u32(''),
  maxReadahead: u32(''),
  flags: u32(''),
  flags2: u32(''),
  unused: bytes(44, ''),
});

export const initOut = struct('init_out', 64, {
  major: u32(''),
  minor: u32(''),
  maxReadahead: u32(''),
  flags: u32(''),
  maxBackground: u16(''),
  congestionThreshold: u16(''),
  maxWrite: u32(''),
  timeGran: u32(''),
  maxPages: u16(''),
  mapAlignment: u16(''),
  flags2: u32(''),
  maxStackDepth: u32(''),
  unused: bytes(24, ''),
});

const attrFields = {
  ino: u64(''),
  size: u64(''),
  blocks: u64(''),
  atime: u64(''),
  mtime: u64(''),
  ctime: u64(''),
  atimeNsec: u32(''),
  mtimeNsec: u32(''),
  ctimeNsec: u32(''),
  mode: u32(''),
  nlink: u32(''),
  uid: u32(''),
  gid: u32(''),
  rdev: u32(''),
  blksize: u32(''),
  flags: u32(''),
};

export const entryOut = struct('entry_out', 128, {
  node: u64(''),
  generation: u64(''),
  entryValid: u64(''),
  attrValid: u64(''),
  entryValidNsec: u32(''),
  attrValidNsec: u32(''),
  ...attrFields,
});

export const attrOut = struct('attr_out', 104, {
  attrValid: u64(''),
  attrValidNsec: u32(''),
  padding: u32(''),
  ...attrFields,
});

export const setattrIn = struct('setattr_in', 88, {
  valid: u32(''),
  padding: u32(''),
  handle: u64(''),
  size: u64(''),
  lockOwner: u64(''),
  atime: u64(''),
  mtime: u64(''),
  ctime: u64(''),
  atimeNsec: u32(''),
  mtimeNsec: u32(''),
  ctimeNsec: u32(''),
  mode: u32(''),
  unused4: u32(''),
  uid: u32(''),
  gid: u32(''),
  unused5: u32(''),
});

/** Bits of `valid`. */
export const SET = { MODE: 1, UID: 2, GID: 4, SIZE: 8 } as const;

export const readIn = struct('read_in', 40, {
  handle: u64(''),
  offset: u64(''),
  size: u32(''),
  readFlags: u32(''),
  lockOwner: u64(''),
  flags: u32(''),
  padding: u32(''),
});

export const openIn = struct('open_in', 8, { flags: u32(''), openFlags: u32('') });
export const openOut = struct('open_out', 16, { handle: u64(''), openFlags: u32(''), backingId: u32('') });
export const openOut64 = struct('open_out_64', 24, {
  handle: u64(''),
  openFlags: u32(''),
  backingId: u32(''),
  backingId64: u64(''),
});
export const createIn = struct('create_in', 16, { flags: u32(''), mode: u32(''), umask: u32(''), openFlags: u32('') });
export const mkdirIn = struct('mkdir_in', 8, { mode: u32(''), umask: u32('') });
export const releaseIn = struct('release_in', 24, {
  handle: u64(''),
  flags: u32(''),
  releaseFlags: u32(''),
  lockOwner: u64(''),
});
export const fallocateIn = struct('fallocate_in', 32, {
  handle: u64(''),
  offset: u64(''),
  length: u64(''),
  mode: u32(''),
  padding: u32(''),
});
export const rename2In = struct('rename2_in', 16, { newParent: u64(''), flags: u32(''), padding: u32('') });
export const lseekIn = struct('lseek_in', 24, { handle: u64(''), offset: u64(''), whence: u32(''), padding: u32('') });
export const getxattrIn = struct('getxattr_in', 8, { size: u32(''), padding: u32('') });
export const setxattrIn = struct('setxattr_in', 8, { size: u32(''), flags: u32('') });
export const fsyncIn = struct('fsync_in', 16, { handle: u64(''), flags: u32(''), padding: u32('') });
export const statfsOut = struct('statfs_out', 80, {
  blocks: u64(''),
  free: u64(''),
  available: u64(''),
  files: u64(''),
  filesFree: u64(''),
  blockSize: u32(''),
  nameLength: u32(''),
  fragmentSize: u32(''),
  padding: u32(''),
  spare: bytes(24, ''),
});
export const dirent = struct('dirent', 24, { ino: u64(''), next: u64(''), nameLength: u32(''), type: u32('') });

/** Bits of INIT's flags. */
export const INIT = {
  ASYNC_READ: 0,
  BIG_WRITES: 5,
  AUTO_INVAL_DATA: 12,
  DO_READDIRPLUS: 13,
  ASYNC_DIO: 15,
  WRITEBACK_CACHE: 16,
  NO_OPEN_SUPPORT: 17,
  PARALLEL_DIROPS: 18,
  MAX_PAGES: 22,
  NO_OPENDIR_SUPPORT: 24,
  EXPLICIT_INVAL_DATA: 25,
  HANDLE_KILLPRIV_V2: 28,
  INIT_EXT: 30,
  DIRECT_IO_ALLOW_MMAP: 36,
  PASSTHROUGH: 37,
  OVER_IO_URING: 41,
  DAX_FMAP: 43,
  PASSTHROUGH_V2: 45,
} as const;

export type AnyStruct = Struct<Record<string, Field<unknown>>>;

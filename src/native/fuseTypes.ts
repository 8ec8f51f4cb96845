/** What a server of the FUSE protocol is given and tells (docs/fuse.md). */

/** How the kernel is to reach bytes by itself; `none`: it asks for them. */
export type FuseMaps = 'none' | 'v2' | 'd';

export interface FuseOptions {
  /** of /dev/fuse, or of a socket whose peer is the kernel; the server takes them over */
  fds: readonly number[];
  /** 1..64 */
  threads: number;
  /** names are made, removed and renamed: the listener hears of it; else that is refused with EROFS */
  creates: boolean;
  /** bytes may be written */
  writes: boolean;
  /** the kernel keeps no bytes */
  direct: boolean;
  /** have the kernel tell of each open, also where it could do without */
  followsOpens: boolean;
  /** seconds that the kernel may keep names and attributes */
  timeout: number;
  /** of all nodes that have no time of their own, seconds since 1970 */
  time: number;
  maps: FuseMaps;
  /** names of the extended attributes that the listener has */
  xattrs: readonly string[];
  /** folder for temporary files */
  staging: string;
  /** of the root directory */
  mode: number;
  uid: number;
  gid: number;
}

/** A request that waits for one of the answers, unless `unique` is 0: then it only tells. */
export interface FuseControl {
  readonly type: 'control';
  readonly unique: bigint;
  readonly opcode: number;
  /** what is changed, or the directory in which something is */
  readonly node: number;
  readonly uid: number;
  readonly gid: number;
  readonly name: Buffer;
  /** a second name, or the value of an extended attribute */
  readonly other: Buffer;
  /** CREATE, MKNOD, MKDIR: mode; RENAME: new directory, flags; SETATTR, FALLOCATE: size, or, of SETATTR, 0 and 1 once mode or owner have changed; GET_FMAP: the size probed; OPEN: flags */
  readonly numbers: readonly [number, number, number];
}

/** READ_FAULT, WRITE_FAULT: memory that cannot be reached; CHANGED: the watched bytes did; BAD_REQUEST, REFUSED: see docs/fuse.md. */
export interface FuseTrouble {
  readonly type: 'trouble';
  readonly what: 'READ_FAULT' | 'WRITE_FAULT' | 'CHANGED' | 'BAD_REQUEST' | 'REFUSED';
  readonly node: number;
  /** of the file, bytes */
  readonly offset: number;
  readonly device: number;
  readonly deviceOffset: number;
  readonly errno: number;
}

/** The kernel and the server have agreed. */
export interface FuseReady {
  readonly type: 'ready';
  readonly minor: number;
  /** flags of INIT */
  readonly offered: bigint;
  readonly accepted: bigint;
  readonly maps: FuseMaps;
}

/** No thread of the server runs any more. */
export interface FuseEnded {
  readonly type: 'ended';
  /** 0: the file system was unmounted, or the peer went away */
  readonly errno: number;
}

export type FuseEvent = FuseControl | FuseTrouble | FuseReady | FuseEnded;

/** Permission bits and owner of a node. */
export interface FuseOwner {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export interface FuseNode extends FuseOwner {
  readonly id: number;
  readonly kind: 'directory' | 'mapped' | 'staged';
  /** bytes, from the root; '' for the root */
  readonly path: Buffer;
  /** id of its directory */
  readonly parent: number;
  /** bytes */
  readonly size: number;
  /** of a directory: its mode, owner and name may still change, and it may be removed */
  readonly pending: boolean;
  /** of a pending directory: nothing is in it */
  readonly empty: boolean;
  /** false for a file that is open but has been removed */
  readonly named: boolean;
  /** of a staged file: its temporary file, which stays the server's */
  readonly fd?: number;
  /** of a staged file: counts its changes */
  readonly version?: number;
  /** of a staged file: how many have it open for writing */
  readonly writers?: number;
}

/** A run of bytes of a device. Offset and length in bytes. */
export interface FuseExtent {
  readonly device: number;
  readonly offset: number;
  readonly length: number;
}

/** How many nodes of a batch were added, and why others were not. */
export interface BatchResult {
  readonly added: number;
  readonly noParent: number;
  readonly exists: number;
  readonly impossible: number;
}

/** Input and output of a server of the FUSE protocol (docs/fuse.md). */

/** How the kernel accesses bytes by itself; `none`: it requests them. */
export type FuseMaps = 'none' | 'v2' | 'd';

export interface FuseOptions {
  /** of /dev/fuse, or of a socket whose peer is the kernel; the server takes them over */
  fds: readonly number[];
  /** 1..64 */
  threads: number;
  /** names can be made, removed and renamed, and the listener handles that; otherwise it is refused with EROFS */
  creates: boolean;
  /** bytes may be written */
  writes: boolean;
  /** the kernel caches no bytes */
  direct: boolean;
  /** make the kernel report each open, even if it could do without */
  followsOpens: boolean;
  /** seconds that the kernel may cache names and attributes */
  timeout: number;
  /** of all nodes without a time of their own, seconds since 1970 */
  time: number;
  /** forms of maps that the kernel may have, the best first */
  maps: readonly Exclude<FuseMaps, 'none'>[];
  /** names of the extended attributes that the listener provides */
  xattrs: readonly string[];
  /** folder for temporary files */
  staging: string;
  /** of the root directory */
  mode: number;
  uid: number;
  gid: number;
}

/** A request that waits for one of the answers, or only a notice if `unique` is 0. */
export interface FuseControl {
  readonly type: 'control';
  readonly unique: bigint;
  readonly opcode: number;
  /** the node to change, or the directory of a name */
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
  /** of a READ or WRITE */
  readonly mostBytes: number;
}

/** All threads of the server have ended. */
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
  /** of a pending directory: it is empty */
  readonly empty: boolean;
  /** false for a file that is open but has been removed */
  readonly named: boolean;
  /** of a staged file: its temporary file, which still belongs to the server */
  readonly fd?: number;
  /** of a staged file: number of its changes */
  readonly version?: number;
  /** of a staged file: number of opens for writing */
  readonly writers?: number;
}

/** A run of bytes of a device. Offset and length in bytes. */
export interface FuseExtent {
  readonly device: number;
  readonly offset: number;
  readonly length: number;
}

/** Number of nodes of a batch that were added, and why others were not. */
export interface BatchResult {
  readonly added: number;
  readonly noParent: number;
  readonly exists: number;
  readonly impossible: number;
}

import { addon, type NativeLogTable } from './addon.js';
import type { IsPlain } from './columnText.js';
import { type MappedDevice, nativeOf } from './device.js';
import { type NodeForm, NodeText } from './nodeText.js';
import type { TextPrograms } from './recordText.js';
import { defaultThreads } from './threads.js';

/** Why no node can be made at a path. */
export const NODE_FAULTS = ['none', 'duplicate', 'parent missing', 'parent not a directory'] as const;
export type NodeFault = (typeof NODE_FAULTS)[number];

/** Bytes [start, end) of `bytes` are a path of at most 79 bytes. */
export interface PathBytes {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** The fields of an entry that are kept for a file or directory. */
export interface NodeRecord {
  readonly directory: boolean;
  /** log slot */
  readonly slot: number;
  /** permission bits */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** bytes; 0 for a directory */
  readonly size: number;
}

/** All nodes, a row each, in the order of the log. */
export interface NodeColumns {
  /** 0 file, 1 directory */
  readonly kinds: Uint8Array;
  readonly modes: Uint16Array;
  readonly slots: Uint32Array;
  readonly uids: Uint32Array;
  readonly gids: Uint32Array;
  /** row of the directory that holds it; NO_ROW for the root */
  readonly parents: Uint32Array;
  /** bytes */
  readonly sizes: Float64Array;
  /** the paths one after the other */
  readonly paths: Buffer;
  /** where in `paths` each ends */
  readonly pathEnds: Uint32Array;
}

/** The nodes as a tree. Directories are numbered by their rows + 1; 0 is the root. */
export interface TreeColumns extends Pick<NodeColumns, 'kinds'> {
  /** rows by directory, ascending within each: those of directory i are at [starts[i], starts[i + 1]) */
  readonly rows: Uint32Array;
  readonly starts: Uint32Array;
  /** by directory: 1 where there are others in it */
  readonly nested: Uint8Array;
}

/** What many nodes have in common. */
export interface NodeTraits {
  readonly directory: boolean;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** Entries that `replay` has applied, `read` has read or a caller is going to append, in the order of the log. */
export interface AppliedBlock {
  /** for each: slot, flags, mode, uid, gid, size, chunk size (0 for a simple file), number of extents (0 for a directory), path bytes */
  readonly numbers: Float64Array;
  /** the paths one after the other */
  readonly paths: Uint8Array;
  /** for each extent: daxdev, offset on it, length */
  readonly extents: Float64Array;
}

/** numbers of an entry in an AppliedBlock */
export const NUMBERS_PER_APPLIED = 9;
/** positions among them */
export const APPLIED = {
  slot: 0,
  flags: 1,
  mode: 2,
  uid: 3,
  gid: 4,
  size: 5,
  chunkSize: 6,
  extents: 7,
  pathBytes: 8,
} as const;
/** numbers of an extent in an AppliedBlock */
export const NUMBERS_PER_EXTENT = 3;

const NUMBERS_OF_TRAITS = 4;

export const NO_ROW = 0xffffffff;

/** Kept entries to unpack at a time: so many that their text is worth several threads, and few enough for a cache. */
const KEPT_AT_ONCE = 8192;
/** bytes of the longest path */
const MOST_PATH = 79;

/**
 * The log as columns: names, and the claims of entries on each daxdev. `replay` applies entries that are sound by themselves and
 * fit what came before; it passes every other one to the caller. Offsets and sizes in bytes.
 */
export class LogTable {
  readonly #native: NativeLogTable;

  /**
   * @param layout offsets by name (format/entries/layout.ts)
   * @param unit allocation unit of the file system
   */
  constructor(layout: Readonly<Record<string, number>>, unit: number) {
    this.#native = new (addon().LogTable)(layout, unit);
  }

  /** Adds the next daxdev of the pool. `reserved`: bytes at its start that no extent may use. */
  addDaxdev(size: number, reserved: number): void {
    this.#native.addDaxdev(Math.min(size, Number.MAX_SAFE_INTEGER), Math.min(reserved, Number.MAX_SAFE_INTEGER));
  }

  /**
   * Applies the entries of slots [from, to), which begin at byte `firstSlot` of the device; from must be the next slot of the
   * table. Calls `handle` for each that is not sound or does not fit; what it adds is seen by those that follow.
   * @throws DeviceError SIGBUS where memory cannot be read
   */
  replay(device: MappedDevice, firstSlot: number, from: number, to: number, handle: (slot: number) => void): void {
    if (from >= to) return;
    this.reserve(to, to - from);
    try {
      this.#native.decode(nativeOf(device), firstSlot, from, to, defaultThreads());
      for (let slot = this.#native.advance(); slot < to; slot = this.#native.advance()) {
        handle(slot);
        this.#native.resume(slot + 1);
      }
    } finally {
      this.#native.dropDecoded();
    }
  }

  /**
   * The entries of slots [from, to) that are sound by themselves, read again; nothing is applied. `to` is at most the number of
   * slots.
   * @throws DeviceError SIGBUS where memory cannot be read
   */
  read(device: MappedDevice, firstSlot: number, from: number, to: number): AppliedBlock {
    this.#native.decode(nativeOf(device), firstSlot, from, to, 1);
    return this.#native.takeDecoded();
  }

  /** Makes room for entries up to slot `to`, of which `more` are still to come. */
  reserve(to: number, more: number): void {
    this.#native.reserve(to, more);
  }

  /**
   * The bytes of entries for consecutive slots from `slot` on.
   * @throws Error if the columns do not fit each other or the layout
   */
  encode(slot: number, { numbers, paths, extents }: AppliedBlock): Buffer {
    return this.#native.encode(slot, numbers, paths, extents);
  }

  /** Applies such entries; `slot` is the next slot of the table. Returns the first slot that does not fit, or the one after the last. */
  apply(slot: number, { numbers, paths, extents }: AppliedBlock): number {
    this.#native.take(slot, numbers, paths, extents);
    return this.#native.advance();
  }

  /** Starts or stops recording the entries that `replay` applies by itself. */
  record(on: boolean): void {
    this.#native.record(on);
  }

  /** The entries recorded since the last call. */
  takeRecord(): AppliedBlock {
    return this.#native.takeRecord();
  }

  /** Starts or stops keeping the same entries; they take a fraction of the memory of a block. */
  keep(on: boolean): void {
    this.#native.keep(on);
  }

  /** The entries that were kept, some at a time. Each block is valid until the next is drawn. */
  *kept(): Generator<AppliedBlock> {
    const place = new Float64Array(2);
    const numbers = new Float64Array(KEPT_AT_ONCE * NUMBERS_PER_APPLIED);
    const paths = new Uint8Array(KEPT_AT_ONCE * MOST_PATH);
    // some have more, others fewer
    const extents = new Float64Array(2 * KEPT_AT_ONCE * NUMBERS_PER_EXTENT);
    for (;;) {
      const [used = 0, bytes, extentNumbers] = this.#native.kept(place, numbers, paths, extents);
      if (used === 0) return;
      yield {
        numbers: numbers.subarray(0, used),
        paths: paths.subarray(0, bytes),
        extents: extents.subarray(0, extentNumbers),
      };
    }
  }

  /** Adds a node, unless something prevents it. */
  addNode({ directory, slot, mode, uid, gid, size }: NodeRecord, { bytes, start, end }: PathBytes): NodeFault {
    const fault = this.#native.addNode(directory ? 1 : 0, slot, mode, uid, gid, size, bytes, start, end);
    return NODE_FAULTS[fault] as NodeFault;
  }

  /** What would prevent a node from being added. */
  faultOf({ bytes, start, end }: PathBytes): NodeFault {
    return NODE_FAULTS[this.#native.faultOf(bytes, start, end)] as NodeFault;
  }

  /**
   * Whether files can be made at paths, one after the other: nothing is there, the parent is a directory, and none is named twice.
   * Path i ends at ends[i] of `paths`, where the next begins.
   */
  canAddFiles(paths: Uint8Array, ends: Uint32Array): boolean {
    return this.#native.canAddFiles(paths, ends);
  }

  /** Rows of what is in the directory of a row, or with NO_ROW in the root, in the order of the log. */
  childrenOf(row: number): Uint32Array {
    return this.#native.childrenOf(row === NO_ROW ? -1 : row);
  }

  /** The row of a path; undefined when there is none. */
  find({ bytes, start, end }: PathBytes): number | undefined {
    const row = this.#native.find(bytes, start, end);
    return row < 0 ? undefined : row;
  }

  get counts(): { nodes: number; directories: number; fileBytes: number } {
    const [nodes = 0, directories = 0, fileBytes = 0] = this.#native.counts();
    return { nodes, directories, fileBytes };
  }

  /** The node of a row, which must be below the number of nodes. */
  node(row: number): NodeRecord {
    const [kind = 0, slot = 0, mode = 0, uid = 0, gid = 0, size = 0] = this.#native.node(row);
    return { directory: kind === 1, slot, mode, uid, gid, size };
  }

  /** The path of a row, which must be below the number of nodes. */
  path(row: number): Buffer {
    return this.#native.path(row);
  }

  /** Copies of all columns, for a pass over every node. */
  columns(): NodeColumns {
    return this.#native.columns();
  }

  /** The nodes as a tree, as they are now. */
  tree(): TreeColumns {
    return this.#native.tree();
  }

  /**
   * Sorts the rows of nodes in one directory by name. False, with the rows as they were, if a name is not ASCII: then the order of
   * bytes may not be that of strings.
   */
  sortByName(rows: Uint32Array): boolean {
    return this.#native.sortByName(rows);
  }

  /**
   * Sorts the rows of all directories of a tree likewise. Returns for each directory 1, or 0 where a name is not ASCII and the rows
   * are as they were.
   */
  sortContents(rows: Uint32Array, starts: Uint32Array): Uint8Array {
    return this.#native.sortContents(rows, starts, defaultThreads());
  }

  /** The traits of the nodes of rows, each once, in the order in which they come up. */
  traitsOf(rows: Uint32Array): NodeTraits[] {
    const numbers = this.#native.traits(rows);
    const traits: NodeTraits[] = [];
    for (let at = 0; at < numbers.length; at += NUMBERS_OF_TRAITS) {
      const [kind, mode, uid, gid] = numbers.subarray(at) as unknown as [number, number, number, number];
      traits.push({ directory: kind === 1, mode, uid, gid });
    }
    return traits;
  }

  /** A printer of nodes of this table; for the arguments see NodeText. */
  printer(programs: TextPrograms, forms: readonly NodeForm[], isPlain: IsPlain): NodeText {
    return new NodeText(this.#native, programs, forms, isPlain);
  }

  /** Records the claim of `owner` (a log slot, or below 0 for metadata) on a daxdev; doubtful claims are kept apart. */
  claim(daxdev: number, doubtful: boolean, start: number, end: number, owner: number): void {
    if (end > start) this.#native.claim(daxdev, doubtful, start, end, owner);
  }

  claimTotals(daxdev: number, doubtful: boolean): { count: number; bytesOfFiles: number } {
    const [count = 0, bytesOfFiles = 0] = this.#native.claims(daxdev, doubtful);
    return { count, bytesOfFiles };
  }

  /** Start and end of each free range of [0, size), ascending, rounded inwards to `unit`. */
  holes(daxdev: number, doubtful: boolean, size: number, unit: number): Float64Array {
    return this.#native.holes(daxdev, doubtful, Math.min(size, Number.MAX_SAFE_INTEGER), unit);
  }

  /** For each claim that begins before an earlier one ends: start, end and owner of the earlier, then of the later one. */
  overlaps(daxdev: number, doubtful: boolean): Float64Array {
    return this.#native.overlaps(daxdev, doubtful);
  }
}

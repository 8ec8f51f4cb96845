import { AddonError, checkAddonFile, findAddon } from './addonFile.js';
import { DeviceError, type DeviceErrorDetails } from './error.js';
import type { FuseEvent, FuseNode, FuseOptions } from './fuseTypes.js';
import type { AppliedBlock } from './logTable.js';
import type { PackedNodes } from './nodeBatch.js';
import type { TextPrograms, TextRecords } from './recordText.js';

/** The C++ side of a MappedDevice; see cpp/device.cc. Offsets and lengths in bytes. */
export interface NativeDevice {
  readonly size: number;
  readInto(target: Uint8Array, offset: number): void;
  write(offset: number, bytes: Uint8Array): void;
  writeBack(offset: number, length: number): void;
  invalidate(offset: number, length: number): void;
  isHole(offset: number, length: number): boolean;
  fence(): void;
  persist(offset: number, bytes: Uint8Array): void;
  persistEach(offset: number, bytes: Uint8Array, stride: number, counters: number, count: number): void;
  lock(exclusive: boolean, wait: boolean): boolean;
  unlock(): void;
  close(): void;
}

/** The operations of the C++ side on segments of mapped memory; see cpp/operation.h. */
export type JobOperation =
  | 'copyIn'
  | 'copyInStream'
  | 'copyOut'
  | 'copyOutStream'
  | 'compare'
  | 'copyMemory'
  | 'compareMemory'
  | 'zero'
  | 'fillPattern'
  | 'verifyPattern'
  | 'writeBack'
  | 'invalidate'
  | 'read';

export interface JobRequest {
  operation: JobOperation;
  devices: NativeDevice[];
  /** four numbers per segment: device, offset, fileOffset, length */
  segments: Float64Array;
  /** file descriptor, if the operation needs a file */
  fd: number;
  /** the device whose memory the operation reads, if it needs one */
  source?: NativeDevice | undefined;
  seed: bigint;
  /** 1..256 */
  threads: number;
  keepGoing: boolean;
  invalidate: boolean;
  /** record the memory operations of each thread */
  traced: boolean;
  /** called once; of little work that waits for no file, before the constructor returns */
  done(result: JobResult): void;
}

/** Many small files copied by one job; see cpp/small_files.h. The segments are the places of the files. */
export interface FilesJobRequest extends Omit<JobRequest, 'operation' | 'source'> {
  operation: 'copyFiles';
  /** that the paths begin in; empty: that of the process */
  folder: Uint8Array;
  /** of the files, each ended by a zero */
  paths: Uint8Array;
  /** three numbers per file: device, inode, time of change in ms */
  versions: Float64Array;
  /** compare each file with the memory */
  verify: boolean;
  /** what the memory has now may be lost even if a file is not as planned */
  allNew: boolean;
}

export interface JobFault {
  device: number;
  offset: number;
  fileOffset: number;
  length: number;
  side: 'device' | 'file';
  action: 'read' | 'write';
  code?: string;
  errno?: number;
}

export interface JobDifference {
  device: number;
  offset: number;
  fileOffset: number;
  expected: number;
  found: number;
}

export interface JobResult {
  bytes: number;
  cancelled: boolean;
  more: boolean;
  faults: JobFault[];
  difference?: JobDifference;
  /** of copyFiles: a FileState of cpp/job.h per file */
  states?: Uint8Array;
  /** of copyFiles: the differences of the files that differ, in their order */
  differences?: JobDifference[];
  /**
   * the steps of the threads, one thread after the other; five numbers per step: thread, kind (see cpp/trace.h), device, offset,
   * length
   */
  steps?: Float64Array;
}

/** A job under way. */
export interface NativeJob {
  cancel(): void;
  bytes(): number;
}

/** The C++ side of a LogTable; see cpp/log_table_binding.cc. */
export interface NativeLogTable {
  reserve(entries: number, more: number): void;
  addDaxdev(size: number, reserved: number): void;
  decode(device: NativeDevice, firstSlot: number, from: number, to: number, threads: number): void;
  dropDecoded(): void;
  decodeBytes(bytes: Uint8Array, from: number, to: number): void;
  encode(slot: number, numbers: Float64Array, paths: Uint8Array, extents: Float64Array): Buffer;
  take(slot: number, numbers: Float64Array, paths: Uint8Array, extents: Float64Array): void;
  advance(): number;
  resume(slot: number): void;
  record(on: boolean): void;
  takeRecord(): AppliedBlock;
  keep(on: boolean): void;
  kept(place: Float64Array, numbers: Float64Array, paths: Uint8Array, extents: Float64Array): Float64Array;
  takeDecoded(): AppliedBlock;
  addNode(
    kind: number,
    slot: number,
    mode: number,
    uid: number,
    gid: number,
    size: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): number;
  faultOf(bytes: Uint8Array, start: number, end: number): number;
  canAddFiles(paths: Uint8Array, ends: Uint32Array): boolean;
  find(bytes: Uint8Array, start: number, end: number): number;
  childrenOf(row: number): Uint32Array;
  counts(): Float64Array;
  node(row: number): Float64Array;
  path(row: number): Buffer;
  columns(): {
    kinds: Uint8Array;
    modes: Uint16Array;
    slots: Uint32Array;
    uids: Uint32Array;
    gids: Uint32Array;
    parents: Uint32Array;
    sizes: Float64Array;
    paths: Buffer;
    pathEnds: Uint32Array;
  };
  tree(): { kinds: Uint8Array; rows: Uint32Array; starts: Uint32Array; nested: Uint8Array };
  sortByName(rows: Uint32Array): boolean;
  sortContents(rows: Uint32Array, starts: Uint32Array, threads: number): Uint8Array;
  traits(rows: Uint32Array): Float64Array;
  nodeText(
    programs: TextPrograms,
    forms: Float64Array,
    plain: Uint8Array,
    rows: Uint32Array,
    place: Uint32Array,
    end: number,
    threads: number,
    target: Uint8Array,
  ): number;
  claim(daxdev: number, doubtful: boolean, start: number, end: number, owner: number): void;
  claims(daxdev: number, doubtful: boolean): Float64Array;
  holes(daxdev: number, doubtful: boolean, size: number, unit: number): Float64Array;
  overlaps(daxdev: number, doubtful: boolean): Float64Array;
}

/** The C++ side of a FuseServer; see cpp/fuse_server.cc. */
export interface NativeFuseServer {
  start(): void;
  addNodes(parts: readonly PackedNodes[]): [number, number, number, number];
  setDevice(index: number, device: NativeDevice): void;
  find(parent: number, name: Uint8Array): number;
  node(id: number): FuseNode | undefined;
  stage(id: number, parent: number, name: Uint8Array, mode: number, uid: number, gid: number): void;
  stageKept(id: number, parent: number, name: Uint8Array, mode: number, uid: number, gid: number, file: string): void;
  stageDirectory(id: number, parent: number, name: Uint8Array, mode: number, uid: number, gid: number): void;
  keep(id: number, path: string): void;
  settle(id: number, settled: boolean): void;
  adopt(id: number, mode: number, uid: number, gid: number): void;
  freeze(id: number, version: number): boolean;
  thaw(id: number): void;
  place(id: number, size: number, chunk: number, extents: Float64Array, flags: number): boolean;
  rename(id: number, parent: number, name: Uint8Array): void;
  remove(id: number, asked: boolean): void;
  forgetInode(id: number): void;
  setStatfs(
    blocks: number,
    free: number,
    files: number,
    filesFree: number,
    blockSize: number,
    nameLength: number,
  ): void;
  addWatch(device: NativeDevice, offset: number, bytes: Uint8Array): void;
  fail(): void;
  answerError(unique: bigint, errno: number): boolean;
  answerEntry(unique: bigint, node: number): boolean;
  answerCreate(unique: bigint, node: number): boolean;
  answerOpen(unique: bigint, flags: number, backingId: number): boolean;
  answerAttr(unique: bigint, node: number): boolean;
  answerBytes(unique: bigint, bytes: Uint8Array): boolean;
  notify(code: number, bytes: Uint8Array): void;
  registerBacking(device: NativeDevice, id: number): void;
  openDaxdev(device: NativeDevice, index: number): void;
  requests(): number[];
  tableBytes(): number;
}

/** See cpp/new_files_binding.cc. */
export interface NativeNewFiles {
  begin(
    folders: Int32Array,
    folderOf: Uint32Array,
    names: Uint8Array,
    texts: Uint8Array,
    ends: Uint32Array,
    mode: number,
  ): void;
  wait(): Uint32Array;
}

/** What the addon exports; only files of this folder call it. */
export interface Addon {
  setErrorClass(type: new (details: DeviceErrorDetails) => DeviceError): void;
  Device: new (
    path: string,
    isDevice: boolean,
    writable: boolean,
    size: number,
    number0: bigint,
    number1: bigint,
  ) => NativeDevice;
  /** bytes of a page of memory */
  readonly pageSize: number;
  /** bytes of a cache line */
  readonly lineSize: number;
  Job: new (request: JobRequest | FilesJobRequest) => NativeJob;
  LogTable: new (layout: Readonly<Record<string, number>>, unit: number) => NativeLogTable;
  NewFiles: new () => NativeNewFiles;
  FuseServer: new (options: FuseOptions, listener: (event: FuseEvent) => void) => NativeFuseServer;
  openFuse(): number;
  cloneFuse(fd: number): number;
  mountFuse(source: string, target: string, type: string, flags: number, data: string): void;
  unmount(target: string, flags: number): void;
  socketPair(sequenced: boolean): [number, number];
  receiveDescriptor(fd: number): number;
  sendDatagram(path: string, bytes: Uint8Array): number;
  crc32(bytes: Uint8Array): number;
  crc32Records(bytes: Uint8Array, start: number, stride: number, length: number, results: Uint32Array): void;
  usedLengths(bytes: Uint8Array, start: number, stride: number, length: number, results: Uint32Array): void;
  /** the names in a folder in byte order, each ended by a zero */
  listFolder(path: Uint8Array): Buffer;
  /** numbers of each name in a folder; see rowOf in cpp/folder.cc */
  statNames(path: Uint8Array, names: Uint8Array, follow: boolean): Float64Array;
  recordText(records: TextRecords): Buffer;
  entryText(
    programs: TextPrograms,
    starts: Uint32Array,
    plain: Uint8Array,
    block: AppliedBlock,
    place: Float64Array,
    end: number,
    threads: number,
    target: Uint8Array,
  ): number;
  /** whether anyone can still read what is written to a descriptor */
  hasReader(fd: number): boolean;
  /** writes what needs no reader; the number of bytes, 0 after an error too */
  writeAtOnce(fd: number, bytes: Uint8Array): number;
  /** ends this process; nothing of Node.js runs any more */
  exitNow(exitCode: number): never;
  counters(): Counters;
  resetCounters(): void;
  useCalls(allowed: boolean): void;
  useWideRegisters(allowed: boolean): void;
}

/**
 * Counts of the stores, write-backs, invalidations and fences of this process; a store is one call of write or one bulk block.
 */
export interface Counters {
  stores: number;
  bytesStored: number;
  linesWrittenBack: number;
  linesInvalidated: number;
  fences: number;
}

let loaded: Addon | undefined;

/** The addon, loaded at the first call. Throws AddonError if it is missing or cannot be loaded. */
export function addon(): Addon {
  loaded ??= load();
  return loaded;
}

/** The addon if it is loaded already. */
export function loadedAddon(): Addon | undefined {
  return loaded;
}

/** Replaces the addon's view of memory, for tests that simulate hosts; undefined restores it. */
export function replaceAddon(other: Addon | undefined): void {
  loaded = other;
}

let find = () => findAddon(import.meta.dirname);

/** Takes the addon from the file that `finder` returns, for a program that brings it in another way than as a file beside it. */
export function setAddonFile(finder: () => string): void {
  find = finder;
}

function load(): Addon {
  const path = find();
  checkAddonFile(path);
  const module = { exports: {} as Partial<Addon> };
  try {
    // Not require(), which takes a millisecond more than the addon itself
    process.dlopen(module, path);
  } catch (error) {
    throw new AddonError(`cannot load ${path}: ${(error as Error).message}`);
  }
  const found = module.exports;
  if (found.setErrorClass === undefined || found.LogTable === undefined)
    throw new AddonError(`${path} was built from another version of famfs`);
  found.setErrorClass(DeviceError);
  return found as Addon;
}

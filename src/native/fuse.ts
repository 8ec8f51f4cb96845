/**
 * A server of the FUSE protocol (cpp/fuse_session.h): it answers from a table of nodes by itself, on threads of its own, and
 * tells a listener what it cannot answer. It knows nothing of what is served. docs/fuse.md says what is spoken.
 */
import { addon, type NativeFuseServer } from './addon.js';
import { type MappedDevice, nativeOf } from './device.js';

import type { BatchResult, FuseEvent, FuseExtent, FuseNode, FuseOptions, FuseOwner } from './fuseTypes.js';
import { type NodeBatch, NUMBERS_AN_EXTENT } from './nodeBatch.js';

export { Opcode } from './fuseOpcodes.js';
export type * from './fuseTypes.js';
export { NodeBatch } from './nodeBatch.js';

/** the root directory, which is there from the start */
export const ROOT_ID = 1;
/** nodes whose bytes are never written */
export const SEALED = 1;
/** nodes of which an open drops what was cached before */
export const UNCACHED = 2;

/** open flag: the kernel reaches the file's bytes through a map that it was given */
export const OPEN_PASSTHROUGH = 1 << 7;

export class FuseServer {
  readonly #native: NativeFuseServer;

  /** @param listener called with each event in turn, never from within a call of the server; an event keeps the process alive until 'ended' */
  constructor(options: FuseOptions, listener: (event: FuseEvent) => void) {
    this.#native = new (addon().FuseServer)(options, listener);
  }

  /** Starts to answer. Throws DeviceError when no thread can be started. */
  start(): void {
    this.#native.start();
  }

  addNodes(batch: NodeBatch): BatchResult {
    const [added, noParent, exists, impossible] = this.#native.addNodes(...batch.packed());
    return { added, noParent, exists, impossible };
  }

  /** Says where the bytes of a device are; files on one that is not here are read with EIO. */
  setDevice(index: number, device: MappedDevice): void {
    this.#native.setDevice(index, nativeOf(device));
  }

  /** The id of what a directory has under a name; undefined when it has nothing. */
  find(parent: number, name: Uint8Array): number | undefined {
    return this.#native.find(parent, name) || undefined;
  }

  node(id: number): FuseNode | undefined {
    return this.#native.node(id);
  }

  /** Makes a file whose bytes are in a temporary file. Throws DeviceError: EEXIST, or why there is no temporary file. */
  stage(id: number, parent: number, name: Uint8Array, { mode, uid, gid }: FuseOwner): void {
    this.#native.stage(id, parent, name, mode, uid, gid);
  }

  /** Makes a file whose temporary file is there already: one that was kept. Throws DeviceError. */
  stageKept(id: number, parent: number, name: Uint8Array, { mode, uid, gid }: FuseOwner, path: string): void {
    this.#native.stageKept(id, parent, name, mode, uid, gid, path);
  }

  /** Makes a directory that may still change, and be removed. Throws DeviceError: EEXIST. */
  stageDirectory(id: number, parent: number, name: Uint8Array, { mode, uid, gid }: FuseOwner): void {
    this.#native.stageDirectory(id, parent, name, mode, uid, gid);
  }

  /**
   * Gives the temporary file of a staged file a name, by which it outlives this process; the listener hears of later changes of
   * its mode and owner. Throws DeviceError where the file system of the folder cannot do that.
   */
  keep(id: number, path: string): void {
    this.#native.keep(id, path);
  }

  /** Says whether a directory stays as it is, or is pending: can be changed and removed. */
  settle(id: number, settled: boolean): void {
    this.#native.settle(id, settled);
  }

  /** A pending directory is one that somebody else has made, with this mode and owner. */
  adopt(id: number, { mode, uid, gid }: FuseOwner): void {
    this.#native.adopt(id, mode, uid, gid);
  }

  /** Keeps a staged file as it is until it is placed or thawed; false when it is not at that version any more. */
  freeze(id: number, version: number): boolean {
    return this.#native.freeze(id, version);
  }

  thaw(id: number): void {
    this.#native.thaw(id);
  }

  /** Makes a staged file one that is mapped, its bytes being there. False when the extents cannot be those of a file. */
  place(id: number, size: number, chunk: number, extents: readonly FuseExtent[], flags = 0): boolean {
    const packed = new Float64Array(extents.length * NUMBERS_AN_EXTENT);
    for (const [i, { device, offset, length }] of extents.entries())
      packed.set([device, offset, length], i * NUMBERS_AN_EXTENT);
    return this.#native.place(id, size, chunk, packed, flags);
  }

  /** Gives a staged file another name, which must be free. */
  rename(id: number, parent: number, name: Uint8Array): void {
    this.#native.rename(id, parent, name);
  }

  /**
   * Takes a staged file its name (whoever has it open keeps it), or removes a pending, empty directory.
   * @param asked the kernel has asked for it, and needs no notification
   */
  remove(id: number, asked: boolean): void {
    this.#native.remove(id, asked);
  }

  /** Has the kernel drop what it has cached of a node. */
  forgetInode(id: number): void {
    this.#native.forgetInode(id);
  }

  /** What statfs says; blocks of `blockSize` bytes. */
  setStatfs(...numbers: Parameters<NativeFuseServer['setStatfs']>): void {
    this.#native.setStatfs(...numbers);
  }

  /** Serves bytes only as long as these bytes of a device are what they are. */
  setWatch(device: MappedDevice, offset: number, bytes: Uint8Array): void {
    this.#native.setWatch(nativeOf(device), offset, bytes);
  }

  /** From now on all is EIO, and the kernel is made to forget what it knows. */
  fail(): void {
    this.#native.fail();
  }

  // Each answer returns false when nobody waits for it any more.

  answerError(unique: bigint, errno: number): boolean {
    return this.#native.answerError(unique, errno);
  }

  answerEntry(unique: bigint, node: number): boolean {
    return this.#native.answerEntry(unique, node);
  }

  answerCreate(unique: bigint, node: number): boolean {
    return this.#native.answerCreate(unique, node);
  }

  answerOpen(unique: bigint, flags = 0, backingId = 0): boolean {
    return this.#native.answerOpen(unique, flags, backingId);
  }

  answerAttr(unique: bigint, node: number): boolean {
    return this.#native.answerAttr(unique, node);
  }

  answerBytes(unique: bigint, bytes: Uint8Array): boolean {
    return this.#native.answerBytes(unique, bytes);
  }

  /** Sends a notification. Throws DeviceError with what the kernel has against it. */
  notify(code: number, bytes: Uint8Array): void {
    this.#native.notify(code, bytes);
  }

  /** Gives the kernel a device under an id. Throws DeviceError with what the kernel has against it. */
  registerBacking(device: MappedDevice, id: number): void {
    this.#native.registerBacking(nativeOf(device), id);
  }

  /** How many requests of each opcode came. */
  requests(): readonly number[] {
    return this.#native.requests();
  }

  /** Bytes of memory that the table takes. */
  get tableBytes(): number {
    return this.#native.tableBytes();
  }
}

/**
 * A server of the FUSE protocol (cpp/fuse_session.h). It answers requests from a table of nodes on its own threads, and passes
 * those that it cannot answer to a listener. It does not know what it serves. docs/fuse.md describes the protocol.
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
/** nodes whose cached bytes are dropped on open */
export const UNCACHED = 2;

/** open flag: the kernel accesses the file's bytes through a map that it was given */
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

  /** Adds nodes, all at once for the kernel. A staged file whose name is taken loses it. */
  addNodes(batch: NodeBatch): BatchResult {
    const [added, noParent, exists, impossible] = this.#native.addNodes(batch.packed());
    return { added, noParent, exists, impossible };
  }

  /** Sets the place of a device's bytes; reads of files on a missing one fail with EIO. */
  setDevice(index: number, device: MappedDevice): void {
    this.#native.setDevice(index, nativeOf(device));
  }

  /** The id of a name in a directory; undefined if it does not exist. */
  find(parent: number, name: Uint8Array): number | undefined {
    return this.#native.find(parent, name) || undefined;
  }

  node(id: number): FuseNode | undefined {
    return this.#native.node(id);
  }

  /**
   * Makes a file whose bytes are in a temporary file. Throws DeviceError: EEXIST, or the reason why there is no temporary file.
   */
  stage(id: number, parent: number, name: Uint8Array, { mode, uid, gid }: FuseOwner): void {
    this.#native.stage(id, parent, name, mode, uid, gid);
  }

  /** Makes a file from an existing temporary file that was kept. Throws DeviceError. */
  stageKept(id: number, parent: number, name: Uint8Array, { mode, uid, gid }: FuseOwner, path: string): void {
    this.#native.stageKept(id, parent, name, mode, uid, gid, path);
  }

  /** Makes a directory that may still change, and be removed. Throws DeviceError: EEXIST. */
  stageDirectory(id: number, parent: number, name: Uint8Array, { mode, uid, gid }: FuseOwner): void {
    this.#native.stageDirectory(id, parent, name, mode, uid, gid);
  }

  /**
   * Gives the temporary file of a staged file a name, so that it outlives this process; the listener then receives changes of its
   * mode and owner. Throws DeviceError if the file system of the folder does not support that.
   */
  keep(id: number, path: string): void {
    this.#native.keep(id, path);
  }

  /** Sets whether a directory is fixed, or pending: can be changed and removed. */
  settle(id: number, settled: boolean): void {
    this.#native.settle(id, settled);
  }

  /** Somebody else has made a pending directory, with this mode and owner. */
  adopt(id: number, { mode, uid, gid }: FuseOwner): void {
    this.#native.adopt(id, mode, uid, gid);
  }

  /** Freezes a staged file until it is placed or thawed; false if it is no longer at that version. */
  freeze(id: number, version: number): boolean {
    return this.#native.freeze(id, version);
  }

  thaw(id: number): void {
    this.#native.thaw(id);
  }

  /** Turns a staged file into a mapped one, whose bytes are in place. False if the extents cannot belong to a file. */
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
   * Removes the name of a staged file (processes that have it open keep it), or an empty pending directory.
   * @param asked the kernel has asked for it, and needs no notification
   */
  remove(id: number, asked: boolean): void {
    this.#native.remove(id, asked);
  }

  /** Makes the kernel drop its cache of a node. */
  forgetInode(id: number): void {
    this.#native.forgetInode(id);
  }

  /** Sets the values of statfs, in blocks of `blockSize` bytes. */
  setStatfs(...numbers: Parameters<NativeFuseServer['setStatfs']>): void {
    this.#native.setStatfs(...numbers);
  }

  /** From now on, serves bytes of files only while these bytes of a device, too, are unchanged. */
  addWatch(device: MappedDevice, offset: number, bytes: Uint8Array): void {
    this.#native.addWatch(nativeOf(device), offset, bytes);
  }

  /** Answers every later request with EIO, and makes the kernel forget what it knows. */
  fail(): void {
    this.#native.fail();
  }

  // Each answer returns false if nobody waits for it any more.

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

  /** Sends a notification. Throws DeviceError with the kernel's objection. */
  notify(code: number, bytes: Uint8Array): void {
    this.#native.notify(code, bytes);
  }

  /** Registers a device with the kernel under an id. Throws DeviceError with the kernel's objection. */
  registerBacking(device: MappedDevice, id: number): void {
    this.#native.registerBacking(nativeOf(device), id);
  }

  /**
   * Gives the kernel the daxdev of an index, as its revisions with the size probe demand (the FUSE patches of 2026). Throws
   * DeviceError: ENOTTY from a kernel that does not know this call, else its objection.
   */
  openDaxdev(device: MappedDevice, index: number): void {
    this.#native.openDaxdev(nativeOf(device), index);
  }

  /** Number of requests by opcode. */
  requests(): readonly number[] {
    return this.#native.requests();
  }

  /** Bytes of memory that the table uses. */
  get tableBytes(): number {
    return this.#native.tableBytes();
  }
}

import { addon, type Counters, type NativeDevice } from './addon.js';
import { DeviceError } from './error.js';
import { type Identity, identify } from './identify.js';
import { memoryObserver, OWN_THREAD } from './observer.js';

export type { Counters } from './addon.js';
export { DeviceError } from './error.js';
export { type MemoryObserver, observeMemory } from './observer.js';
export { crc32, crc32Records, type Records, usedLengths } from './records.js';

export interface OpenOptions {
  /** map for writing too */
  writable: boolean;
  /** where sysfs is (default /sys) */
  sysfs?: string;
}

/** bytes of two counters of 8 bytes */
const COUNTERS_SIZE = 16;

/** The driver whose devices can be mapped. */
const DEVICE_DAX = 'device_dax';

/** The errors of open(2) or mmap(2) for a dax device with another driver, or none. */
const UNMAPPABLE = new Set(['ENXIO', 'ENODEV', 'EINVAL', 'EOPNOTSUPP']);

/** The C++ side of a device, for the other files of this folder. */
export let nativeOf: (device: MappedDevice) => NativeDevice;

/**
 * A dax device, or a regular file standing in for one, mapped from end to end. Offsets and lengths are bytes; a range that
 * leaves the device is a RangeError. Memory that cannot be reached (poison, a file cut short) is a DeviceError with code
 * SIGBUS and the offset of the fault; a write may then have been done in part.
 */
export class MappedDevice {
  readonly path: string;
  readonly kind: 'device' | 'file';
  /** bytes */
  readonly size: number;
  /** bytes; of a file the page size */
  readonly align: number;
  readonly writable: boolean;
  /** 'char:MAJOR:MINOR' or 'file:DEV:INO': equal for the same device by another path or a hard link */
  readonly identity: string;
  readonly #native: NativeDevice;
  /** called once, before it is unmapped */
  beforeClose: (() => void) | undefined;

  static {
    nativeOf = (device) => device.#native;
  }

  /**
   * Opens and maps all of it.
   * @throws DeviceError an errno name, NOT_DAX, NOT_A_DEVICE, EMPTY or UNMAPPABLE
   */
  static open(path: string, options: OpenOptions): MappedDevice {
    const found = identify(path, options.sysfs ?? '/sys');
    return new MappedDevice(path, options.writable, found, openNative(path, options.writable, found));
  }

  private constructor(path: string, writable: boolean, found: Identity, native: NativeDevice) {
    this.path = path;
    this.kind = found.kind;
    this.size = native.size;
    this.align = found.align;
    this.writable = writable;
    this.identity = found.identity;
    this.#native = native;
  }

  /** A copy of the bytes as they are now. */
  read(offset: number, length: number): Buffer {
    this.#check(offset, length);
    const bytes = Buffer.allocUnsafe(length);
    this.#native.readInto(bytes, offset);
    return bytes;
  }

  /** Fills `target` with the bytes at `offset`. */
  readInto(target: Uint8Array, offset: number): void {
    this.#check(offset, target.length);
    this.#native.readInto(target, offset);
  }

  /**
   * Stores bytes; nothing is written back. 8 bytes at a multiple of 8, and 16 at a multiple of 16, are one store: no other
   * host sees half of them.
   */
  write(offset: number, bytes: Uint8Array): void {
    this.#check(offset, bytes.length);
    memoryObserver()?.write?.(this, offset, bytes, OWN_THREAD);
    this.#native.write(offset, bytes);
  }

  /** Writes back each cache line in the range, without a fence. */
  writeBack(offset: number, length: number): void {
    this.#check(offset, length);
    memoryObserver()?.writeBack?.(this, offset, length, OWN_THREAD);
    this.#native.writeBack(offset, length);
  }

  /** Drops each cache line in the range (stores to it are written back), without a fence. */
  invalidate(offset: number, length: number): void {
    this.#check(offset, length);
    memoryObserver()?.invalidate?.(this, offset, length, OWN_THREAD);
    this.#native.invalidate(offset, length);
  }

  /**
   * Whether the range is a hole of an image file, and so zero: no need to read it, which would fill it with pages of zeros.
   * False for a device, and for a file that other hosts may share.
   */
  isHole(offset: number, length: number): boolean {
    this.#check(offset, length);
    return this.#native.isHole(offset, length);
  }

  /** Completes earlier stores, write-backs and invalidations before anything that follows, loads included. */
  fence(): void {
    memoryObserver()?.fence?.(this, OWN_THREAD);
    this.#native.fence();
  }

  /** write, writeBack and fence in one call. */
  persist(offset: number, bytes: Uint8Array): void {
    if (memoryObserver() === undefined) {
      this.#check(offset, bytes.length);
      this.#native.persist(offset, bytes);
      return;
    }
    // One that stops at the fence must find the bytes stored
    this.write(offset, bytes);
    this.writeBack(offset, bytes.length);
    this.fence();
  }

  /**
   * Persists records of `stride` bytes one after the other from `offset` on. After each, persists at `counters`, in one store, two
   * 8-byte numbers: both are how many records there are now, of which `count` came before.
   */
  persistEach(offset: number, bytes: Uint8Array, stride: number, counters: number, count: number): void {
    this.#check(offset, bytes.length);
    this.#check(counters, COUNTERS_SIZE);
    if (memoryObserver() === undefined) {
      this.#native.persistEach(offset, bytes, stride, counters, count);
      return;
    }
    const numbers = new BigUint64Array(2);
    for (let at = 0; at < bytes.length; at += stride) {
      this.persist(offset + at, bytes.subarray(at, at + stride));
      numbers.fill(BigInt(count + at / stride + 1));
      this.persist(counters, new Uint8Array(numbers.buffer));
    }
  }

  /**
   * flock(2) on the device; a lock held already is converted. While it waits, this thread does nothing else.
   * @returns false when another holds it and `wait` is false
   */
  lock(kind: 'exclusive' | 'shared', wait: boolean): boolean {
    return this.#native.lock(kind === 'exclusive', wait);
  }

  unlock(): void {
    this.#native.unlock();
  }

  /** Unmaps and unlocks; bulk jobs under way keep the memory and the lock until they end. Closing twice is harmless. */
  close(): void {
    this.beforeClose?.();
    this.beforeClose = undefined;
    this.#native.close();
  }

  #check(offset: number, length: number): void {
    const inside = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0;
    if (inside && length <= this.size && offset <= this.size - length) return;
    throw new RangeError(`${this.path}: no ${length} bytes at offset ${offset} in ${this.size} bytes`);
  }
}

/** Counts of this process's operations on mapped memory since it started or since resetCounters(). */
export function counters(): Counters {
  return addon().counters();
}

/** Bytes of a cache line. */
export function lineSize(): number {
  return addon().lineSize;
}

export function resetCounters(): void {
  addon().resetCounters();
}

/**
 * Whether this process may store bulk data to an image in the page cache, and read its log, by system calls, as it does at first.
 * Otherwise it uses the mapping, as that of a device: for tests of that.
 */
export function useCalls(allowed: boolean): void {
  addon().useCalls(allowed);
}

/** Whether this process may use registers of 64 bytes where the processor has them, as it does at first: for tests of what others do. */
export function useWideRegisters(allowed: boolean): void {
  addon().useWideRegisters(allowed);
}

function openNative(path: string, writable: boolean, found: Identity): NativeDevice {
  try {
    const { Device } = addon();
    return new Device(path, found.kind === 'device', writable, found.size, ...found.numbers);
  } catch (cause) {
    if (!(cause instanceof DeviceError) || found.dax === undefined) throw cause;
    const { name, driver } = found.dax;
    if (driver === DEVICE_DAX || !UNMAPPABLE.has(cause.code)) throw cause;
    const reason = `is a dax device that cannot be mapped: ${driver === undefined ? 'no driver' : `driver ${driver}`} holds it`;
    const { syscall, errno } = cause;
    throw new DeviceError({
      code: 'UNMAPPABLE',
      path,
      reason,
      daxdev: name,
      ...(driver && { driver }),
      ...(syscall && { syscall }),
      ...(errno && { errno }),
    });
  }
}

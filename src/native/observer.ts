import type { MappedDevice } from './device.js';

/**
 * Sees every write, writeBack, invalidate and fence that goes through a MappedDevice, just before it is done; an observer
 * that throws prevents it. For tests that replay what a crash can leave. Offsets and lengths in bytes. Bulk jobs
 * (bulk.ts) are not seen.
 */
export interface MemoryObserver {
  write?(device: MappedDevice, offset: number, bytes: Uint8Array): void;
  writeBack?(device: MappedDevice, offset: number, length: number): void;
  invalidate?(device: MappedDevice, offset: number, length: number): void;
  fence?(device: MappedDevice): void;
}

let current: MemoryObserver | undefined;

/** Puts an observer in place of the one before; undefined removes it. One at a time, for this thread. */
export function observeMemory(observer: MemoryObserver | undefined): void {
  current = observer;
}

/** The observer in place, if any. */
export function memoryObserver(): MemoryObserver | undefined {
  return current;
}

import type { MappedDevice } from './device.js';

/**
 * Sees what is done to mapped memory, for tests that replay what a crash can leave. Offsets and lengths in bytes.
 *
 * What goes through a MappedDevice is reported just before it is done, with thread 0; an observer that throws prevents it.
 * A bulk job (bulk.ts) is reported when it has ended: for each of its threads in turn, all that the thread stored, wrote
 * back and fenced, in order, with a number of its own; bytes are those that are in memory then. A store past the cache is a
 * write and a writeBack. A fence completes the stores of its own thread only. Invalidations by bulk jobs are not told.
 */
export interface MemoryObserver {
  write?(device: MappedDevice, offset: number, bytes: Uint8Array, thread: number): void;
  writeBack?(device: MappedDevice, offset: number, length: number, thread: number): void;
  invalidate?(device: MappedDevice, offset: number, length: number, thread: number): void;
  /** @param device through which it was asked for; undefined by a bulk job */
  fence?(device: MappedDevice | undefined, thread: number): void;
}

/** the thread of JavaScript */
export const OWN_THREAD = 0;

const NUMBERS_A_STEP = 5;
/** kinds of steps, as in cpp/trace.h */
const STORE = 0;
const WRITE_BACK = 1;

let current: MemoryObserver | undefined;
let threads = OWN_THREAD;

/** Puts an observer in place of the one before; undefined removes it. One at a time, for this thread. */
export function observeMemory(observer: MemoryObserver | undefined): void {
  current = observer;
}

/** The observer in place, if any. */
export function memoryObserver(): MemoryObserver | undefined {
  return current;
}

/** Tells the observer what the threads of a bulk job did: `steps` of its result. */
export function tellObserver(devices: readonly MappedDevice[], steps: Float64Array): void {
  const first = threads + 1;
  for (let at = 0; at < steps.length; at += NUMBERS_A_STEP) {
    const [number, kind, index, offset, length] = steps.subarray(at, at + NUMBERS_A_STEP) as unknown as Step;
    const device = devices[index] as MappedDevice;
    const thread = first + number;
    threads = Math.max(threads, thread);
    if (kind === STORE) current?.write?.(device, offset, device.read(offset, length), thread);
    else if (kind === WRITE_BACK) current?.writeBack?.(device, offset, length, thread);
    else current?.fence?.(undefined, thread);
  }
}

type Step = [thread: number, kind: number, device: number, offset: number, length: number];

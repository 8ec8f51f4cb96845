/** Bulk jobs: the operations, what each needs, and what each reports. */
import type { JobOperation } from './addon.js';
import type { MappedDevice } from './device.js';
import type { Segment } from './segment.js';

export type BulkOperation = JobOperation;

/** The options of every operation. */
export interface BulkOptions {
  /** worker threads, 1..256; default: defaultThreads() */
  readonly threads?: number;
  /** aborting it ends the job within a tenth of a second, with `cancelled` in the result */
  readonly signal?: AbortSignal | undefined;
  /** called about five times a second, and at the end, with the bytes done so far */
  readonly onProgress?: ((bytesDone: number) => void) | undefined;
  /** list faults and continue instead of stopping at the first; bad memory is then skipped 4 KiB at a time */
  readonly keepGoing?: boolean;
  /** drop cached lines before memory is read, so that stores of other hosts are seen */
  readonly invalidate?: boolean;
}

interface WithFile {
  /** an open file, pipe, socket or terminal; it stays open until the job ends, even if it is closed meanwhile */
  readonly fd: number;
}

interface WithSource {
  /** open for reading; a segment's file offset is the offset on it, bytes */
  readonly source: MappedDevice;
}

interface WithSeed {
  /** 0..2^64-1 */
  readonly seed: number | bigint;
}

/** What each operation needs besides memory. */
interface Inputs {
  /**
   * Copies a file that can be read at any offset into memory; its holes become zeros without being read. A file that ends
   * before a segment does is a fault with code EUNDERRUN and the file offset.
   */
  copyIn: WithFile;
  /**
   * Copies what a pipe, socket or terminal delivers into the segments, in their order, until the stream ends or they are
   * full; then waits to see whether there is more. Fewer bytes than the segments hold are no fault: see `bytes`.
   */
  copyInStream: WithFile;
  /**
   * Copies memory to a file that can be written at any offset. With keepGoing, pages that cannot be read are not written:
   * in a new file they are holes. The caller sets the file's length.
   */
  copyOut: WithFile;
  /**
   * Copies memory to a pipe, socket or terminal, in the order of the segments. With keepGoing, pages that cannot be read
   * are sent as zeros. A reader that went away is a fault with code EPIPE.
   */
  copyOutStream: WithFile;
  /**
   * Compares memory with a file, whose bytes are the expected ones. A file that ends too early is a fault with code EUNDERRUN.
   */
  compare: WithFile;
  /**
   * Copies the memory of another device, or of other places of the same one, into the segments. A device that ends before a segment
   * does is a fault with code EUNDERRUN; memory of it that cannot be read is one with code SIGBUS. Both have side 'file'.
   */
  copyMemory: WithSource;
  /** Compares memory with that of another device, whose bytes are the expected ones. Faults as for copyMemory. */
  compareMemory: WithSource;
  /** Stores zeros. */
  zero: unknown;
  /**
   * Stores the seeded pattern: xoroshiro128+ seeded by splitmix64; of each output the low 32 bits, little-endian. The value
   * of a byte depends on the seed and its file offset only.
   */
  fillPattern: WithSeed;
  /** Compares memory with the seeded pattern. */
  verifyPattern: WithSeed;
  /** Writes back every cache line of the segments. */
  writeBack: unknown;
  /** Drops every cache line of the segments. */
  invalidate: unknown;
  /** Loads every byte and keeps none, to find memory that cannot be read. */
  read: unknown;
}

/** A run of bytes that could not be read or written. */
export interface BulkFault extends Segment {
  /** the part that failed: the device's memory, or the file (or other device) at the other end */
  readonly side: 'device' | 'file';
  readonly action: 'read' | 'write';
  /** SIGBUS for memory, EUNDERRUN for a file that ends too early, EPIPE for a stream nobody reads, or another errno name */
  readonly code: string;
}

export interface BulkResult {
  /** bytes done, faults not counted */
  readonly bytes: number;
  /** by file offset; neighbours joined */
  readonly faults: readonly BulkFault[];
  readonly cancelled: boolean;
}

/** The first byte that differs. */
export interface Difference {
  /** index into the devices of the job */
  readonly device: number;
  /** in the device, bytes */
  readonly offset: number;
  /** in the file, bytes */
  readonly fileOffset: number;
  /** 0..255 */
  readonly expected: number;
  /** 0..255 */
  readonly found: number;
}

export interface CheckResult extends BulkResult {
  /** absent if all readable bytes are as expected; bytes after it in the file may not have been compared */
  readonly difference?: Difference;
}

export interface StreamInResult extends BulkResult {
  /** the stream had more than the segments hold (one byte of it was read to see) */
  readonly more: boolean;
}

/** The report of each operation. */
export type BulkResultOf<O extends BulkOperation> = O extends 'compare' | 'compareMemory' | 'verifyPattern'
  ? CheckResult
  : O extends 'copyInStream'
    ? StreamInResult
    : BulkResult;

/** One operation on segments of mapped memory. */
export type BulkJob<O extends BulkOperation> = BulkOptions &
  Inputs[O] & {
    readonly operation: O;
    /** may be closed meanwhile: they stay mapped until the job ends */
    readonly devices: readonly MappedDevice[];
    readonly segments: readonly Segment[];
  };

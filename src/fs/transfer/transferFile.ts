/** One bulk operation on all bytes of a file: batch by batch, with progress, and with faults that name their place in the pool. */
import { type BulkFault, type BulkJob, type BulkOperation, type Difference, runBulk } from '../../native/bulk.js';
import type { FamfsError } from '../errors.js';
import { faultError, mismatchError } from './failures.js';
import type { FileMap, Place } from './fileMap.js';

export { defaultThreads } from '../../native/threads.js';

/** How to run a transfer: number of threads, cancelling, progress. */
export interface TransferControl {
  /** 1..256 */
  readonly threads: number;
  /** aborted to end the work at once */
  readonly signal: AbortSignal;
  /** called with the number of bytes done since the last call */
  advance(bytes: number): void;
}

type FromControl = 'devices' | 'segments' | 'threads' | 'signal' | 'onProgress';

/** An operation of native/bulk.ts, with its arguments besides the memory of the file. */
export type FileOperation = { [O in BulkOperation]: Omit<BulkJob<O>, FromControl> }[BulkOperation] & {
  /** the name of the file or stream at the other end, for messages */
  readonly otherEnd?: string;
};

/** A run of bytes from the place on that could not be read or written. */
export interface FaultRange extends Place, Pick<BulkFault, 'length' | 'side' | 'action' | 'code'> {}

/** A byte that differs from the expected one. */
export interface Mismatch extends Place {
  /** 0..255 */
  readonly expected: number;
  /** 0..255 */
  readonly found: number;
}

export interface TransferResult {
  /** bytes done, except unreachable ones */
  bytes: number;
  /** with keepGoing: memory that could not be reached, by file offset */
  readonly unreachable: FaultRange[];
  cancelled: boolean;
  /** of copyInStream: the stream has more than the file holds */
  more: boolean;
}

/**
 * Runs an operation on a whole file, and ends early when cancelled. Throws POISON for memory that cannot be reached, except with
 * keepGoing; WRONG_BYTE; CHANGED for a source that ended too early; and CANNOT_READ or CANNOT_WRITE for the other end.
 */
export async function transferFile(
  map: FileMap,
  { otherEnd = map.path, ...operation }: FileOperation,
  control: TransferControl,
): Promise<TransferResult> {
  const total: TransferResult = { bytes: 0, unreachable: [], cancelled: false, more: false };
  const { threads, signal } = control;
  // the end of a stream is checked after the last byte, so its file is not divided
  for (const segments of operation.operation === 'copyInStream' ? [map.segments()] : map.batches()) {
    const onProgress = countingFrom(control);
    const result = await runBulk({ ...operation, devices: map.devices, segments, threads, signal, onProgress });
    const unreachable = result.faults.map((fault) => faultRange(map, fault));
    const fatal = unreachable.find(({ side }) => side === 'file' || operation.keepGoing !== true);
    if (fatal !== undefined) throw faultError(map.path, fatal, otherEnd);
    if ('difference' in result && result.difference !== undefined) throw differenceError(map, result.difference);
    total.unreachable.push(...unreachable);
    total.bytes += result.bytes;
    total.cancelled = result.cancelled;
    total.more = 'more' in result && result.more;
    if (total.cancelled) break;
  }
  return total;
}

/** WRONG_BYTE for a difference, whose device is an index into those of the map. */
export function differenceError(map: FileMap, { device, offset, fileOffset, expected, found }: Difference): FamfsError {
  return mismatchError(map.path, { ...map.place(device, offset, fileOffset), expected, found });
}

/** Turns a total for this batch into increments. */
export function countingFrom(control: TransferControl): (bytesDone: number) => void {
  let reported = 0;
  return (bytesDone) => {
    control.advance(bytesDone - reported);
    reported = bytesDone;
  };
}

function faultRange(map: FileMap, { device, offset, fileOffset, length, side, action, code }: BulkFault): FaultRange {
  return { ...map.place(device, offset, fileOffset), length, side, action, code };
}

/** Bulk work over a whole file: batch by batch, with progress, and with faults that name their place in the pool. */
import type { BulkOptions, CheckResult, Segment } from '../../native/bulk.js';
import type { MappedDevice } from '../../native/device.js';
import type { FileMap, Place } from './fileMap.js';

export { defaultThreads } from '../../native/bulk.js';

/** What a transfer needs of whoever runs it. */
export interface Attendant {
  /** 1..256 */
  readonly threads: number;
  /** aborted when the work is to end at once */
  readonly signal: AbortSignal;
  /** told of bytes as they are done */
  advance(bytes: number): void;
}

/** A run of bytes that could not be read or written, from `fileOffset` on. */
export interface BadRange extends Place {
  /** bytes */
  readonly length: number;
  /** what failed: the memory, or the file at the other end */
  readonly side: 'device' | 'file';
  readonly action: 'read' | 'write';
  /** SIGBUS, EUNDERRUN, EPIPE or another errno name */
  readonly code: string;
}

/** A byte that is not as it should be. */
export interface Wrong extends Place {
  readonly expected: number;
  readonly found: number;
}

export interface WorkResult {
  /** bytes done, bad ones not counted */
  bytes: number;
  /** by file offset */
  bad: BadRange[];
  cancelled: boolean;
  /** a stream had more than the file takes */
  more: boolean;
  /** the first wrong byte of a comparison */
  wrong?: Wrong;
}

/** One of the functions of native/bulk.ts, bound to what it needs besides segments. */
export type Work = (
  devices: readonly MappedDevice[],
  segments: readonly Segment[],
  options: BulkOptions,
) => Promise<CheckResult & { more?: boolean }>;

export interface WorkOptions {
  /** list bad ranges and go on; else the first ends the work */
  readonly keepGoing?: boolean;
  /** drop what this host has cached before memory is read */
  readonly invalidate?: boolean;
  /** hand over the file in one piece: for a stream, whose end is looked for behind the last byte */
  readonly undivided?: boolean;
}

/** Does `work` on all of a file. Ends early when cancelled, at a wrong byte, and, unless it keeps going, at a bad range. */
export async function workOn(
  map: FileMap,
  work: Work,
  attendant: Attendant,
  options: WorkOptions = {},
): Promise<WorkResult> {
  const { keepGoing = false, invalidate = false, undivided = false } = options;
  const { threads, signal } = attendant;
  const total: WorkResult = { bytes: 0, bad: [], cancelled: false, more: false };
  for (const segments of undivided ? [map.segments()] : map.batches()) {
    const onProgress = countingFrom(attendant);
    const result = await work(map.devices, segments, { threads, signal, keepGoing, invalidate, onProgress });
    merge(total, map, result);
    if (total.cancelled || total.wrong !== undefined || (total.bad.length > 0 && !keepGoing)) break;
  }
  return total;
}

/** Turns "so much of this batch" into "so much more". */
function countingFrom(attendant: Attendant): (bytesDone: number) => void {
  let told = 0;
  return (bytesDone) => {
    attendant.advance(bytesDone - told);
    told = bytesDone;
  };
}

function merge(total: WorkResult, map: FileMap, result: Awaited<ReturnType<Work>>): void {
  const { bytes, faults, cancelled, difference, more = false } = result;
  total.bytes += bytes;
  total.cancelled ||= cancelled;
  total.more ||= more;
  for (const { device, offset, fileOffset, length, side, action, code } of faults)
    total.bad.push({ ...map.place(device, offset, fileOffset), length, side, action, code });
  if (difference === undefined) return;
  const { device, offset, fileOffset, expected, found } = difference;
  total.wrong = { ...map.place(device, offset, fileOffset), expected, found };
}

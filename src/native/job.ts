import { availableParallelism } from 'node:os';
import { addon, type JobFault, type JobOperation, type JobResult, type NativeJob } from './addon.js';
import { type MappedDevice, nativeOf } from './device.js';
import { DeviceError, errnoName } from './error.js';
import { memoryObserver, tellObserver } from './observer.js';
import { packSegments, type Segment } from './segment.js';

export interface BulkOptions {
  /** threads that work, 1..256; default: defaultThreads() */
  threads?: number;
  /** aborting it ends the job within a tenth of a second, with `cancelled` in the result */
  signal?: AbortSignal;
  /** called about five times a second, and at the end, with the bytes done so far */
  onProgress?(bytesDone: number): void;
  /** list faults and go on, in place of stopping at the first; bad memory is then skipped 4 KiB at a time */
  keepGoing?: boolean;
  /** drop cached lines before memory is read, so that what another host wrote is seen */
  invalidate?: boolean;
}

/** A run of bytes that could not be read or written. */
export interface BulkFault extends Segment {
  /** what failed: the device's memory, or the file at the other end */
  side: 'device' | 'file';
  action: 'read' | 'write';
  /** SIGBUS for memory, EUNDERRUN for a file that ends too early, EPIPE for a stream nobody reads, or another errno name */
  code: string;
}

export interface BulkResult {
  /** bytes done, faults not counted */
  bytes: number;
  /** by file offset; neighbours joined */
  faults: BulkFault[];
  cancelled: boolean;
}

/** One call of the addon, with what its operation needs. */
export interface JobCall {
  operation: JobOperation;
  devices: readonly MappedDevice[];
  segments: readonly Segment[];
  fd?: number;
  seed?: bigint;
  options: BulkOptions;
}

const MOST_THREADS = 256;
const DEFAULT_MOST_THREADS = 16; // memory is saturated by then
const PROGRESS_INTERVAL = 200; // ms

/** As many threads as help: one a processor, at most 16. */
export function defaultThreads(): number {
  return Math.min(availableParallelism(), DEFAULT_MOST_THREADS);
}

/**
 * Runs a job on worker threads. It ends well even when it met faults or was cancelled: the result says so.
 * @throws RangeError for segments or options that are impossible, DeviceError CLOSED or READ_ONLY for a device, EBADF for the fd
 */
export async function runJob(call: JobCall): Promise<JobResult & { faults: BulkFault[] }> {
  const { operation, devices, options } = call;
  const { threads = defaultThreads(), signal } = options;
  if (!Number.isInteger(threads) || threads < 1 || threads > MOST_THREADS) {
    throw new RangeError(`threads must be 1..${MOST_THREADS}, not ${threads}`);
  }
  const segments = packSegments(devices, call.segments);
  if (signal?.aborted) return { bytes: 0, faults: [], cancelled: true, more: false };
  const { keepGoing = false, invalidate = false } = options;
  const traced = memoryObserver() !== undefined;
  const native = {
    operation,
    devices: devices.map(nativeOf),
    segments,
    fd: call.fd ?? -1,
    seed: call.seed ?? 0n,
    traced,
  };
  let done: (result: JobResult) => void;
  const ended = new Promise<JobResult>((resolve) => {
    done = resolve;
  });
  const job = new (addon().Job)({ ...native, threads, keepGoing, invalidate, done: done! });
  const { steps, ...result } = await attend(job, ended, options);
  if (steps !== undefined) tellObserver(devices, steps);
  return { ...result, faults: result.faults.map(nameFault) };
}

/** Passes on abort and progress while the job runs. */
async function attend(job: NativeJob, ended: Promise<JobResult>, options: BulkOptions): Promise<JobResult> {
  const { signal, onProgress } = options;
  const cancel = () => job.cancel();
  const timer = onProgress && setInterval(() => onProgress(job.bytes()), PROGRESS_INTERVAL);
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    return await ended;
  } finally {
    clearInterval(timer);
    signal?.removeEventListener('abort', cancel);
    onProgress?.(job.bytes());
  }
}

function nameFault({ code, errno, ...rest }: JobFault): BulkFault {
  return { ...rest, code: code ?? errnoName(errno ?? 0) };
}

/**
 * A fault as an error, for a caller that gives up.
 * @param file how to name the file at the other end
 */
export function faultError(fault: BulkFault, devices: readonly MappedDevice[], file: string): DeviceError {
  const path = fault.side === 'file' ? file : (devices[fault.device]?.path ?? '');
  const offset = fault.side === 'file' ? fault.fileOffset : fault.offset;
  return new DeviceError({ code: fault.code, syscall: fault.action, path, offset });
}

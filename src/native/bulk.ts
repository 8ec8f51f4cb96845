/** Bulk work between mapped memory and files, on worker threads. */
import { addon, type FilesJobRequest, type JobFault, type JobRequest, type JobResult } from './addon.js';
import type { BulkFault, BulkJob, BulkOperation, BulkOptions, BulkResult, BulkResultOf } from './bulkJob.js';
import { type MappedDevice, nativeOf } from './device.js';
import { errnoName } from './error.js';
import { memoryObserver, tellObserver } from './observer.js';
import { packSegments } from './segment.js';
import { defaultThreads } from './threads.js';
import { withResolvers } from './withResolvers.js';

export type {
  BulkFault,
  BulkJob,
  BulkOperation,
  BulkOptions,
  BulkResult,
  BulkResultOf,
  CheckResult,
  Difference,
} from './bulkJob.js';
export type { Segment } from './segment.js';

const MAX_THREADS = 256;
const PROGRESS_INTERVAL = 200; // ms

/**
 * Runs one operation on segments of mapped memory. Stores bypass the cache and are fenced: once the promise resolves, the stored
 * bytes are in memory. Faults and cancelling do not reject; the result lists them.
 * @throws RangeError for impossible segments, threads or seed; DeviceError CLOSED or READ_ONLY for a device, EBADF for the fd
 */
export async function runBulk<O extends BulkOperation>(job: BulkJob<O>): Promise<BulkResultOf<O>> {
  const request = toRequest(job);
  const { steps, faults, cancelled, bytes, ...rest } = job.signal?.aborted ? NOT_RUN : await runJob(request, job);
  if (steps !== undefined) tellObserver(job.devices, steps);
  const result: BulkResult = { bytes, faults: faults.map(nameFault), cancelled, ...reportedBy(job.operation, rest) };
  return result as BulkResultOf<O>;
}

const NOT_RUN: JobResult = { bytes: 0, faults: [], cancelled: true, more: false };

type Request = Omit<JobRequest, 'done'>;

function toRequest(job: BulkJob<BulkOperation>): Request {
  const { operation, devices, threads = defaultThreads(), keepGoing = false, invalidate = false } = job;
  if (!Number.isInteger(threads) || threads < 1 || threads > MAX_THREADS)
    throw new RangeError(`threads must be 1..${MAX_THREADS}, not ${threads}`);
  const { fd = -1, seed = 0, source } = job as { fd?: number; seed?: number | bigint; source?: MappedDevice };
  return {
    operation,
    segments: packSegments(devices, job.segments),
    devices: devices.map(nativeOf),
    fd,
    source: source && nativeOf(source),
    seed: toSeed(seed),
    threads,
    keepGoing,
    invalidate,
    traced: memoryObserver() !== undefined,
  };
}

function toSeed(seed: number | bigint): bigint {
  const whole = typeof seed === 'bigint' || Number.isSafeInteger(seed);
  if (!whole || seed < 0 || seed >= 2n ** 64n) throw new RangeError(`seed must be 0..2^64-1, not ${seed}`);
  return BigInt(seed);
}

/** Runs a job in C++, and passes on aborts and progress. For this folder. */
export async function runJob(
  request: Request | Omit<FilesJobRequest, 'done'>,
  { signal, onProgress }: Pick<BulkOptions, 'signal' | 'onProgress'>,
): Promise<JobResult> {
  const { promise, resolve } = withResolvers<JobResult>();
  const job = new (addon().Job)({ ...request, done: resolve });
  const cancel = () => job.cancel();
  const timer = onProgress && setInterval(() => onProgress(job.bytes()), PROGRESS_INTERVAL);
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    return await promise;
  } finally {
    clearInterval(timer);
    signal?.removeEventListener('abort', cancel);
    onProgress?.(job.bytes());
  }
}

function nameFault({ code, errno, ...rest }: JobFault): BulkFault {
  return { ...rest, code: code ?? errnoName(errno ?? 0) };
}

/** The fields that only some operations report; see BulkResultOf. */
function reportedBy(operation: BulkOperation, { difference, more }: Pick<JobResult, 'difference' | 'more'>): object {
  if (operation === 'copyInStream') return { more };
  return difference === undefined ? {} : { difference };
}

/** Many small files of this host copied into mapped memory by one job: a job for each would cost more than its bytes. */
import type { FilesJobRequest } from './addon.js';
import { type BulkOptions, type Difference, defaultThreads, runJob } from './bulk.js';
import { type MappedDevice, nativeOf } from './device.js';
import { memoryObserver, tellObserver } from './observer.js';
import { packSegments, type Segment } from './segment.js';

/** What is to be copied from where to where. */
export interface SmallFile {
  /** of this host */
  readonly path: Buffer;
  /** what lstat said: another file, or one that was written to since, is not copied */
  readonly version: { readonly dev: number; readonly ino: number; readonly mtimeMs: number };
  /** the place of all its bytes; its file offset is 0, and its length the size of the file */
  readonly target: Segment;
}

export interface SmallFilesJob extends Pick<BulkOptions, 'threads' | 'signal' | 'onProgress'> {
  readonly devices: readonly MappedDevice[];
  readonly files: readonly SmallFile[];
  /** read each file again, and compare it with the memory, past this host's caches */
  readonly verify: boolean;
}

/** How far the job came with a file: it does not say why one failed. */
export type SmallFileResult =
  /** not begun before the job was cancelled */
  | { readonly state: 'untouched' }
  /** cancelled halfway */
  | { readonly state: 'begun' }
  /** all its bytes are in memory */
  | { readonly state: 'done' }
  /** it cannot be read, has changed, or its memory cannot be reached */
  | { readonly state: 'failed' }
  | { readonly state: 'differs'; readonly difference: Difference };

/** by the number that C++ gives them, but for a file that differs */
const RESULTS: readonly SmallFileResult[] = [
  { state: 'untouched' },
  { state: 'begun' },
  { state: 'done' },
  { state: 'failed' },
];

/**
 * Copies files, on several threads, and fences. The results are in the order of the files. Aborting the signal ends it after the files
 * that are under way, or sooner.
 * @throws RangeError for an impossible place; DeviceError CLOSED or READ_ONLY for a device
 */
export async function copySmallFiles(job: SmallFilesJob): Promise<SmallFileResult[]> {
  const { files, devices, threads = defaultThreads(), signal, onProgress, verify } = job;
  if (files.length === 0 || signal?.aborted) return files.map(() => ({ state: 'untouched' }));
  const versions = new Float64Array(files.length * 3);
  let at = 0;
  for (const { version } of files) {
    versions[at++] = version.dev;
    versions[at++] = version.ino;
    versions[at++] = version.mtimeMs;
  }
  const request: Omit<FilesJobRequest, 'done'> = {
    operation: 'copyFiles',
    segments: packSegments(
      devices,
      files.map(({ target }) => target),
    ),
    devices: devices.map(nativeOf),
    fd: -1,
    seed: 0n,
    threads,
    keepGoing: true,
    invalidate: true,
    traced: memoryObserver() !== undefined,
    paths: Buffer.concat(files.flatMap(({ path }) => [path, END])),
    versions,
    verify,
  };
  const {
    states = new Uint8Array(files.length),
    differences = [],
    steps,
  } = await runJob(request, { signal, onProgress });
  if (steps !== undefined) tellObserver(devices, steps);
  let next = 0;
  return Array.from(
    states,
    (number) => RESULTS[number] ?? { state: 'differs', difference: differences[next++] as Difference },
  );
}

const END = Buffer.alloc(1);

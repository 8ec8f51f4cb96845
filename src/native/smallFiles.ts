/** Many small files of this host copied into mapped memory by one job: a job for each would cost more than its bytes. */
import type { FilesJobRequest } from './addon.js';
import { type BulkOptions, type Difference, runJob } from './bulk.js';
import { type MappedDevice, nativeOf } from './device.js';
import { memoryObserver, tellObserver } from './observer.js';
import { packSegments, type Segment } from './segment.js';
import { defaultThreads } from './threads.js';

/** What is to be copied from where to where. */
export interface SmallFile {
  /** of this host */
  readonly path: Buffer;
  /** what lstat said: another file, or one that was written to since, is not copied */
  readonly version: { readonly dev: number; readonly ino: number; readonly mtimeMs: number };
  /** the place of all its bytes; its file offset is 0, and its length the size of the file */
  readonly target: Segment;
}

/** The same of many files as columns. */
export interface SmallFileColumns {
  /** that the paths begin in; empty if they are absolute */
  readonly folder: Uint8Array;
  /** each ended by a zero */
  readonly paths: Uint8Array;
  /** the three numbers of each version */
  readonly versions: Float64Array;
  /** as packSegments makes them: NUMBERS_PER_SEGMENT for each file */
  readonly targets: Float64Array;
}

/** numbers of a version in SmallFileColumns */
export const NUMBERS_PER_VERSION = 3;

interface JobOptions extends Pick<BulkOptions, 'threads' | 'signal' | 'onProgress'> {
  readonly devices: readonly MappedDevice[];
  /** read each file again, and compare it with the memory, past this host's caches */
  readonly verify: boolean;
  /** all are new: what their places have now may be lost even if a file is not as planned */
  readonly allNew: boolean;
}

export interface SmallFilesJob extends JobOptions {
  readonly files: readonly SmallFile[];
}

export interface ColumnsJob extends JobOptions {
  readonly columns: SmallFileColumns;
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
const DONE = 2;
const END = Buffer.alloc(1);

/** Results by the index of the file. */
export class SmallFileResults {
  readonly #differences = new Map<number, SmallFileResult>();

  /** @param differences of the files that differ, in their order */
  constructor(
    private readonly states: Uint8Array,
    differences: readonly Difference[],
  ) {
    let next = 0;
    for (let i = 0; next < differences.length; i++) {
      if (this.#common(i) !== undefined) continue;
      this.#differences.set(i, { state: 'differs', difference: differences[next++] as Difference });
    }
  }

  get count(): number {
    return this.states.length;
  }

  isDone(index: number): boolean {
    return this.states[index] === DONE;
  }

  of(index: number): SmallFileResult {
    return this.#common(index) ?? (this.#differences.get(index) as SmallFileResult);
  }

  #common(index: number): SmallFileResult | undefined {
    return RESULTS[this.states[index] as number];
  }
}

/**
 * Copies files, on several threads, and fences. The results are in the order of the files. Aborting the signal ends it after the files
 * that are under way, or sooner.
 * @throws RangeError for an impossible place; DeviceError CLOSED or READ_ONLY for a device
 */
export async function copySmallFiles({ files, ...job }: SmallFilesJob): Promise<SmallFileResult[]> {
  const results = await copyColumns({ ...job, columns: columnsOf(job.devices, files) });
  return files.map((_, i) => results.of(i));
}

/** The same for files as columns. @throws also Error if these do not fit each other */
export async function copyColumns(job: ColumnsJob): Promise<SmallFileResults> {
  const { columns, devices, threads = defaultThreads(), signal, onProgress, verify, allNew } = job;
  const { folder, paths, versions, targets } = columns;
  const count = versions.length / NUMBERS_PER_VERSION;
  if (count === 0 || signal?.aborted) return new SmallFileResults(new Uint8Array(count), []);
  const request: Omit<FilesJobRequest, 'done'> = {
    operation: 'copyFiles',
    segments: targets,
    devices: devices.map(nativeOf),
    fd: -1,
    seed: 0n,
    threads,
    keepGoing: true,
    invalidate: true,
    traced: memoryObserver() !== undefined,
    folder,
    paths,
    versions,
    verify,
    allNew,
  };
  const { states = new Uint8Array(count), differences = [], steps } = await runJob(request, { signal, onProgress });
  if (steps !== undefined) tellObserver(devices, steps);
  return new SmallFileResults(states, differences);
}

function columnsOf(devices: readonly MappedDevice[], files: readonly SmallFile[]): SmallFileColumns {
  const versions = new Float64Array(files.length * NUMBERS_PER_VERSION);
  let at = 0;
  for (const { version } of files) {
    versions[at++] = version.dev;
    versions[at++] = version.ino;
    versions[at++] = version.mtimeMs;
  }
  const targets = packSegments(
    devices,
    files.map(({ target }) => target),
  );
  return { folder: Buffer.alloc(0), paths: Buffer.concat(files.flatMap(({ path }) => [path, END])), versions, targets };
}

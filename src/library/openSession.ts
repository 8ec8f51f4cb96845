/** Opening a file system for writing. */

import { CreationPlan, type PlannedFile } from '../fs/allocate/creationPlan.js';
import { makeRandom } from '../fs/allocate/random.js';
import { loadConfig } from '../fs/host/config.js';
import { WriteSession } from '../fs/pool/writeSession.js';
import { type Mirror, mirrorAppends } from '../fs/shadow/mirror.js';
import type { Content } from '../fs/transfer/content.js';
import type { FilePlan } from '../fs/transfer/filePlan.js';
import { fillFiles } from '../fs/transfer/fillFiles.js';
import { defaultThreads } from '../fs/transfer/transferFile.js';
import { copyIn, type FillControl } from './copyIn.js';
import { type Entry, entryOf } from './entry.js';
import { translatingLater, usage } from './failures.js';
import { type Devices, type HostOptions, hostOf, listOf } from './host.js';
import { attributesOf, layoutOf } from './newFile.js';
import { OpenFamfs } from './openFamfs.js';
import type { CopyOptions, CreateOptions, FamfsSession, Fill, MkdirOptions, Source } from './session.js';

/** Options of {@link openSession}. */
export interface SessionOptions extends HostOptions {
  /** seconds to wait for the lock while another process has it; then the error is BUSY. The default is as long as it takes. */
  readonly wait?: number | undefined;
  /** ends the waiting; its reason is thrown */
  readonly signal?: AbortSignal | undefined;
}

const FILE_MODE = 0o644;
const DIRECTORY_MODE = 0o755;

class OpenSession extends OpenFamfs implements FamfsSession {
  readonly #session: WriteSession;
  readonly #mirror: Mirror | undefined;
  /** the end of the last call: plans are made from what the calls before have written */
  #last: Promise<unknown> = Promise.resolve();

  constructor(session: WriteSession, mirror: Mirror | undefined, devices: readonly string[], options: HostOptions) {
    super(session.volume, devices, options);
    this.#session = session;
    this.#mirror = mirror;
  }

  mkdir(path: string, options: MkdirOptions = {}): Promise<Entry> {
    return this.#inTurn(() => {
      const { parents = false } = options;
      const plan = new CreationPlan(this.#session, undefined, false);
      plan.addDirectory({ path, ...attributesOf(options, DIRECTORY_MODE) }, parents, DIRECTORY_MODE);
      plan.commit();
      return this.stat(path);
    });
  }

  create(path: string, options: CreateOptions): Promise<Entry> {
    return this.#inTurn(async () => {
      const { size, existOk = false, fill, seed, allowBytes = false, signal } = options;
      signal?.throwIfAborted();
      const content = fill && contentOf(fill);
      const plan = new CreationPlan(this.#session, makeRandom(seed), allowBytes);
      const request = { path, size, ...attributesOf(options, FILE_MODE) };
      const planned = plan.addFile(request, layoutOf(options), existOk);
      if (content === undefined) plan.commit();
      else await this.#fill(planned, content, plan.length, signal);
      return this.stat(planned.entry.path);
    });
  }

  async #fill(planned: PlannedFile, content: Content, slots: number, signal: AbortSignal | undefined): Promise<void> {
    this.#session.requireSlots(slots);
    const file: FilePlan = { ...planned, content };
    const [result] = await fillFiles(this.#session, [file], controlOf({ signal }));
    if (result?.error !== undefined) throw result.error;
    signal?.throwIfAborted();
  }

  cp(source: Source, target: string, options: CopyOptions = {}): Promise<Entry[]> {
    return this.#inTurn(async () => {
      const copied = await copyIn(this.#session, source, target, options, controlOf(options));
      const { namespace } = this.volume.replay;
      return copied.flatMap((path) => namespace.get(path) ?? []).map(entryOf);
    });
  }

  /** Runs `work` when the calls before have ended. */
  #inTurn<T>(work: () => Promise<T> | T): Promise<T> {
    const run = this.#last.then(() =>
      translatingLater(() => {
        this.requireOpen();
        return work();
      }),
    );
    this.#last = run.catch(() => {});
    return run;
  }

  override close(): void {
    this.#mirror?.close();
    super.close();
  }
}

function controlOf({
  threads,
  signal,
  onProgress,
}: Pick<CopyOptions, 'threads' | 'signal' | 'onProgress'>): FillControl {
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1 && threads <= 256))
    throw usage(`threads: ${threads} is not allowed`, 'give a whole number from 1 to 256');
  return {
    threads: threads ?? defaultThreads(),
    signal: signal ?? new AbortController().signal,
    advance: onProgress ?? (() => {}),
  };
}

function contentOf(fill: Fill): Content {
  if (fill === 'zeros') return { from: 'zeros' };
  const { seed } = fill;
  const isSeed = (typeof seed === 'bigint' || Number.isSafeInteger(seed)) && seed >= 0 && seed < 2n ** 64n;
  if (!isSeed) throw usage(`seed: ${seed} is not allowed`, 'give 0 to 2^64-1');
  return { from: 'pattern', seed: BigInt(seed) };
}

/**
 * Opens a file system for writing: takes the lock of all writers, replays the log, and completes an append or a rewrite that was
 * cut off. Only the Master may do so.
 * @param devices as for {@link openFamfs}
 * @throws {@link FamfsError} what {@link openFamfs} throws; NOT_MASTER, MOUNTED, BUSY, LOG_DAMAGED, WRONG_SIZE; or the reason of the
 * signal
 */
export async function openSession(devices?: Devices, options: SessionOptions = {}): Promise<FamfsSession> {
  return translatingLater(async () => {
    const named = listOf(devices);
    const { wait, signal = new AbortController().signal } = options;
    const host = hostOf(options, wait);
    await loadConfig(host);
    const session = await WriteSession.openWhenFree(host, named, signal);
    try {
      return new OpenSession(session, await mirrorAppends(session), named, options);
    } catch (error) {
      session.close();
      throw error;
    }
  });
}

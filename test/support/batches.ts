/**
 * Numbered trials in batches, a child process for each batch and as many at once as there are processors. A child that dies or
 * hangs is a finding with the number of its trial. Memory that one batch leaks does not reach the next.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

/** The trials from `first` to `end` (exclusive), in a folder of their own. */
interface Share {
  readonly folder: string;
  readonly first: number;
  readonly end: number;
}

interface Progress {
  readonly number: number;
  /** resident bytes of the process */
  readonly memory: number;
  /** what was wrong, if anything was */
  readonly finding: string | undefined;
}

export interface Plan {
  /** the module that calls workThrough() */
  readonly worker: string;
  /** what the trials are, in the plural */
  readonly what: string;
  readonly first: number;
  readonly count: number;
  /** trials per process */
  readonly batch: number;
  /** milliseconds of silence after which a process counts as hung */
  readonly patience: number;
  readonly print: (line: string) => void;
}

const PROGRESS = 5000;
const MOST_FINDINGS = 20;

/** Runs all trials, or until there are enough findings. Returns the findings, each of which has been printed. */
export async function runInBatches(plan: Plan): Promise<string[]> {
  const run = new Batches(plan);
  await run.all();
  return run.findings;
}

class Batches {
  readonly findings: string[] = [];
  readonly #plan: Plan;
  readonly #folder = mkdtempSync('/dev/shm/famfs-fuzz-');
  readonly #started = performance.now();
  #done = 0;
  #memory = 0;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  async all(): Promise<void> {
    const shares = this.#shares();
    const processes = Math.min(availableParallelism(), this.#plan.count);
    try {
      await Promise.all(Array.from({ length: processes }, () => this.#runAll(shares)));
    } finally {
      rmSync(this.#folder, { recursive: true, force: true });
    }
    this.#report();
  }

  *#shares(): Generator<Share> {
    const { first, count, batch } = this.#plan;
    for (let begin = first; begin < first + count; begin += batch)
      yield { folder: join(this.#folder, String(begin)), first: begin, end: Math.min(begin + batch, first + count) };
  }

  /** Runs batches until there are none left, or enough was found. If a process dies, another one does the rest of its batch. */
  async #runAll(shares: Iterable<Share>): Promise<void> {
    for (let share of shares) {
      while (share.first < share.end && this.findings.length < MOST_FINDINGS) {
        const next = await this.#run(share);
        rmSync(share.folder, { recursive: true, force: true });
        share = { ...share, first: next };
      }
    }
  }

  /** Returns the number of the first trial that was not done. */
  async #run(share: Share): Promise<number> {
    mkdirSync(share.folder);
    const child = fork(this.#plan.worker, [JSON.stringify(share)]);
    let next = share.first;
    let hung = this.#watch(child);
    child.on('message', (progress: Progress) => {
      clearTimeout(hung);
      hung = this.#watch(child);
      next = progress.number + 1;
      this.#note(progress);
      if (this.findings.length >= MOST_FINDINGS) child.kill();
    });
    const [status, signal] = await once(child, 'close');
    clearTimeout(hung);
    if (status === 0 || this.findings.length >= MOST_FINDINGS) return next;
    this.#find(next, `ends its process by ${signal ?? `exit code ${status}`}`);
    return next + 1;
  }

  #watch(child: ChildProcess): NodeJS.Timeout {
    return setTimeout(() => child.kill('SIGABRT'), this.#plan.patience);
  }

  #note({ number, memory, finding }: Progress): void {
    if (finding !== undefined) this.#find(number, finding);
    this.#memory = Math.max(this.#memory, memory);
    if (++this.#done % PROGRESS === 0) this.#report();
  }

  #find(number: number, what: string): void {
    const finding = `${number}: ${what}`;
    this.findings.push(finding);
    this.#plan.print(`${this.#plan.what} ${finding}`);
  }

  #report(): void {
    const seconds = (performance.now() - this.#started) / 1000;
    const figures = [
      `${this.#done} ${this.#plan.what}`,
      `${this.findings.length} findings`,
      `${seconds.toFixed(0)} s`,
      `${(this.#done / seconds).toFixed(0)}/s`,
      `at most ${(this.#memory / 2 ** 20).toFixed(0)} MiB`,
    ];
    this.#plan.print(figures.join(', '));
  }
}

/** In the child: prepares the folder of its share, does each trial and reports to the parent. */
export async function workThrough(
  prepare: (folder: string) => Promise<(number: number) => Promise<void>>,
): Promise<void> {
  const { folder, first, end } = JSON.parse(process.argv[2] as string) as Share;
  const trial = await prepare(folder);
  for (let number = first; number < end; number++) {
    let finding: string | undefined;
    try {
      await trial(number);
    } catch (error) {
      finding = (error as Error).message;
    }
    const progress: Progress = { number, memory: process.memoryUsage.rss(), finding };
    process.send?.(progress);
  }
  process.disconnect();
}

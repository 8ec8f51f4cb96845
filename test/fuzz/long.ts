/**
 * The long run: node out/test/fuzz/long.js [IMAGES] [SEED]. Images are numbered from SEED on; a finding prints its number, by
 * which it can be run again alone. One process for each processor, as each works on files of its own.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Progress, Share } from './worker.js';

const PROGRESS = 5000;

const images = Number(process.argv[2] ?? 100_000);
const first = Number(process.argv[3] ?? 1);
const workers = Math.min(availableParallelism(), images);
const folder = mkdtempSync('/dev/shm/famfs-fuzz-');
const started = performance.now();
let done = 0;
let findings = 0;
let memory = 0;

try {
  const endings = Array.from({ length: workers }, (_, worker) =>
    run({ folder: join(folder, String(worker)), first: first + worker, end: first + images, step: workers }),
  );
  await Promise.all(endings);
  report();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = findings > 0 || done < images ? 1 : 0;

/** Ends when the worker has: all its images looked at, or too much found. */
async function run(share: Share): Promise<void> {
  const child = fork(join(import.meta.dirname, 'worker.js'), [JSON.stringify(share)]);
  child.on('message', (progress: Progress) => {
    if (progress.finding !== undefined) {
      findings++;
      process.stdout.write(`image ${progress.number} ${progress.finding}\n`);
    }
    memory = Math.max(memory, progress.memory);
    if (++done % PROGRESS === 0) report();
  });
  const [status, signal] = await once(child, 'exit');
  if (status !== 0) process.stdout.write(`a worker ended by ${signal ?? status}\n`);
}

function report(): void {
  const seconds = (performance.now() - started) / 1000;
  const rate = (done / seconds).toFixed(0);
  process.stdout.write(
    `${done} images, ${findings} findings, ${seconds.toFixed(0)} s, ${rate}/s, at most ${(memory / 2 ** 20).toFixed(0)} MiB\n`,
  );
}

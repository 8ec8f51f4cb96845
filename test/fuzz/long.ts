/**
 * The long run: node out/test/fuzz/long.js [IMAGES] [SEED]. Images are numbered from SEED on; a finding prints its number, by
 * which it can be run again alone. As many processes as processors look at them, each at a batch, so that what the memory of
 * a process is held against is the commands' need and not what the allocator kept of thousands of them.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Progress, Share } from './worker.js';

const PROGRESS = 5000;
const BATCH = 2000;
const MOST_FINDINGS = 20;

const images = Number(process.argv[2] ?? 100_000);
const first = Number(process.argv[3] ?? 1);
const workers = Math.min(availableParallelism(), images);
const folder = mkdtempSync('/dev/shm/famfs-fuzz-');
const started = performance.now();
let done = 0;
let findings = 0;
let memory = 0;

try {
  const batches = shares();
  await Promise.all(Array.from({ length: workers }, () => runAll(batches)));
  report();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = findings > 0 || done < images ? 1 : 0;

function* shares(): Generator<Share> {
  for (let begin = first; begin < first + images; begin += BATCH)
    yield { folder: join(folder, String(begin)), first: begin, end: Math.min(begin + BATCH, first + images) };
}

/** Takes batches until there is none, or enough was found. */
async function runAll(batches: Iterable<Share>): Promise<void> {
  for (const share of batches) {
    if (findings >= MOST_FINDINGS) return;
    await run(share);
    rmSync(share.folder, { recursive: true, force: true });
  }
}

async function run(share: Share): Promise<void> {
  const child = fork(join(import.meta.dirname, 'worker.js'), [JSON.stringify(share)]);
  child.on('message', (progress: Progress) => {
    if (progress.finding !== undefined) {
      findings++;
      process.stdout.write(`image ${progress.number} ${progress.finding}\n`);
      if (findings >= MOST_FINDINGS) child.kill();
    }
    memory = Math.max(memory, progress.memory);
    if (++done % PROGRESS === 0) report();
  });
  const [status, signal] = await once(child, 'exit');
  if (status !== 0) process.stdout.write(`a process ended by ${signal ?? status}\n`);
}

function report(): void {
  const seconds = (performance.now() - started) / 1000;
  const rate = (done / seconds).toFixed(0);
  process.stdout.write(
    `${done} images, ${findings} findings, ${seconds.toFixed(0)} s, ${rate}/s, at most ${(memory / 2 ** 20).toFixed(0)} MiB\n`,
  );
}

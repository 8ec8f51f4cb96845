/**
 * The long run: node out/test/fuzz/long.js [IMAGES] [SEED]. Images are numbered from SEED on; a finding prints its number, by
 * which it can be run again alone.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeCorpus } from './corpus.js';
import { trial } from './trial.js';

const PROGRESS = 5000;
const MOST_FINDINGS = 20;

const images = Number(process.argv[2] ?? 100_000);
const first = Number(process.argv[3] ?? 1);
const folder = mkdtempSync('/dev/shm/famfs-fuzz-');
const started = performance.now();
let findings = 0;
let most = 0;

try {
  const corpus = await makeCorpus(folder);
  for (let number = first; number < first + images && findings < MOST_FINDINGS; number++) {
    const seed = corpus[number % corpus.length] as (typeof corpus)[number];
    try {
      await trial(seed, number);
    } catch (error) {
      findings++;
      process.stdout.write(`image ${number} (${seed.name}): ${(error as Error).message}\n`);
    }
    most = Math.max(most, process.memoryUsage.rss());
    if ((number - first + 1) % PROGRESS === 0) report(number - first + 1);
  }
  report(images);
} finally {
  rmSync(join(folder), { recursive: true, force: true });
}
process.exitCode = findings > 0 ? 1 : 0;

function report(done: number): void {
  const seconds = (performance.now() - started) / 1000;
  const rate = (done / seconds).toFixed(0);
  process.stdout.write(
    `${done} images, ${findings} findings, ${seconds.toFixed(0)} s, ${rate}/s, at most ${(most / 2 ** 20).toFixed(0)} MiB\n`,
  );
}

/**
 * The long run: node out/test/fuzz/long.js [IMAGES] [SEED]. Numbers of images begin at SEED; a finding prints its number, which
 * reproduces it alone.
 */
import { join } from 'node:path';
import { runInBatches } from '../support/batches.js';

const findings = await runInBatches({
  worker: join(import.meta.dirname, 'worker.js'),
  what: 'images',
  count: Number(process.argv[2] ?? 100_000),
  first: Number(process.argv[3] ?? 1),
  batch: 2000,
  patience: 120_000,
  print: (line) => process.stdout.write(`${line}\n`),
});
process.exitCode = findings.length > 0 ? 1 : 0;

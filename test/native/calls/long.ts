/**
 * The long run: node out/test/native/calls/long.js [SEQUENCES] [SEED]. Numbers of sequences begin at SEED; a finding prints its
 * number, which reproduces it alone, printing each call before it is made.
 */
import { runInBatches } from '../../support/batches.js';
import { planCalls } from './plan.js';

const count = Number(process.argv[2] ?? 10_000);
if (count === 1) process.env.FAMFS_CALLS = '1';
const first = Number(process.argv[3] ?? 1);
const findings = await runInBatches(planCalls(first, count, 200, (line) => process.stdout.write(`${line}\n`)));
process.exitCode = findings.length > 0 ? 1 : 0;

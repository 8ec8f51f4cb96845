import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { runInBatches } from '../../support/batches.js';
import { planCalls } from './plan.js';

const SEQUENCES = 30;

test('random calls do what the model says, or are refused and change nothing', async (t) => {
  const first = Number(process.env.FAMFS_TEST_SEED ?? randomInt(2 ** 31));
  const findings = await runInBatches(planCalls(first, SEQUENCES, SEQUENCES / 2, (line) => t.diagnostic(line)));
  assert.deepEqual(findings, [], 'npm run fuzz:native 1 NUMBER makes the calls of one again');
});

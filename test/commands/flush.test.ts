import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counters, resetCounters } from '../../src/native/device.js';
import { MIB, OTHER_UUID, sandboxWithFs } from '../support/sandbox.js';

test('flush writes back or invalidates the lines of the file, and no others', async () => {
  const sandbox = await sandboxWithFs(256 * MIB);
  const size = 9 * MIB + 100;
  await sandbox.ok(['creat', '-s', String(size), '--stripes', '3', '--zero', 'a']);
  resetCounters();
  await sandbox.ok(['flush', 'a']);
  assert.equal(counters().linesWrittenBack, Math.ceil(size / 64));
  assert.ok(counters().fences > 0);
  await sandbox.ok(['ls']);
  resetCounters();
  await sandbox.ok(['ls']);
  const replaying = counters().linesInvalidated;
  resetCounters();
  await sandbox.ok(['flush', '--invalidate', 'a']);
  // reading its entry again takes 9 or 10 lines, and its maps are compared with the log once more afterwards
  const lines = counters().linesInvalidated - replaying - Math.ceil(size / 64);
  assert.ok(lines >= 0 && lines <= 16, String(lines));
  assert.equal(counters().linesWrittenBack, 0);
  sandbox.becomeHost(OTHER_UUID);
  await sandbox.ok(['flush', '--invalidate', 'a']);
  assert.equal((await sandbox.run(['flush', 'a', 'missing'])).exitCode, 1);
});

test('wrong use', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  assert.equal((await sandbox.run(['flush'])).exitCode, 2);
});

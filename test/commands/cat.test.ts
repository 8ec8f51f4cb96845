import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { truncateSync } from 'node:fs';
import { test } from 'node:test';
import { ended, FAMFS, GUARD, shellIn } from '../support/famfs.js';
import { MIB, sandboxWithFs } from '../support/sandbox.js';

test('cat succeeds when its reader goes away, and reports what it cannot write', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  await sandbox.ok(['creat', '-s', '20M', '--seed', '1', 'a']);
  const closed = await shellIn(sandbox, '$FAMFS cat a a | head -c 10 | wc -c');
  assert.deepEqual([closed.exitCode, closed.stdout.trim(), closed.stderr], [0, '10', '']);
  const full = await shellIn(sandbox, '$FAMFS cat a > /dev/full');
  assert.equal(full.exitCode, 1);
  assert.match(full.stderr, /standard output: cannot write at 0: ENOSPC/);
  const missing = await shellIn(sandbox, '$FAMFS cat missing a | wc -c');
  assert.deepEqual([missing.exitCode, missing.stdout.trim()], [1, String(20 * MIB)]);
  assert.equal((await shellIn(sandbox, '$FAMFS cat --json a')).exitCode, 2);
});

test('cat names the place in memory that cannot be read', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  await sandbox.ok(['creat', '-s', '20M', '--seed', '1', 'a']);
  const child = spawn(FAMFS, ['cat', 'a'], {
    env: { ...process.env, ...sandbox.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...GUARD,
  });
  await once(child.stdout, 'readable');
  // the pipe is full, and the file is mapped
  truncateSync(sandbox.env.FAMFS_DEV as string, 20 * MIB);
  const { exitCode, stderr } = await ended(child);
  assert.equal(exitCode, 1);
  assert.match(stderr, /a: memory cannot be read at file offset 0xa00000, daxdev 0 \(.*pool.img\) offset 0x1400000/);
});

test('wrong use', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  assert.equal((await sandbox.run(['cat'])).exitCode, 2);
});

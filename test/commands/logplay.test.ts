import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GOLDEN_MASTER, goldenImage } from '../support/golden.js';
import { Sandbox, sandboxWithFs } from '../support/sandbox.js';

test('logplay prints the operations in order, starting at a given slot', async () => {
  const sandbox = new Sandbox(GOLDEN_MASTER);
  const dev = ['--dev', goldenImage('g2', sandbox.folder)];
  const lines = (await sandbox.ok(['logplay', ...dev])).trim().split('\n');
  assert.equal(lines.length, 14);
  assert.match(lines[0] as string, /0 {2}mkdir {3}0755 0:0 dir1$/);
  assert.match(lines[8] as string, /8 {2}creat {3}0666 4294967294:3000000000 dir1\/sub\/deep\/f2m-1 size 2097151/);
  assert.equal(lines[13], '13 entries, 0 skipped: 10 files, 3 directories');
  const { operations } = await sandbox.json<{ operations: { slot: number }[] }>([
    'logplay',
    '--from',
    '11',
    '--dry-run',
    ...dev,
  ]);
  assert.deepEqual(
    operations.map(({ slot }) => slot),
    [11, 12],
  );
  assert.equal((await sandbox.run(['logplay', '--from', '-1', ...dev])).exitCode, 2);
});

test('the JSON document of logplay', async () => {
  const sandbox = await sandboxWithFs();
  await sandbox.ok(['creat', '-s', '1M', 'a']);
  const document = await sandbox.json(['logplay']);
  assert.deepEqual([document.entries, document.skipped, document.files], [1, 0, 1]);
  assert.equal((document.operations as object[]).length, 1);
});

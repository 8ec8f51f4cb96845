/** Scripts for the reference tools use these words (docs/from-the-reference.md). */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fmapOf } from '../support/fmap.js';
import { MIB, sandboxWithFs } from '../support/sandbox.js';

test('options of the reference mean the same here', async () => {
  const sandbox = await sandboxWithFs(128 * MIB);
  await sandbox.ok(['creat', '-t', '2', '-N', '2', '-C', '4M', '-S', '7', '-s', '16M', 'a']);
  await sandbox.ok(['creat', '--threadct', '1', '--nstrips', '2', '--chunksize', '2M', '-S', '7', '-M', 'b,8M']);
  assert.deepEqual(
    [(await fmapOf(sandbox, 'a')).chunkSize, (await fmapOf(sandbox, 'b')).chunkSize],
    [4 * MIB, 2 * MIB],
  );
  await sandbox.ok(['verify', '-t', '1', '-S', '7', '-f', 'a', '-f', 'b']);
  assert.equal((await sandbox.error(['verify', '-S', '8', '-f', 'a'])).exitCode, 1);
  assert.equal((await sandbox.error(['verify', '-S', '7'])).code, 'USAGE');
  assert.match(await sandbox.ok(['getmap', 'a']), /a/);
  const shadow = join(sandbox.folder, 'shadow');
  mkdirSync(shadow);
  await sandbox.ok(['logplay', '-c', '-S', shadow]);
  await sandbox.ok(['logplay', '-c', '-s', '-S', shadow]);
});

test('--dryrun may stand before the command, as in scripts for the reference', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  for (const word of ['--dryrun', '--dry-run', '-n'])
    assert.equal(await sandbox.ok([word, 'creat', '-s', '2M', 'a']), 'would make a\n');
  assert.equal(await sandbox.ok(['--dryrun', 'mkdir', 'b']), 'would make b\n');
  assert.equal(await sandbox.ok(['ls']), '');
  assert.equal((await sandbox.error(['--dryrun', 'ls'])).code, 'USAGE');
});

test('cp -m, -u and -g replace what the sources have, and -c compares', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  mkdirSync(join(sandbox.folder, 'tree'));
  writeFileSync(join(sandbox.folder, 'tree/f'), 'abc', { mode: 0o644 });
  await sandbox.ok(['cp', '-r', '-c', '-m', '600', '-u', '12', '-g', '13', 'tree', '/']);
  const rows = (await sandbox.entries()).map(({ path, mode, uid, gid }) => [path, mode, uid, gid]);
  assert.deepEqual(rows, [
    ['tree', '0755', 12, 13],
    ['tree/f', '0600', 12, 13],
  ]);
  const again = await sandbox.run(['cp', '-m', '640', '-u', '14', 'tree/f', 'tree/f']);
  assert.equal(again.exitCode, 0);
  assert.match(again.stderr, /tree\/f has mode 0600, not 0640/);
  assert.equal((await sandbox.error(['cp', '--out', '-m', '600', 'tree/f', '.'])).code, 'USAGE');
});

/** Files that do not say their size: what is in them is copied. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { MIB, Sandbox } from '../../support/sandbox.js';

async function copyOf(sandbox: Sandbox, path: string): Promise<string> {
  await sandbox.ok(['get', path, 'out']);
  return readFileSync(join(sandbox.folder, 'out'), 'latin1');
}

test('files of procfs and sysfs are read to their end, alone, in a tree, and for --verify', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs(512 * MIB);
  await sandbox.ok(['cp', '--verify', '/proc/version', 'version']);
  assert.equal(await copyOf(sandbox, 'version'), readFileSync('/proc/version', 'latin1'));
  // what is there already is written again
  await sandbox.ok(['cp', '/proc/version', 'version']);
  await sandbox.ok(['mkdir', 'kernel']);
  const run = await sandbox.run(['cp', '-r', '--json', '/proc/sys/kernel/random/.', 'kernel']);
  const { files, failed } = JSON.parse(run.stdout) as { files: { path: string; size: number }[]; failed: unknown[] };
  assert.deepEqual(failed, [], run.stderr);
  const poolsize = files.find(({ path }) => path === 'kernel/poolsize');
  assert.equal(poolsize?.size, readFileSync('/proc/sys/kernel/random/poolsize').length);
  // a page by its size, some bytes in truth
  const page = '/sys/kernel/mm/transparent_hugepage/enabled';
  const attribute = existsSync(page) ? page : '/sys/kernel/profiling';
  await sandbox.ok(['cp', '--verify', attribute, 'attribute']);
  assert.equal(await copyOf(sandbox, 'attribute'), readFileSync(attribute, 'latin1'));
});

test('one that is empty, without an end or not to be read is one error', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs(512 * MIB);
  const rows: readonly (readonly [string, string])[] = [
    ['/proc/self/mem', 'CANNOT_READ'],
    ['/proc/self/pagemap', 'CANNOT_READ'],
    ['/proc/self/environ-of-nobody', 'CANNOT_READ'],
  ];
  for (const [path, code] of rows) {
    const { exitCode, stderr } = await sandbox.run(['cp', '--json', path, 'x']);
    assert.equal(exitCode, 1, path);
    assert.match(stderr, new RegExp(code), path);
  }
  sandbox.image('empty', 0);
  assert.match((await sandbox.run(['cp', '--json', 'empty', 'x'])).stderr, /EMPTY_FILE/);
});

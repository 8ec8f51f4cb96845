/** Finding the file system and the daxdevs of its pool. */
import assert from 'node:assert/strict';
import { mkdirSync, renameSync } from 'node:fs';
import { test } from 'node:test';
import type { InfoDocument } from '../../../src/commands/info.js';
import { PoolSandbox } from '../../support/pool.js';
import { GIB, MIB, Sandbox } from '../../support/sandbox.js';

test('FAMFS_DEV names the file system, and the error without one explains that', async () => {
  const sandbox = new Sandbox();
  const error = await sandbox.error(['ls']);
  assert.equal(error.code, 'NO_FAMFS');
  assert.match(error.hint ?? '', /--dev/);
  const path = await sandbox.makeFs(GIB);
  assert.equal((await sandbox.json<InfoDocument>(['info'])).primary.path, path);
  sandbox.env.FAMFS_DEV = sandbox.image('none.img', GIB);
  assert.equal((await sandbox.error(['ls'])).code, 'NO_FAMFS');
  assert.equal((await sandbox.json<InfoDocument>(['info', '--dev', path])).primary.path, path);
});

test('any daxdev leads to its pool, whatever the image files are called', async () => {
  const box = new PoolSandbox();
  const paths = await box.makePool(64, 64, 64);
  await box.ok(['creat', '-s', '20M', '--stripes', '3', 'f']);
  mkdirSync(box.path('elsewhere'));
  const names = ['zebra', 'a.bin', 'p0.img'].map((name) => box.path(`elsewhere/${name}`));
  for (const [i, path] of paths.entries()) renameSync(path, names[i] as string);
  for (const name of names) {
    box.env.FAMFS_DEV = name;
    assert.equal(await box.ok(['ls']), 'f\n');
    assert.equal((await box.fsck()).exitCode, 0);
    assert.deepEqual(
      (await box.list()).daxdevs.map(({ path, state }) => [path, state]),
      names.map((path) => [path, 'present']),
    );
  }
});

test('only daxdevs of one pool may be named together', async () => {
  const box = new PoolSandbox();
  const [primary = '', member = ''] = await box.makePool(64, 64);
  const other = box.image('other.img', 64 * MIB);
  await box.ok(['mkfs', other]);
  const blank = box.image('blank.img', 64 * MIB);
  assert.equal((await box.error(['ls', '--dev', primary, '--dev', other])).code, 'AMBIGUOUS');
  assert.equal((await box.error(['ls', '--dev', other, '--dev', member])).code, 'NOT_A_MEMBER');
  assert.equal((await box.error(['ls', '--dev', primary, '--dev', blank])).code, 'NOT_A_MEMBER');
  mkdirSync(box.path('gone'));
  renameSync(primary, box.path('gone/p0.img'));
  assert.equal((await box.error(['ls', '--dev', member])).code, 'NO_PRIMARY');
});

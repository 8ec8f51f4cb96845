/** Copying in a user namespace that maps root only, as rootless containers and `unshare -r` have it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chownSync, lstatSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { shellIn } from '../support/famfs.js';
import { MIB, sandboxWithFs } from '../support/sandbox.js';

const canUnshare = process.getuid?.() === 0 && spawnSync('unshare', ['-U', '-r', 'true']).status === 0;
const skip = canUnshare ? false : 'no right to make a user namespace';

test('an owner that cannot be given is one warning, and the copy is made without it', { skip }, async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  await sandbox.ok(['mkdir', '-u', '1000', '-g', '1000', 'dir']);
  await sandbox.ok(['creat', '-s', '1k', '-m', '4755', '-u', '1000', '-g', '1000', 'dir/a', 'dir/b']);
  const { exitCode, stderr } = await shellIn(sandbox, 'unshare -U -r $FAMFS get -r dir out');
  assert.equal(exitCode, 0, stderr);
  assert.equal(stderr.match(/warning/g)?.length, 1);
  assert.match(stderr, /3 of the copies belong to you/);
  for (const name of ['a', 'b']) {
    const { mode, uid } = lstatSync(join(sandbox.folder, 'out', name));
    assert.deepEqual([mode & 0o7777, uid], [0o755, 0], "a set-user-id bit without the owner would be root's");
  }
});

test("a source of an unknown owner becomes the caller's, with one warning", { skip }, async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  mkdirSync(join(sandbox.folder, 'tree'));
  for (const name of ['a', 'b']) {
    writeFileSync(join(sandbox.folder, 'tree', name), 'x');
    chownSync(join(sandbox.folder, 'tree', name), 1000, 1000);
  }
  const { exitCode, stderr } = await shellIn(sandbox, 'unshare -U -r $FAMFS cp -r tree tree');
  assert.equal(exitCode, 0, stderr);
  assert.equal(stderr.match(/warning/g)?.length, 1);
  assert.match(stderr, /owners of 2 sources are unknown/);
  const { entries } = await sandbox.json<{ entries: { uid: number; gid: number }[] }>(['ls', 'tree']);
  assert.deepEqual(new Set(entries.map(({ uid, gid }) => `${uid}:${gid}`)), new Set(['0:0']));
  // where the overflow ids are those of a user, they are kept
  chownSync(join(sandbox.folder, 'tree', 'a'), 65534, 65534);
  await sandbox.ok(['cp', 'tree/a', 'nobody']);
  assert.match(await sandbox.ok(['ls', '-n', 'nobody']), /65534 +65534/);
});

test('a shadow tree is played without the owners', { skip }, async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  await sandbox.ok(['mkdir', '-u', '1000', '-g', '1000', 'dir', 'dir2']);
  const { exitCode, stderr } = await shellIn(sandbox, 'unshare -U -r $FAMFS logplay --shadow tree');
  assert.equal(exitCode, 0, stderr);
  assert.match(stderr, /2 folders keep the wrong owner/);
});

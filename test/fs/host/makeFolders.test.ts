import assert from 'node:assert/strict';
import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeFolders } from '../../../src/fs/host/makeFolders.js';
import { Sandbox } from '../../support/sandbox.js';

test('missing parents are made with the mode, and the topmost new folder is returned', () => {
  const { folder } = new Sandbox();
  assert.equal(makeFolders(join(folder, 'a/b/c'), 0o750), join(folder, 'a'));
  for (const path of ['a', 'a/b', 'a/b/c']) assert.equal(statSync(join(folder, path)).mode & 0o777, 0o750);
  assert.equal(makeFolders(join(folder, 'a/b/d'), 0o700), join(folder, 'a/b/d'));
  assert.equal(makeFolders(join(folder, 'a/b/c'), 0o700), undefined);
});

test('a link to a folder is accepted; a file, a dangling link and /proc are errors', () => {
  const { folder } = new Sandbox();
  mkdirSync(join(folder, 'real'));
  symlinkSync('real', join(folder, 'link'));
  assert.equal(makeFolders(join(folder, 'link/below'), 0o700), join(folder, 'link/below'));
  writeFileSync(join(folder, 'file'), '');
  assert.throws(() => makeFolders(join(folder, 'file'), 0o700), { code: 'EEXIST' });
  assert.throws(() => makeFolders(join(folder, 'file/below'), 0o700), { code: 'ENOTDIR' });
  symlinkSync('nowhere', join(folder, 'dangling'));
  assert.throws(() => makeFolders(join(folder, 'dangling'), 0o700));
  assert.throws(() => makeFolders('/proc/famfs-no-such/folder', 0o700), { code: 'ENOENT' });
});

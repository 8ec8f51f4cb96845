import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MIB, Sandbox } from '../support/sandbox.js';

test('mkdir: parents, modes, owners, refusals', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs(64 * MIB);
  assert.equal((await sandbox.error(['mkdir', 'a/b'])).code, 'NO_PARENT');
  await sandbox.ok(['mkdir', '-p', '-m', '700', '/a/b/c/', 'a/x'], { umask: 0o077 });
  const entries = await sandbox.entries();
  assert.deepEqual(
    entries.map(({ path, mode }) => [path, mode]),
    [
      ['a', '0700'],
      ['a/b', '0700'],
      ['a/x', '0700'],
      ['a/b/c', '0700'],
    ],
  );
  const existing = await sandbox.error(['mkdir', 'a']);
  assert.equal(existing.code, 'EXISTS');
  assert.match(existing.hint ?? '', /-p, which accepts/);
  assert.doesNotMatch(existing.hint ?? '', /--exist-ok/);
  await sandbox.ok(['mkdir', '-p', 'a/b/c']);
  await sandbox.ok(['creat', '-s', '1', 'f']);
  assert.equal((await sandbox.error(['mkdir', '-p', 'f/g'])).code, 'NO_PARENT');
  assert.equal((await sandbox.error(['mkdir', '-p', 'f'])).code, 'EXISTS');
  assert.equal((await sandbox.error(['mkdir', 'd', 'd'])).code, 'EXISTS');
  assert.equal((await sandbox.error(['mkdir', '/'])).code, 'EXISTS');
  assert.equal((await sandbox.run(['mkdir', '-m', '8', 'e'])).exitCode, 2);
  await sandbox.ok(['mkdir', '-u', '7', '-g', 'daemon', 'e']);
  assert.match(await sandbox.ok(['ls', '-n']), /drwxr-xr-x +7 +1 +0 e\//);
});

test('the umask applies to modes, given or not, and to parents', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs(64 * MIB);
  const umask = { umask: 0o027 };
  await sandbox.ok(['mkdir', '-p', 'plain/child'], umask);
  await sandbox.ok(['mkdir', '-m', '777', 'given'], umask);
  const entries = await sandbox.entries();
  assert.deepEqual(
    entries.map(({ path, mode }) => [path, mode]),
    [
      ['given', '0750'],
      ['plain', '0750'],
      ['plain/child', '0750'],
    ],
  );
});

test('the document lists the directories in the order of the request, parents first', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs(64 * MIB);
  await sandbox.ok(['mkdir', 'old']);
  const { directories } = await sandbox.json<{ directories: unknown[] }>(['mkdir', '-p', 'x/y', 'old', 'a', 'x/y']);
  assert.deepEqual(directories, [
    { path: 'x', slot: 1, created: true },
    { path: 'x/y', slot: 2, created: true },
    { path: 'old', slot: 0, created: false },
    { path: 'a', slot: 3, created: true },
  ]);
});

test('what exists in a directory whose name begins with that of a new one is refused', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs(64 * MIB);
  await sandbox.ok(['mkdir', 'dd', 'dd/x']);
  assert.equal((await sandbox.error(['mkdir', 'd', 'd/x', 'dd/x'])).code, 'EXISTS');
  assert.equal((await sandbox.entries()).length, 2);
});

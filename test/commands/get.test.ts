import assert from 'node:assert/strict';
import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { shellIn } from '../support/famfs.js';
import { sandboxWithFiles } from '../support/filled.js';
import { MIB, type Sandbox, sandboxWithFs } from '../support/sandbox.js';

const codeOf = async (sandbox: Sandbox, argv: string[]) => (await sandbox.error(argv)).code;

test('symbolic links below the destination are not followed, to directories or files', async () => {
  const sandbox = await sandboxWithFiles();
  const at = (path: string) => join(sandbox.folder, path);
  mkdirSync(at('outside'));
  mkdirSync(at('out/dir'), { recursive: true });
  symlinkSync(at('outside'), at('out/dir/sub'));
  writeFileSync(at('outside/victim'), 'victim');
  symlinkSync(at('outside/victim'), at('out/dir/plain'));
  const { exitCode, stderr } = await sandbox.run(['get', '-r', 'dir', 'out']);
  assert.equal(exitCode, 1);
  assert.match(stderr, /out\/dir\/sub is a symbolic link, which is not followed/);
  assert.match(stderr, /out\/dir\/plain is a symbolic link, which is not followed/);
  assert.deepEqual(readdirSync(at('outside')), ['victim']);
  assert.equal(readFileSync(at('outside/victim'), 'utf8'), 'victim');
  assert.deepEqual(readdirSync(at('out/dir')).sort(), ['plain', 'striped', 'sub']);
});

test('a link that is named as the destination is followed', async () => {
  const sandbox = await sandboxWithFiles();
  mkdirSync(join(sandbox.folder, 'real'));
  symlinkSync('real', join(sandbox.folder, 'named'));
  await sandbox.ok(['get', 'dir/plain', 'named']);
  assert.deepEqual(readdirSync(join(sandbox.folder, 'real')), ['plain']);
  writeFileSync(join(sandbox.folder, 'target'), '');
  symlinkSync('target', join(sandbox.folder, 'link'));
  await sandbox.ok(['get', 'dir/plain', 'link']);
  assert.equal(lstatSync(join(sandbox.folder, 'target')).size, 9 * MIB);
});

test('a file that exists is replaced; a directory, a device or the image is not', async () => {
  const sandbox = await sandboxWithFiles();
  writeFileSync(join(sandbox.folder, 'plain'), 'old');
  await sandbox.ok(['get', 'dir/plain', '.']);
  assert.equal(lstatSync(join(sandbox.folder, 'plain')).size, 9 * MIB);
  mkdirSync(join(sandbox.folder, 'to', 'plain'), { recursive: true });
  assert.equal(await codeOf(sandbox, ['get', 'dir/plain', 'to']), 'IN_THE_WAY');
  assert.equal(await codeOf(sandbox, ['get', 'dir/plain', '/dev/null']), 'IN_THE_WAY');
  assert.equal(await codeOf(sandbox, ['get', 'dir/plain', 'pool.img']), 'IS_THE_IMAGE');
  assert.ok(lstatSync('/dev/null').isCharacterDevice());
  await sandbox.ok(['fsck']);
});

test('missing files and directories without -r are reported, and the rest is copied', async () => {
  const sandbox = await sandboxWithFiles();
  mkdirSync(join(sandbox.folder, 'out'));
  const { exitCode, stderr } = await sandbox.run(['get', 'missing', 'dir', '/dir/plain', 'out']);
  assert.equal(exitCode, 1);
  assert.match(stderr, /missing: no such file or directory/);
  assert.match(stderr, /dir is a directory; use -r/);
  assert.deepEqual(readdirSync(join(sandbox.folder, 'out')), ['plain']);
  assert.equal(await codeOf(sandbox, ['get', 'dir/plain', 'dir/sub/deep', 'nowhere']), 'NO_DIRECTORY');
  assert.equal(await codeOf(sandbox, ['get', 'dir/plain', 'nowhere/']), 'NO_DIRECTORY');
  assert.equal(await codeOf(sandbox, ['get', 'dir/plain', 'nowhere/a']), 'NO_DIRECTORY');
  assert.equal(await codeOf(sandbox, ['get', 'dir/plain', 'pool.img/a']), 'CANNOT_WRITE');
});

test('a directory without write permission gets its mode once it is filled', async () => {
  const sandbox = await sandboxWithFiles();
  await sandbox.ok(['mkdir', '-m', '555', 'locked']);
  await sandbox.ok(['creat', '-s', '1', '-m', '400', '--zero', 'locked/a']);
  await sandbox.ok(['get', '-r', 'locked', '.']);
  assert.equal(lstatSync(join(sandbox.folder, 'locked')).mode & 0o7777, 0o555);
  assert.equal(lstatSync(join(sandbox.folder, 'locked/a')).mode & 0o7777, 0o400);
});

test('set-user-id bits are kept only together with the owner', async () => {
  const sandbox = await sandboxWithFiles();
  await sandbox.ok(['creat', '-s', '1', '-m', '6755', '--zero', 'suid']);
  await sandbox.ok(['get', '--no-owner', 'suid', 'without']);
  assert.equal(lstatSync(join(sandbox.folder, 'without')).mode & 0o7777, 0o755);
});

test('wrong use', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  assert.equal((await sandbox.run(['get', 'a'])).exitCode, 2);
});

test("the target '-' is standard output, for get and for cp --out", async () => {
  const sandbox = await sandboxWithFiles();
  await sandbox.ok(['get', 'dir/plain', 'plain']);
  for (const command of ['get', 'cp --out']) {
    const { exitCode, stdout, stderr } = await shellIn(
      sandbox,
      `cat plain plain | cmp - <($FAMFS ${command} dir/plain dir/striped -) && echo same; ls`,
    );
    assert.deepEqual([exitCode, stderr], [0, ''], command);
    assert.match(stdout, /^same$/m);
    assert.doesNotMatch(stdout, /^-$/m);
  }
  const closed = await shellIn(sandbox, '$FAMFS get dir/plain - | head -c 10 | wc -c');
  assert.deepEqual([closed.stdout.trim(), closed.stderr], ['10', '']);
  const failed = await shellIn(sandbox, '$FAMFS get missing dir - | wc -c');
  assert.match(failed.stderr, /missing: no such file or directory[\s\S]*dir is a directory/);
  await sandbox.ok(['get', 'dir/plain', './-']);
  assert.equal(lstatSync(join(sandbox.folder, '-')).size, 9 * MIB);
  for (const option of ['--json', '-r', '--verify', '--no-owner', '--threads=2'])
    assert.equal((await sandbox.run(['get', option, 'dir/plain', '-'])).exitCode, 2, option);
});

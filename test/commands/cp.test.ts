import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { getEventListeners } from 'node:events';
import {
  appendFileSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { observeMemory } from '../../src/native/device.js';
import { Random } from '../support/random.js';
import { GIB, MIB, OTHER_UUID, Sandbox } from '../support/sandbox.js';
import { makeTree, readTree } from '../support/tree.js';

/** docs/data.md, "Tests". */
const FILES = process.env.FAMFS_TEST_LONG ? 10_000 : 300;

interface Copied {
  files: { path: string; size: number; existed: boolean }[];
  failed: readonly { path: string; code: string; message: string }[];
}

async function sandboxWithFs(size = GIB): Promise<Sandbox> {
  const sandbox = new Sandbox();
  await sandbox.makeFs(size);
  return sandbox;
}

function write(sandbox: Sandbox, name: string, content: string | Buffer): string {
  const path = join(sandbox.folder, name);
  writeFileSync(path, content);
  return path;
}

function read(sandbox: Sandbox, name: string): string {
  return readFileSync(join(sandbox.folder, name), 'latin1');
}

/** Runs famfs --json; returns its exit code, its document and the codes of what failed. */
async function outcome(
  sandbox: Sandbox,
  argv: string[],
): Promise<{ exitCode: number; codes: string[]; copied?: Copied }> {
  const { exitCode, stdout, stderr } = await sandbox.run([...argv, '--json']);
  const lines = stderr.split('\n').filter((line) => line.startsWith('{"error"'));
  const codes = lines.map((line) => JSON.parse(line).error.code as string);
  return { exitCode, codes, ...(stdout !== '' && { copied: JSON.parse(stdout) as Copied }) };
}

test('a tree goes in and comes out with names, modes and bytes', async (t) => {
  const sandbox = await sandboxWithFs((FILES * 2 + 100) * MIB + 16 * MIB);
  const source = join(sandbox.folder, 'tree');
  makeTree(source, FILES, new Random(t));
  const appended = await sandbox.json<Copied>(['cp', '-r', 'tree', '/']);
  assert.equal(appended.files.length, FILES);
  await sandbox.ok(['fsck']);
  await sandbox.ok(['cp', '--out', '-r', '--verify', 'tree', 'out']);
  assert.deepEqual(readTree(join(sandbox.folder, 'out')), readTree(source));
  await sandbox.ok(['get', '-r', '/', 'all', '--threads', '3']);
  assert.deepEqual(readTree(join(sandbox.folder, 'all', 'tree')), readTree(source));
});

test('root keeps owner and group, unless --no-owner is given', async () => {
  const sandbox = await sandboxWithFs();
  write(sandbox, 'a', 'a');
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(join(sandbox.folder, 'a'), 5, 6);
  await sandbox.ok(['cp', 'a', 'kept'], { uid: 0, gid: 0 });
  await sandbox.ok(['cp', 'a', 'own'], { uid: 77, gid: 88 });
  await sandbox.ok(['cp', '--no-owner', 'a', 'also'], { uid: 0, gid: 99 });
  const owners = await Promise.all(
    ['kept', 'own', 'also'].map(async (path) => {
      const { entries } = await sandbox.json<{ entries: { uid: number; gid: number }[] }>(['stat', path]);
      return `${entries[0]?.uid}:${entries[0]?.gid}`;
    }),
  );
  assert.deepEqual(owners.slice(1), ['77:88', '0:99']);
  assert.equal(owners[0], isRoot ? '5:6' : `${process.getuid?.()}:${process.getgid?.()}`);
});

test('from the first file to the last, somebody listens to signals', async () => {
  const sandbox = await sandboxWithFs();
  for (const name of ['a', 'b']) write(sandbox, name, name);
  const { signal } = new AbortController();
  const listeners: number[] = [];
  observeMemory({
    write(_device, _offset, _bytes, thread) {
      if (thread === 0) listeners.push(getEventListeners(signal, 'abort').length);
    },
  });
  await sandbox.ok(['cp', 'a', 'b', '/'], { signal }).finally(() => observeMemory(undefined));
  assert.ok(listeners.length > 0 && !listeners.includes(0), listeners.join());
});

test('files go into a directory, or one file to a given name', async () => {
  const sandbox = await sandboxWithFs();
  for (const name of ['a', 'b']) write(sandbox, name, name);
  await sandbox.ok(['mkdir', 'dir']);
  const { files } = await sandbox.json<Copied>(['cp', 'a', 'b', 'dir/']);
  assert.deepEqual(files.map(({ path }) => path).sort(), ['dir/a', 'dir/b']);
  await sandbox.ok(['cp', './a', '/dir/c']);
  assert.equal(await sandbox.ok(['ls', 'dir']), 'a\nb\nc\n');
  mkdirSync(join(sandbox.folder, 'empty'));
  await sandbox.ok(['cp', '-r', 'empty', 'new']);
  await sandbox.ok(['cp', '-r', 'empty/.', '/dir']);
  assert.equal(await sandbox.ok(['ls', 'dir']), 'a\nb\nc\n');
  assert.equal((await sandbox.error(['cp', 'a', 'b', 'nowhere'])).code, 'NO_DIRECTORY');
  assert.equal((await sandbox.error(['cp', 'a', 'nowhere/'])).code, 'NO_DIRECTORY');
  assert.equal((await sandbox.error(['cp', 'a', 'b', 'dir/a'])).code, 'NOT_A_DIRECTORY');
  assert.equal((await sandbox.error(['cp', 'a', 'nowhere/a'])).code, 'NO_PARENT');
});

test('files that famfs cannot store are refused, and the rest is copied', async () => {
  const sandbox = await sandboxWithFs();
  const tree = join(sandbox.folder, 'tree');
  mkdirSync(join(tree, 'x'.repeat(70)), { recursive: true });
  write(sandbox, 'tree/empty', '');
  write(sandbox, `tree/${'x'.repeat(70)}/too-long`, 'x');
  write(sandbox, 'tree/control\n', 'x');
  write(sandbox, 'tree/good', 'good');
  symlinkSync('good', join(tree, 'link'));
  spawnSync('mkfifo', [join(tree, 'fifo')]);
  const { exitCode, codes, copied } = await outcome(sandbox, ['cp', '-r', 'tree', '/']);
  assert.equal(exitCode, 1);
  assert.deepEqual(codes.sort(), ['BAD_PATH', 'BAD_PATH', 'EMPTY_FILE', 'LINK', 'SPECIAL_FILE']);
  assert.deepEqual(
    copied?.files.map(({ path }) => path),
    ['tree/good'],
  );
  assert.deepEqual(copied?.failed.map(({ code }) => code).sort(), codes);
  assert.ok(copied?.failed.some(({ path, message }) => path === join(tree, 'empty') && message.includes('is empty')));
  assert.equal((await sandbox.run(['cp', '-r', '-L', 'tree/link', 'followed'])).exitCode, 0);
});

test('a directory needs -r, and a loop of links is noticed', async () => {
  const sandbox = await sandboxWithFs();
  mkdirSync(join(sandbox.folder, 'tree'));
  symlinkSync('..', join(sandbox.folder, 'tree', 'up'));
  assert.deepEqual((await outcome(sandbox, ['cp', 'tree', '/'])).codes, ['IS_DIRECTORY']);
  const { codes } = await outcome(sandbox, ['cp', '-rL', 'tree', '/']);
  assert.ok(codes.includes('LINK_LOOP'), codes.join());
});

test('an existing file of the same size is overwritten in place, one of another size is an error', async () => {
  const sandbox = await sandboxWithFs();
  write(sandbox, 'a', 'first');
  await sandbox.ok(['cp', 'a', '/']);
  write(sandbox, 'a', 'again');
  const { files } = await sandbox.json<Copied>(['cp', 'a', '/']);
  assert.deepEqual(files, [{ source: join(sandbox.folder, 'a'), path: 'a', size: 5, existed: true }]);
  await sandbox.ok(['cp', '--out', 'a', 'back']);
  assert.equal(read(sandbox, 'back'), 'again');
  appendFileSync(join(sandbox.folder, 'a'), '!');
  assert.deepEqual((await outcome(sandbox, ['cp', 'a', '/'])).codes, ['EXISTS']);
  truncateSync(join(sandbox.folder, 'a'), 4);
  assert.deepEqual((await outcome(sandbox, ['cp', 'a', '/'])).codes, ['EXISTS']);
  await sandbox.ok(['cp', '--out', 'a', 'back']);
  assert.equal(read(sandbox, 'back'), 'again');
  await sandbox.ok(['mkdir', 'dir']);
  assert.deepEqual((await outcome(sandbox, ['cp', '-r', 'a', '/dir'])).codes, []);
  mkdirSync(join(sandbox.folder, 'dir2', 'a'), { recursive: true });
  assert.deepEqual((await outcome(sandbox, ['cp', '-r', 'dir2/a', '/'])).codes, ['EXISTS']);
});

test('of two sources with the same name only one is copied', async () => {
  const sandbox = await sandboxWithFs();
  mkdirSync(join(sandbox.folder, 'x'));
  write(sandbox, 'a', 'one');
  write(sandbox, 'x/a', 'two');
  const { codes, copied } = await outcome(sandbox, ['cp', 'a', 'x/a', '/']);
  assert.deepEqual([codes, copied?.files.length], [['EXISTS'], 1]);
  const again = await outcome(sandbox, ['cp', 'a', 'x/a', '/']);
  assert.deepEqual([again.codes, again.copied?.files.length], [['EXISTS'], 1]);
});

test('if there is no room for all files, none is copied', async () => {
  const sandbox = await sandboxWithFs(20 * MIB);
  write(sandbox, 'small', 'small');
  truncateSync(write(sandbox, 'large', ''), 12 * MIB);
  assert.equal((await sandbox.error(['cp', 'small', 'large', '/'])).code, 'NO_SPACE');
  assert.equal(await sandbox.ok(['ls']), '');
});

test('the image of the file system is not copied into itself', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  assert.deepEqual((await outcome(sandbox, ['cp', 'pool.img', 'self'])).codes, ['IS_THE_IMAGE']);
});

test('holes of sparse sources are copied as zeros, over old bytes too', async () => {
  const sandbox = await sandboxWithFs();
  await sandbox.ok(['creat', '-s', '9M', '--seed', '3', '--stripes', '2', 'sparse']);
  const path = write(sandbox, 'sparse', '');
  truncateSync(path, 9 * MIB);
  await sandbox.ok(['cp', '--verify', 'sparse', '/']);
  await sandbox.ok(['cp', '--out', 'sparse', 'back']);
  assert.equal(read(sandbox, 'back'), '\0'.repeat(9 * MIB));
});

test('options that contradict or lack each other are usage errors', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  write(sandbox, 'a', 'a');
  const wrong = [
    ['cp', 'a'],
    ['cp', '--skip-bad', 'a', '/'],
    ['cp', '--out', '--stripes', '2', 'a', 'b'],
    ['cp', '--out', '--daxdevs', '0', 'a', 'b'],
    ['cp', '--out', '-s', '1', 'a', 'b'],
    ['cp', '-', 'a'],
    ['cp', '-s', '1', 'a', '-', 'b'],
    ['cp', '-s', '1', '--verify', '-', 'b'],
    ['cp', '--threads', '0', 'a', '/'],
    ['cp', '--threads', '257', 'a', '/'],
  ];
  for (const argv of wrong) assert.equal((await sandbox.run(argv)).exitCode, 2, argv.join(' '));
  assert.equal((await sandbox.error(['cp', '-s', '1', 'a', 'b'])).code, 'NOT_A_STREAM');
  assert.equal(await sandbox.ok(['ls']), '');
});

test('only the Master copies in; a Client can copy out', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  write(sandbox, 'a', 'a');
  await sandbox.ok(['cp', 'a', '/']);
  sandbox.becomeHost(OTHER_UUID);
  assert.equal((await sandbox.error(['cp', 'a', 'b'])).code, 'NOT_MASTER');
  await sandbox.ok(['get', 'a', 'got']);
  assert.ok(readdirSync(sandbox.folder).includes('got'));
});

test('files that exactly fill their strips, or miss that by a byte, come out with every byte', async (t) => {
  const sandbox = await sandboxWithFs(256 * MIB);
  const random = new Random(t);
  for (const size of [12 * MIB, 12 * MIB - 1, 12 * MIB + 1, 6 * MIB]) {
    const bytes = random.bytes(size);
    write(sandbox, `f${size}`, bytes);
    await sandbox.ok(['cp', '--verify', '--stripes', '3', `f${size}`, '/']);
    await sandbox.ok(['get', '--verify', `f${size}`, 'back']);
    assert.ok(readFileSync(join(sandbox.folder, 'back')).equals(bytes), String(size));
  }
});

test('a folder whose name begins with that of a new one keeps its files, and a link to nothing is named', async () => {
  const sandbox = await sandboxWithFs();
  for (const folder of ['tree', 'tree/b', 'tree/bb']) mkdirSync(join(sandbox.folder, folder));
  write(sandbox, 'tree/bb/file', 'old');
  await sandbox.ok(['mkdir', '-p', '/tree/bb']);
  await sandbox.ok(['cp', 'tree/bb/file', '/tree/bb/file']);
  write(sandbox, 'tree/b/file', 'new');
  write(sandbox, 'tree/bb/file', 'OLD');
  symlinkSync('nowhere', join(sandbox.folder, 'tree', 'b', 'lost'));
  const { codes, copied } = await outcome(sandbox, ['cp', '-rL', 'tree', '/']);
  assert.deepEqual(codes, ['CANNOT_READ']);
  assert.match(copied!.failed[0]!.message, /tree\/b\/lost: cannot read it: no such file or directory$/);
  assert.deepEqual(
    copied!.files.map(({ path, existed }) => [path, existed]),
    [
      ['tree/b/file', false],
      ['tree/bb/file', true],
    ],
  );
  await sandbox.ok(['fsck']);
  await sandbox.ok(['cp', '--out', '/tree/bb/file', 'back']);
  assert.equal(read(sandbox, 'back'), 'OLD');
});

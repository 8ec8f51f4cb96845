import assert from 'node:assert/strict';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { FamfsError } from '../../src/fs/errors.js';
import { openVolume } from '../../src/fs/pool/openVolume.js';
import { type CopiedOut, copyOutOf } from '../../src/fs/transfer/copyOut.js';
import { planOut } from '../../src/fs/transfer/planOut.js';
import { MIB, Sandbox } from '../support/sandbox.js';

async function sandboxWithFiles(): Promise<Sandbox> {
  const sandbox = new Sandbox();
  await sandbox.makeFs(128 * MIB);
  await sandbox.ok(['mkdir', '-p', 'dir/sub']);
  await sandbox.ok(['creat', '--seed', '5', '-s', '9M', '--stripes', '3', 'dir/striped']);
  await sandbox.ok(['creat', '--seed', '5', '-s', '9M', 'dir/plain', 'dir/sub/deep']);
  return sandbox;
}

const codeOf = async (sandbox: Sandbox, argv: string[]) => (await sandbox.error(argv)).code;

test('a symbolic link in the destination is not followed, neither for a directory nor for a file', async () => {
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

test('a link that a person names is followed', async () => {
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

test('what is not there, or needs -r, is reported, and the rest comes out', async () => {
  const sandbox = await sandboxWithFiles();
  mkdirSync(join(sandbox.folder, 'out'));
  const { exitCode, stderr } = await sandbox.run(['get', 'missing', 'dir', '/dir/plain', 'out']);
  assert.equal(exitCode, 1);
  assert.match(stderr, /missing: no such file or directory/);
  assert.match(stderr, /dir is a directory; give -r/);
  assert.deepEqual(readdirSync(join(sandbox.folder, 'out')), ['plain']);
  assert.equal(await codeOf(sandbox, ['get', 'dir/plain', 'dir/sub/deep', 'nowhere']), 'NO_DIRECTORY');
  assert.equal(await codeOf(sandbox, ['get', 'dir/plain', 'nowhere/']), 'NO_DIRECTORY');
  assert.equal(await codeOf(sandbox, ['get', 'dir/plain', 'nowhere/a']), 'NO_DIRECTORY');
  assert.equal(await codeOf(sandbox, ['get', 'dir/plain', 'pool.img/a']), 'CANNOT_WRITE');
});

test('a directory may be one that nobody may write, and gets its mode when it is full', async () => {
  const sandbox = await sandboxWithFiles();
  await sandbox.ok(['mkdir', '-m', '555', 'locked']);
  await sandbox.ok(['creat', '-s', '1', '-m', '400', '--zero', 'locked/a']);
  await sandbox.ok(['get', '-r', 'locked', '.']);
  assert.equal(lstatSync(join(sandbox.folder, 'locked')).mode & 0o7777, 0o555);
  assert.equal(lstatSync(join(sandbox.folder, 'locked/a')).mode & 0o7777, 0o400);
});

test('set-user-id bits come out with their owner only', async () => {
  const sandbox = await sandboxWithFiles();
  await sandbox.ok(['creat', '-s', '1', '-m', '6755', '--zero', 'suid']);
  await sandbox.ok(['get', '--no-owner', 'suid', 'without']);
  assert.equal(lstatSync(join(sandbox.folder, 'without')).mode & 0o7777, 0o755);
});

interface Attempt {
  readonly copied: CopiedOut[];
  readonly codes: string[];
}

/** Copies everything out of an image whose end is cut off once it is mapped: memory that cannot be read. */
async function copyCutShort(sandbox: Sandbox, options: { skipBad: boolean; threads: number }): Promise<Attempt> {
  const image = sandbox.env.FAMFS_DEV as string;
  const volume = openVolume({ env: sandbox.env, cwd: sandbox.folder, warn: () => {} }, []);
  const errors: FamfsError[] = [];
  const failed = (error: FamfsError) => errors.push(error);
  rmSync(join(sandbox.folder, 'out'), { recursive: true, force: true });
  try {
    const plan = planOut(volume.replay.namespace, ['dir'], join(sandbox.folder, 'out'), true, failed);
    truncateSync(image, 30 * MIB);
    const attendant = { threads: options.threads, signal: new AbortController().signal, advance: () => {} };
    const how = { ...options, verify: true, keepOwner: false, failed };
    return { copied: await copyOutOf(volume, plan, attendant, how), codes: errors.map(({ code }) => code) };
  } finally {
    volume.close();
    truncateSync(image, 128 * MIB);
  }
}

test('bad memory fails the files that lie there, and leaves nothing of them', async () => {
  const sandbox = await sandboxWithFiles();
  for (const threads of [1, 4]) {
    const { copied, codes } = await copyCutShort(sandbox, { skipBad: false, threads });
    assert.ok(codes.length > 0 && codes.every((code) => code === 'POISON'), codes.join());
    assert.equal(copied.length + codes.length, 3);
    const left = readdirSync(join(sandbox.folder, 'out'), { recursive: true, encoding: 'utf8' });
    assert.deepEqual(
      left.filter((path) => path.endsWith('.partial')),
      [],
    );
    assert.equal(left.filter((path) => lstatSync(join(sandbox.folder, 'out', path)).isFile()).length, copied.length);
  }
});

test('with --skip-bad everything else of them comes out, and the holes are listed exactly', async () => {
  const sandbox = await sandboxWithFiles();
  await sandbox.ok(['get', '-r', 'dir', 'whole']);
  const { copied, codes } = await copyCutShort(sandbox, { skipBad: true, threads: 3 });
  assert.deepEqual([copied.length, codes], [3, []]);
  let holes = 0;
  for (const { path, target, holes: bad } of copied) {
    const expected = readFileSync(join(sandbox.folder, 'whole', path.slice('dir/'.length)));
    for (const { fileOffset, length, deviceOffset } of bad) {
      assert.ok(deviceOffset >= 30 * MIB, `${path} ${deviceOffset}`);
      expected.fill(0, fileOffset, fileOffset + length);
      holes += length;
    }
    assert.ok(readFileSync(target).equals(expected), path);
  }
  assert.ok(holes > 0);
});

test('nothing incomplete is left when copying out is interrupted', async () => {
  const sandbox = await sandboxWithFiles();
  const volume = openVolume({ env: sandbox.env, cwd: sandbox.folder, warn: () => {} }, []);
  const controller = new AbortController();
  const failed = (error: FamfsError) => assert.fail(error);
  const plan = planOut(volume.replay.namespace, ['dir'], join(sandbox.folder, 'out'), true, failed);
  const advance = () => controller.abort();
  const attendant = { threads: 1, signal: controller.signal, advance };
  const copied = await copyOutOf(volume, plan, attendant, { skipBad: false, verify: false, keepOwner: false, failed });
  volume.close();
  assert.ok(copied.length < 3);
  const left = readdirSync(join(sandbox.folder, 'out'), { recursive: true, encoding: 'utf8' });
  assert.equal(left.filter((path) => /plain|striped|deep|partial/.test(path)).length, copied.length);
  assert.ok(existsSync(join(sandbox.folder, 'out')));
});

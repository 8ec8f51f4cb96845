import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { observeMemory } from '../../src/native/device.js';
import { overwrite, PoolSandbox } from '../support/pool.js';
import { MIB, OTHER_UUID, OWN_UUID } from '../support/sandbox.js';

interface Clone {
  readonly fsUuid: string;
  readonly logLength: number;
  readonly daxdevs: readonly { path: string; replaced: string | null }[];
  readonly directories: number;
  readonly files: readonly { path: string; size: number }[];
  readonly failed: readonly { path: string; code: string }[];
  readonly written: boolean;
}

interface Maps {
  readonly files: readonly { path: string; layout: string; chunkSize: number | null; extents: unknown[] }[];
}

const sandbox = new PoolSandbox();
const SEEDS = { simple: 1, 'dir/striped': 2, 'dir/sub/small': 3 };

/** A pool of two with files of any layout, an odd size, modes and owners. */
async function source(): Promise<string[]> {
  const paths = await sandbox.makePool(28, 16);
  await sandbox.ok(['creat', '--seed', '1', '-s', '5M', '-m', '600', '-u', '7', '-g', '8', 'simple']);
  await sandbox.ok(['mkdir', '-p', '-m', '750', 'dir/sub']);
  await sandbox.ok(['creat', '--seed', '2', '-s', '9000001', '--stripes', '2', '--chunk', '2M', 'dir/striped']);
  await sandbox.ok(['creat', '--seed', '3', '-s', '777', 'dir/sub/small']);
  return paths;
}

async function judge(dev: string): Promise<void> {
  for (const [path, seed] of Object.entries(SEEDS)) await sandbox.ok(['verify', '-S', `${seed}`, path, '--dev', dev]);
  const { exitCode, findings } = await sandbox.fsck('-n', dev);
  assert.deepEqual([exitCode, findings], [0, []]);
  const names = async (of: string[]) =>
    (await sandbox.json<{ entries: Record<string, unknown>[] }>(['ls', '-R', ...of])).entries.map(
      ({ path, size, mode, uid, gid }) => [path, size, mode, uid, gid],
    );
  assert.deepEqual(await names(['--dev', dev]), await names([]));
}

async function shapes(dev: string): Promise<unknown[]> {
  const { files } = await sandbox.json<Maps>(['showfmap', '--all', '--dev', dev]);
  return files.map(({ path, layout, chunkSize, extents }) => [path, layout, chunkSize, extents.length]);
}

function digest(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

test('names, owners, modes, layouts and all bytes are in the new file system', async () => {
  const paths = await source();
  const before = paths.map(digest);
  const to = sandbox.image('to.img', 48 * MIB);
  const planned = await sandbox.json<Clone>(['clone', '-n', '--to', to]);
  assert.deepEqual([planned.written, planned.files.length, planned.directories], [false, 3, 2]);
  assert.equal((await sandbox.error(['ls', '--dev', to])).code, 'NO_FAMFS');
  const done = await sandbox.json<Clone>(['clone', '--to', to, '--threads', '3']);
  assert.deepEqual([done.written, done.logLength, done.failed], [true, 8 * MIB, []]);
  assert.deepEqual(
    done.files.map(({ path, size }) => [path, size]),
    [
      ['simple', 5 * MIB],
      ['dir/striped', 9000001],
      ['dir/sub/small', 777],
    ],
  );
  await judge(to);
  assert.deepEqual(await shapes(to), await shapes(paths[0] as string));
  assert.deepEqual(paths.map(digest), before, 'the source was written to');
});

test('another number of daxdevs, other stripes, a longer log, another allocation unit, another host', async () => {
  await source();
  const to = [30, 20, 20].map((size, i) => sandbox.image(`to${i}.img`, size * MIB));
  const names = to.flatMap((path) => ['--to', path]);
  sandbox.becomeHost(OTHER_UUID);
  const text = await sandbox.ok(['clone', '--stripes', '3', '--loglen', '16M', '--alloc-unit', '4k', ...names]);
  assert.match(text, /to0.img, .*to1.img, .*to2.img: famfs .* made, log 16M, 2 directories\ncopied 3 files, /);
  await judge(to[0] as string);
  assert.deepEqual(await shapes(to[0] as string), [
    ['simple', 'interleaved', 2 * MIB, 3],
    ['dir/striped', 'interleaved', 2 * MIB, 3],
    ['dir/sub/small', 'simple', null, 1],
  ]);
  // and back into two strips with longer chunks: neither map divides the files where the other does
  const back = [28, 28].map((size, i) => sandbox.image(`back${i}.img`, size * MIB));
  const onto = back.flatMap((path) => ['--to', path]);
  await sandbox.ok(['clone', '--stripes', '2', '--chunk', '4M', ...onto, '--dev', to[0] as string]);
  await judge(back[0] as string);
  await sandbox.ok(['creat', '-s', '1M', 'later', '--dev', to[0] as string]);
  sandbox.becomeHost(OWN_UUID);
});

test('what cannot be cloned is refused before anything is written', async () => {
  const [primary = '', second = ''] = await source();
  const before = [primary, second].map(digest);
  const small = sandbox.image('small.img', 16 * MIB);
  const used = sandbox.image('used.img', 48 * MIB);
  await sandbox.ok(['mkfs', used]);
  for (const [options, code] of [
    [['--to', small], 'NO_SPACE'],
    [['--to', used], 'HAS_FAMFS'],
    [['--to', used, '--to', primary, '-ff'], 'ALREADY_MEMBER'],
    [['--to', second, '-ff'], 'ALREADY_MEMBER'],
    [['--to', used, '-f', '--loglen', '9M'], 'BAD_LOG_LENGTH'],
    [['--to', used, '-f', '--chunk', '2M'], 'USAGE'],
    [['--to', 'none.img'], 'DEVICE_OPEN'],
    [[], 'USAGE'],
  ] as const)
    assert.deepEqual([options, (await sandbox.error(['clone', ...options])).code], [options, code]);
  assert.deepEqual([primary, second].map(digest), before);
  assert.equal((await sandbox.error(['ls', '--dev', small])).code, 'NO_FAMFS');
  await sandbox.ok(['fsck', '-n', used]);
  const { daxdevs } = await sandbox.json<Clone>(['clone', '--to', used, '--force']);
  assert.match(daxdevs[0]?.replaced ?? '', /famfs/);
  await judge(used);
});

test('a full log is answered with a clone that has a longer one', async () => {
  const image = sandbox.image('full.img', 96 * MIB);
  await sandbox.ok(['mkfs', '--alloc-unit', '4k', image]);
  const list = join(sandbox.folder, 'list');
  writeFileSync(list, Array.from({ length: 7800 }, (_, i) => `f${i} 1\n`).join(''));
  const listed = await sandbox.run(['creat', '--from', list, '--dev', image]);
  assert.equal(listed.exitCode, 0, listed.stderr);
  const more = join(sandbox.folder, 'more');
  writeFileSync(more, Array.from({ length: 7800 }, (_, i) => `g${i} 1\n`).join(''));
  const { code, hint = '' } = await sandbox.error(['creat', '--from', more, '--dev', image]);
  assert.equal(code, 'LOG_FULL');
  assert.match(hint, /famfs clone --loglen/);
  const to = sandbox.image('longer.img', 96 * MIB);
  const { logLength, files } = await sandbox.json<Clone>(['clone', '--dev', image, '--to', to]);
  assert.deepEqual([logLength, files.length], [16 * MIB, 7800]);
  await sandbox.ok(['creat', '--from', more, '--dev', to]);
});

test('a clone that was interrupted is sound and says what to do', async () => {
  await source();
  const to = sandbox.image('cut.img', 48 * MIB);
  const controller = new AbortController();
  observeMemory({ write: (_device, _offset, _bytes, thread) => thread > 0 && controller.abort(new Error('enough')) });
  const { exitCode, stderr } = await sandbox
    .run(['clone', '--to', to, '--threads', '1'], { signal: controller.signal })
    .finally(() => observeMemory(undefined));
  assert.notEqual(exitCode, 0);
  assert.match(
    stderr,
    /of 3 files copied; the file system on .*cut\.img lacks the others; run the command again with --force/,
  );
  assert.equal((await sandbox.fsck('-n', to)).exitCode, 0);
  assert.equal((await sandbox.error(['clone', '--to', to])).code, 'HAS_FAMFS');
  await sandbox.ok(['clone', '--to', to, '--force']);
  await judge(to);
});

test('a file whose copy is wrong is not made, and the others are', async () => {
  await source();
  const to = sandbox.image('bad.img', 48 * MIB);
  let done = false;
  observeMemory({
    write(device, offset, _bytes, thread) {
      if (thread === 0 || done) return;
      done = true;
      overwrite(device.path, offset + 10, Buffer.of(0x5a, 0xa5));
    },
  });
  const { exitCode, stdout, stderr } = await sandbox
    .run(['clone', '--to', to, '--json', '--threads', '1'])
    .finally(() => observeMemory(undefined));
  const { files, failed } = JSON.parse(stdout) as Clone;
  assert.deepEqual([exitCode, files.length, failed.map(({ code }) => code)], [1, 2, ['WRONG_BYTE']], stderr);
  assert.equal((await sandbox.fsck('-n', to)).exitCode, 0);
  assert.equal((await sandbox.json<{ entries: unknown[] }>(['ls', '-R', '--dev', to])).entries.length, 4);
});

test('the label stays with the old file system, whose default layout the new one has', async () => {
  await sandbox.ok(['mkfs', '--force', '--label', 'old', '--stripes', '1', sandbox.image('labelled.img', 24 * MIB)]);
  const dev = ['--dev', 'LABEL=old'];
  sandbox.env.FAMFS_DEV = '';
  const to = sandbox.image('copy.img', 24 * MIB);
  const labelOf = async () => (await sandbox.json<{ label: string | null }>(['info', to])).label;
  assert.equal((await sandbox.json<{ label: string | null }>(['clone', ...dev, '--to', to])).label, null);
  assert.equal(await labelOf(), null);
  const { defaultInterleave } = await sandbox.json<{ defaultInterleave: object | null }>(['info', to]);
  assert.deepEqual(defaultInterleave, { stripes: 1, chunkSize: 2 * MIB });
  const again = ['clone', '--force', ...dev, '--to', to, '--label'];
  assert.equal((await sandbox.error([...again, 'a/b'])).code, 'USAGE');
  assert.equal((await sandbox.error([...again, ''])).code, 'USAGE');
  assert.equal((await sandbox.json<{ label: string }>([...again, 'new', '-n'])).label, 'new');
  assert.equal(await labelOf(), null);
  await sandbox.ok([...again, 'new']);
  assert.equal(await labelOf(), 'new');
  assert.equal((await sandbox.json<{ label: string }>(['info', sandbox.path('labelled.img')])).label, 'old');
});

/** creat --seed and --zero, verify, flush. */
import assert from 'node:assert/strict';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { counters, crc32, resetCounters } from '../../src/native/device.js';
import { MIB, Sandbox } from '../support/sandbox.js';

interface Fmap {
  files: { size: number; extents: { deviceOffset: number; length: number }[] }[];
}

async function sandboxWithFs(): Promise<Sandbox> {
  const sandbox = new Sandbox();
  await sandbox.makeFs(256 * MIB);
  return sandbox;
}

/** Known values of the pattern of the reference: the first 64 bytes, and the crc of the first 1048579. */
const PATTERNS = [
  [
    '1',
    '284991ee66b6fb343a87ca18de441778e8a866a128f453c9630a3f0c918da0a0f6b0ce1a3add6b986c99d7d828e543367c7b31a52a3d71062ef95fec06ab5609',
    0xe71c25fb,
  ],
  [
    '42',
    '985f52e27afb0c3df88c822b402249e5d5781cc4cce1aad536a0a03bdb08a0ef6094e6c481e729e5ecf365f2ec7e898fb0c108be5651f0305a4c916d3f1e0ecc',
    0x123f8e7f,
  ],
  [
    '4294967295',
    '745532c32f3593628be2890ca3bb34fbd610caa9d3a26a39c6e11c011412081883a36890b8cf33b1e74c89da28be3c63957a75ab1076e2a31ebee8ddb3810f51',
    0xfc683923,
  ],
] as const;

test('the seeded pattern is that of the reference', async () => {
  const sandbox = await sandboxWithFs();
  for (const [seed, start, crc] of PATTERNS) {
    await sandbox.ok(['creat', '-s', '1048579', '--seed', seed, seed]);
    await sandbox.ok(['get', seed, `out${seed}`]);
    const bytes = readFileSync(join(sandbox.folder, `out${seed}`));
    assert.equal(bytes.subarray(0, 64).toString('hex'), start);
    assert.equal(crc32(bytes), crc);
  }
});

test('what creat fills, verify finds, however the file lies and however many threads there are', async () => {
  const sandbox = await sandboxWithFs();
  await sandbox.ok(['creat', '-s', '21M', '--seed', '7', '--stripes', '4', 'striped', '--threads', '3']);
  await sandbox.ok(['creat', '-s', '9999999', '--seed', '7', 'plain', '--threads', '1']);
  for (const threads of ['1', '2', '5'])
    await sandbox.ok(['verify', '--seed', '7', '--threads', threads, 'striped', 'plain']);
});

test('verify names the first wrong byte of each file, in the file and on the daxdev', async () => {
  const sandbox = await sandboxWithFs();
  await sandbox.ok(['creat', '-s', '21M', '--seed', '7', '--stripes', '4', 'a', 'b', 'c']);
  const { files } = await sandbox.json<Fmap>(['showfmap', 'b', 'c']);
  const image = openSync(sandbox.env.FAMFS_DEV as string, 'r+');
  // chunk 5 lies on strip 1, in its second chunk
  const place = (files[0]?.extents[1]?.deviceOffset ?? 0) + 2 * MIB + 12345;
  writeSync(image, Buffer.of(0xaa, 0xbb), 0, 2, place);
  writeSync(image, Buffer.of(0xcc, 0xdd), 0, 2, files[1]?.extents[3]?.deviceOffset ?? 0);
  closeSync(image);
  const { exitCode, stderr, stdout } = await sandbox.run(['verify', '--seed', '7', 'a', 'b', 'missing', 'c', '--json']);
  const errors = stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).error);
  assert.equal(exitCode, 1);
  assert.deepEqual(errors.map(({ code }) => code).sort(), ['NO_ENTRY', 'WRONG_BYTE', 'WRONG_BYTE']);
  const wrong = errors.find(({ path }) => path === 'b');
  assert.equal(wrong.fileOffset, 10 * MIB + 12345);
  assert.equal(wrong.deviceOffset, place);
  assert.equal(wrong.daxdev, 0);
  assert.equal(wrong.device, sandbox.env.FAMFS_DEV);
  assert.deepEqual(
    JSON.parse(stdout).files.map(({ path }: { path: string }) => path),
    ['a'],
  );
});

test('creat fills files that exist too, and makes all of them', async () => {
  const sandbox = await sandboxWithFs();
  await sandbox.ok(['creat', '-s', '3M', '--seed', '7', 'a']);
  const { files } = await sandbox.json<{ files: { path: string; slot: number; created: boolean }[] }>([
    'creat',
    '-s',
    '3M',
    '--zero',
    '--exist-ok',
    'a',
    'b',
  ]);
  assert.deepEqual(files, [
    { path: 'a', slot: 0, created: false },
    { path: 'b', slot: 1, created: true },
  ]);
  for (const path of ['a', 'b']) {
    await sandbox.ok(['get', path, path]);
    assert.ok(readFileSync(join(sandbox.folder, path)).equals(Buffer.alloc(3 * MIB)), path);
  }
});

test('filling stores past the cache or writes back every line, before the entry appears', async () => {
  const sandbox = await sandboxWithFs();
  resetCounters();
  await sandbox.ok(['creat', '-s', '3M', '--seed', '7', 'a']);
  const { bytesStored, fences } = counters();
  assert.ok(bytesStored >= 3 * MIB && bytesStored < 3.1 * MIB, String(bytesStored));
  assert.ok(fences >= 3, String(fences));
});

test('flush writes back or invalidates the lines of the file, and no others', async () => {
  const sandbox = await sandboxWithFs();
  const size = 9 * MIB + 100;
  await sandbox.ok(['creat', '-s', String(size), '--stripes', '3', '--zero', 'a']);
  resetCounters();
  await sandbox.ok(['flush', 'a']);
  assert.equal(counters().linesWrittenBack, Math.ceil(size / 64));
  assert.ok(counters().fences > 0);
  await sandbox.ok(['ls']);
  resetCounters();
  await sandbox.ok(['ls']);
  const replaying = counters().linesInvalidated;
  resetCounters();
  await sandbox.ok(['flush', '--invalidate', 'a']);
  // its entry is read again, 9 or 10 lines
  const lines = counters().linesInvalidated - replaying - Math.ceil(size / 64);
  assert.ok(lines >= 0 && lines <= 10, String(lines));
  assert.equal(counters().linesWrittenBack, 0);
  sandbox.becomeHost('99999999-2222-4333-8444-555555555555');
  await sandbox.ok(['flush', '--invalidate', 'a']);
  assert.equal((await sandbox.run(['flush', 'a', 'missing'])).exitCode, 1);
});

test('seeds and options that make no sense are usage errors', async () => {
  const sandbox = await sandboxWithFs();
  for (const argv of [
    ['verify', 'a'],
    ['verify', '--seed', '-1', 'a'],
    ['verify', '--seed', 'x', 'a'],
    ['verify', '--seed', '1'],
    ['creat', '-s', '1', '--seed', '1', '--zero', 'a'],
    ['flush'],
    ['cat'],
    ['get', 'a'],
  ])
    assert.equal((await sandbox.run(argv)).exitCode, 2, argv.join(' '));
});

test('files on several daxdevs are filled, copied, verified and flushed; a wrong byte names its daxdev', async () => {
  const sandbox = new Sandbox();
  const images = Array.from({ length: 5 }, (_, i) => sandbox.image(`dev${i}.img`, (64 + 16 * i) * MIB));
  await sandbox.ok(['mkfs', ...images]);
  sandbox.env.FAMFS_DEV = images[0] as string;
  await sandbox.ok(['creat', '-s', '41M', '--stripes', '5', '--seed', '9', 'a']);
  await sandbox.ok(['verify', '--seed', '9', 'a']);
  await sandbox.ok(['get', 'a', 'copy']);
  await sandbox.ok(['cp', '--verify', '--stripes', '3', 'copy', 'b']);
  await sandbox.ok(['verify', '--seed', '9', 'b']);
  resetCounters();
  await sandbox.ok(['flush', 'a']);
  assert.equal(counters().linesWrittenBack, (41 * MIB) / 64);
  const { files } = await sandbox.json<{ files: { extents: { daxdev: number; deviceOffset: number }[] }[] }>([
    'showfmap',
    'a',
  ]);
  const { daxdev, deviceOffset: offset } = files[0]?.extents[2] ?? { daxdev: -1, deviceOffset: 0 };
  const image = openSync(images[daxdev] as string, 'r+');
  writeSync(image, Buffer.of(0xaa, 0xbb), 0, 2, offset + 77);
  closeSync(image);
  const wrong = (await sandbox.error(['verify', '--seed', '9', 'a'])) as unknown as Record<string, unknown>;
  assert.deepEqual(
    [wrong.code, wrong.daxdev, wrong.device, wrong.deviceOffset, wrong.fileOffset],
    ['WRONG_BYTE', daxdev, images[daxdev], offset + 77, 4 * MIB + 77],
  );
});

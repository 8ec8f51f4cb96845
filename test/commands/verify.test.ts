import assert from 'node:assert/strict';
import { closeSync, openSync, writeSync } from 'node:fs';
import { test } from 'node:test';
import { counters, resetCounters } from '../../src/native/device.js';
import { useAsDevices } from '../native/scratch.js';
import { MIB, sandboxWithFs } from '../support/sandbox.js';

interface Fmap {
  files: { size: number; extents: { deviceOffset: number; length: number }[] }[];
}

test('verify finds what creat filled, for every layout and number of threads', async () => {
  const sandbox = await sandboxWithFs(256 * MIB);
  await sandbox.ok(['creat', '-s', '21M', '--seed', '7', '--stripes', '4', 'striped', '--threads', '3']);
  await sandbox.ok(['creat', '-s', '9999999', '--seed', '7', 'plain', '--threads', '1']);
  for (const threads of ['1', '2', '5'])
    await sandbox.ok(['verify', '--seed', '7', '--threads', threads, 'striped', 'plain']);
});

test('verify names the first wrong byte of each file, in the file and on the daxdev', async () => {
  const sandbox = await sandboxWithFs(256 * MIB);
  await sandbox.ok(['creat', '-s', '21M', '--seed', '7', '--stripes', '4', 'a', 'b', 'c']);
  const { files } = await sandbox.json<Fmap>(['showfmap', 'b', 'c']);
  const image = openSync(sandbox.env.FAMFS_DEV as string, 'r+');
  // chunk 5 is the second chunk of strip 1
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

test('verify reads past what this host has cached, where others share it', async (t) => {
  const sandbox = await sandboxWithFs(64 * MIB);
  await sandbox.ok(['creat', '-s', '5M', '--seed', '7', 'a']);
  useAsDevices(t);
  resetCounters();
  await sandbox.ok(['verify', '--seed', '7', 'a']);
  assert.ok(counters().linesInvalidated >= (5 * MIB) / 64, String(counters().linesInvalidated));
});

test('wrong use', async () => {
  const sandbox = await sandboxWithFs(256 * MIB);
  for (const argv of [
    ['verify', 'a'],
    ['verify', '--seed', '-1', 'a'],
    ['verify', '--seed', 'x', 'a'],
    ['verify', '--seed', '1'],
  ])
    assert.equal((await sandbox.run(argv)).exitCode, 2, argv.join(' '));
});

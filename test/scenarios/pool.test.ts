/** The life of a pool: made, grown, filled, moved, found again, checked. */
import assert from 'node:assert/strict';
import { closeSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { test } from 'node:test';
import { counters, resetCounters } from '../../src/native/device.js';
import { type DaxdevRow, PoolSandbox } from '../support/pool.js';
import { MIB, Sandbox } from '../support/sandbox.js';

interface File {
  readonly path: string;
  readonly extents: readonly { daxdev: number; deviceOffset: number; length: number }[];
}

test('24 images of different sizes: made, grown, filled, moved, found by uuid, checked clean', async () => {
  const box = new PoolSandbox();
  const sizes = Array.from({ length: 24 }, (_, i) => 64 + 17 * i);
  const paths = box.images(...sizes);
  const [primary = ''] = paths;
  await box.ok(['mkfs', '--stripes', '16', ...paths.slice(0, 20)]);
  box.env.FAMFS_DEV = primary;
  await box.ok(['mkdir', 'striped', 'plain']);
  await box.ok(['creat', '-s', '500M', 'striped/first']);
  await box.ok(['daxdev', 'add', ...paths.slice(20)]);
  const { daxdevs } = await box.list();
  assert.deepEqual(
    daxdevs.map(({ path, size, state }) => [path, size, state]),
    paths.map((path, i) => [path, (sizes[i] as number) * MIB, 'present']),
  );
  const before = await fill(box);
  assert.equal((await box.fsck()).exitCode, 0);

  mkdirSync(box.path('other'));
  const order = [...paths.keys()].sort((a, b) => ((a * 7) % 24) - ((b * 7) % 24));
  for (const [i, which] of order.entries()) renameSync(paths[which] as string, box.path(`other/member-${i}`));
  for (const i of [0, 5, 23]) {
    box.env.FAMFS_DEV = box.path(`other/member-${i}`);
    const { exitCode, daxdevs: rows, warnings } = await box.fsck();
    assert.deepEqual([exitCode, warnings], [0, 0]);
    assert.deepEqual(
      rows.map(({ uuid, path, state }) => [uuid, path, state]),
      daxdevs.map(({ uuid }, index) => [uuid, box.path(`other/member-${order.indexOf(index)}`), 'present']),
    );
  }
  const { files } = await box.json<{ files: File[] }>(['showfmap', '--all']);
  assert.deepEqual(files, before);
  for (const { uuid } of daxdevs.slice(0, 3))
    assert.match(await box.ok(['daxdev', 'resolve', uuid]), /\/other\/member-\d+\n$/);
});

/** Makes files of all kinds until nothing more fits. Returns the maps of all files. */
async function fill(box: PoolSandbox): Promise<readonly File[]> {
  for (const [size, ...options] of [
    ['256M'],
    ['96M', '--stripes', '5', '--policy', 'spread'],
    ['40M', '--simple', '--policy', 'fill'],
    ['2M', '--simple'],
  ] as const) {
    for (let i = 0; i < 2000; i += 50) {
      const names = Array.from({ length: size === '2M' ? 50 : 1 }, (_, j) => `plain/${size}-${i + j}`);
      const run = await box.run(['creat', '--json', '-s', size, ...options, ...names]);
      if (run.exitCode === 0) continue;
      assert.equal(JSON.parse(run.stderr).error.code, 'NO_SPACE', run.stderr);
      break;
    }
  }
  // what is left of the last batch
  const { daxdevs } = await box.list();
  const units = daxdevs.reduce((sum, { free }) => sum + free / (2 * MIB), 0);
  if (units > 0)
    await box.ok(['creat', '-s', '2M', '--simple', ...Array.from({ length: units }, (_, i) => `plain/x${i}`)]);
  const full = await box.run(['creat', '--json', '-s', '1', '--simple', 'plain/more']);
  const { error } = JSON.parse(full.stderr) as { error: { code: string; daxdevs: object[] } };
  assert.deepEqual([full.exitCode, error.code, error.daxdevs.length], [1, 'NO_SPACE', 24]);
  assert.deepEqual(error.daxdevs[23], { daxdev: 23, freeBytes: 0, largestHoleBytes: 0 });
  assert.ok((await box.list()).daxdevs.every(isFull));
  return (await box.json<{ files: File[] }>(['showfmap', '--all'])).files;
}

function isFull({ used, capacity, free, largestHole }: DaxdevRow): boolean {
  return used === capacity && free === 0 && largestHole === 0;
}

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

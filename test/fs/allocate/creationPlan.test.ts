/** The layout of new files, given by options, pool and format. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fmapOf, type ShownFmap } from '../../support/fmap.js';
import { pokeEntry } from '../../support/patch.js';
import { overwrite, PoolSandbox } from '../../support/pool.js';
import { firstBytes, GIB, MIB, Sandbox } from '../../support/sandbox.js';

test('files are interleaved by the default of the pool, and options override it', async () => {
  const box = new PoolSandbox();
  const paths = box.images(64, 64, 64);
  await box.ok(['mkfs', '--stripes', '3', '--chunk', '4M', ...paths]);
  box.env.FAMFS_DEV = paths[2] as string;
  assert.deepEqual((await box.json(['info'])).defaultInterleave, { stripes: 3, chunkSize: 4 * MIB });
  for (const [name, ...options] of [
    ['default'],
    ['two', '--stripes', '2'],
    ['chunk', '--chunk', '2M'],
    ['plain', '--simple'],
  ] as const)
    await box.ok(['creat', '-s', '12M', ...options, name]);
  const { files } = await box.json<{ files: ShownFmap[] }>(['showfmap', '--all']);
  assert.deepEqual(
    files.map(({ path, chunkSize, extents }) => [path, chunkSize, extents.length]),
    [
      ['default', 4 * MIB, 3],
      ['two', 4 * MIB, 2],
      ['chunk', 2 * MIB, 3],
      ['plain', null, 1],
    ],
  );
  await box.ok(['mkfs', '--force', ...paths]);
  assert.equal((await box.json(['info'])).defaultInterleave, null);
});

test('a malformed list of daxdevs is a usage error', async () => {
  const box = new PoolSandbox();
  await box.makePool(64, 64);
  for (const list of ['', 'a', '1-', '-1', '5-2', '0,,1', '64', '0;1', '1-2-3'])
    assert.equal((await box.error(['creat', '-s', '2M', `--daxdevs=${list}`, 'f'])).code, 'USAGE', list);
  assert.equal((await box.error(['creat', '-s', '2M', '--daxdevs', '0,2', 'f'])).code, 'NO_SUCH_DAXDEV');
});

test('interleaved files have the shape that the reference gives them', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs(16 * GIB);
  for (const [size, stripes, chunk, shape] of [
    ['16M', 8, '2M', [8, 2 * MIB]],
    ['100M', 8, '2M', [8, 14 * MIB]],
    ['1', 8, '2M', [1, 2 * MIB]],
    ['2M', 8, '2M', [8, 2 * MIB]],
    ['2097153', 8, '2M', [8, 2 * MIB]],
    ['50M', 6, '2M', [6, 10 * MIB]],
    ['3M', 6, '4M', [1, 4 * MIB]],
    ['104857601', 6, '4M', [6, 20 * MIB]],
    ['9M', 1, '2M', [1, 10 * MIB]],
  ] as const) {
    const name = `f${size}x${stripes}x${chunk}`;
    await sandbox.ok(['creat', '-s', size, '--stripes', String(stripes), '--chunk', chunk, name]);
    const fmap = await fmapOf(sandbox, name);
    assert.deepEqual([fmap.extents.length, fmap.extents[0]?.length], shape, name);
    assert.ok(fmap.extents.every(({ length }) => length === shape[1]));
    assert.equal(fmap.allocated - fmap.size, fmap.slack);
  }
  assert.match(await sandbox.ok(['fsck']), /clean/);
});

test('strips on one daxdev are spread over it', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs(16 * GIB);
  await sandbox.ok(['creat', '-s', '1G', '--stripes', '16', 'weights']);
  const { extents } = await fmapOf(sandbox, 'weights');
  const offsets = extents.map(({ deviceOffset }) => deviceOffset).sort((a, b) => a - b);
  for (let i = 1; i < offsets.length; i++) assert.ok((offsets[i] as number) - (offsets[i - 1] as number) > 900 * MIB);
});

test('a plain file is cut into extents only when no hole is large enough', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs(74 * MIB);
  // four strips, each at the start of its quarter, leave four holes of 14 MiB
  await sandbox.ok(['creat', '-s', '8M', '--stripes', '4', 'strips']);
  assert.equal((await sandbox.json<{ largestHole: number }>(['df'])).largestHole, 14 * MIB);
  assert.equal((await sandbox.error(['creat', '-s', '30M', '--contiguous', 'whole'])).code, 'NO_SPACE');
  await sandbox.ok(['creat', '-s', '30M', 'pieces']);
  assert.equal((await fmapOf(sandbox, 'pieces')).extents.length, 3);
  await sandbox.ok(['creat', '-s', '10M', 'one']);
  assert.equal((await fmapOf(sandbox, 'one')).extents.length, 1);
  assert.match(await sandbox.ok(['fsck']), /clean/);
});

test('an invalid chunk size is refused', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs(64 * MIB);
  for (const chunk of ['3M', '6M', '1M'])
    assert.equal(
      (await sandbox.error(['creat', '-s', '8M', '--stripes', '2', '--chunk', chunk, 'a'])).code,
      'BAD_LAYOUT',
      chunk,
    );
});

test('space that a skipped entry claims is not given to a new file', async () => {
  const sandbox = new Sandbox();
  const path = await sandbox.makeFs(64 * MIB);
  await sandbox.ok(['creat', '-s', '2M', 'first', 'second']);
  const image = firstBytes(path, 10 * MIB);
  pokeEntry(image, 0, 'padding', 1, false);
  overwrite(path, 0, image);
  assert.equal(await sandbox.ok(['ls']), 'second\n');
  await sandbox.ok(['creat', '-s', '2M', 'third']);
  assert.equal((await fmapOf(sandbox, 'third')).extents[0]?.deviceOffset, 14 * MIB);
});

import assert from 'node:assert/strict';
import { mkdirSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { PoolSandbox } from '../../support/pool.js';
import { MIB } from '../../support/sandbox.js';

interface File {
  readonly extents: readonly { daxdev: number; deviceOffset: number; length: number }[];
}

test('a pool with a missing member can be read, warns once, and refuses what needs the member', async () => {
  const box = new PoolSandbox();
  const [, , gone = ''] = await box.makePool(64, 64, 64);
  await box.ok(['creat', '-s', '12M', '--stripes', '3', 'f']);
  mkdirSync(box.path('away'));
  renameSync(gone, box.path('away/x'));
  for (const argv of [['ls'], ['stat', 'f'], ['showfmap', 'f'], ['df'], ['info'], ['logplay'], ['mkdir', 'd']]) {
    const { exitCode, stderr } = await box.run(argv);
    assert.equal(exitCode, 0, stderr);
    assert.equal(stderr.match(/1 of the 3 daxdevs of the pool cannot be used/g)?.length, 1, argv.join(' '));
  }
  assert.equal((await box.error(['creat', '-s', '2M', '--daxdevs', '2', 'g'])).code, 'MISSING_DAXDEV');
  // so many that chance alone would not keep them off the missing one
  const names = Array.from({ length: 8 }, (_, i) => `h${i}`);
  await box.ok(['creat', '-s', '4M', '--stripes', '2', ...names]);
  const { files } = await box.json<{ files: File[] }>(['showfmap', ...names]);
  for (const { extents } of files) assert.deepEqual(extents.map(({ daxdev }) => daxdev).sort(), [0, 1]);
  assert.equal(files.length, names.length);
  assert.equal((await box.run(['ls', '--dev', box.path('p0.img'), '--dev', box.path('away/x')])).stderr, '');
});

test('a daxdev of the wrong size is not written; one that is too small is not read either', async () => {
  const box = new PoolSandbox();
  const [, member = ''] = await box.makePool(64, 64);
  await box.ok(['creat', '-s', '8M', '--seed', '1', '--daxdevs', '1', 'f']);
  writeFileSync(box.path('source'), Buffer.alloc(8 * MIB));
  const reading = [
    ['verify', '--seed', '1', 'f'],
    ['get', 'f', 'out'],
  ];
  const writing = [
    ['cp', 'source', 'f'],
    ['creat', '-s', '8M', '--exist-ok', '--zero', 'f'],
    ['creat', '-s', '2M', '--daxdevs', '1', 'g'],
  ];
  truncateSync(member, 128 * MIB);
  for (const argv of writing) assert.equal((await box.error(argv)).code, 'WRONG_SIZE', argv.join(' '));
  for (const argv of reading) assert.equal((await box.run(argv)).exitCode, 0, argv.join(' '));
  truncateSync(member, 32 * MIB);
  for (const argv of [...reading, ...writing]) assert.equal((await box.error(argv)).code, 'WRONG_SIZE', argv.join(' '));
  truncateSync(member, 64 * MIB);
  await box.ok(['verify', '--seed', '1', 'f']);
  await box.ok(['creat', '-s', '2M', '--daxdevs', '1', 'g']);
});

test('space of a daxdev ends with its last whole allocation unit, and a secondary has no log', async () => {
  const box = new PoolSandbox();
  await box.makePool(64, 65);
  await box.ok(['creat', '-s', '3M', '--daxdevs', '1', 'f']);
  const { daxdevs } = await box.list();
  assert.deepEqual(
    daxdevs.map(({ capacity, used, free, largestHole }) => [capacity, used, free, largestHole].map((n) => n / MIB)),
    [
      [54, 0, 54, 54],
      [62, 4, 58, 58],
    ],
  );
});

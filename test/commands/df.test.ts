import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GOLDEN_MASTER, goldenImage } from '../support/golden.js';
import { PoolSandbox } from '../support/pool.js';
import { MIB, Sandbox } from '../support/sandbox.js';

test('df gives the space in use and free', async () => {
  const sandbox = new Sandbox(GOLDEN_MASTER);
  const dev = ['--dev', goldenImage('g2', sandbox.folder)];
  const df = await sandbox.json<Record<string, unknown>>(['df', ...dev]);
  assert.equal(df.free, 3_078_619_136);
  assert.equal(df.used, 1_216_348_160 - 10 * MIB);
  assert.match(await sandbox.ok(['df', '-h', ...dev]), /2.9G/);
});

test('commands that take no other argument take a device as one', async () => {
  const sandbox = new Sandbox(GOLDEN_MASTER);
  const image = goldenImage('g2', sandbox.folder);
  for (const argv of [['df'], ['info'], ['logplay'], ['daxdev', 'list']]) {
    const expected = await sandbox.ok([...argv, '--dev', image]);
    assert.equal(await sandbox.ok([...argv, image]), expected);
    assert.equal(await sandbox.ok(['--dev', image, ...argv]), expected);
    assert.equal(await sandbox.ok([...argv, '--', image]), expected);
    const { code } = await sandbox.error([...argv, 'nothing']);
    assert.equal(code, 'DEVICE_OPEN', argv.join(' '));
  }
});

test('df --holes lists every free extent, and counts them by size', async () => {
  const sandbox = new PoolSandbox();
  await sandbox.makePool(64, 32);
  await sandbox.ok(['creat', '-s', '4M', '--daxdevs', '0', 'a']);
  await sandbox.ok(['creat', '-s', '2M', '--daxdevs', '0', 'b']);
  await sandbox.ok(['rm', '--clients-unmounted', 'a']);
  interface Df {
    free: number;
    holes: { extents: object[]; sizes: { least: number; count: number; bytes: number }[] } | null;
  }
  const { holes, free } = await sandbox.json<Df>(['df', '--holes']);
  assert.deepEqual(holes?.extents, [
    { daxdev: 0, deviceOffset: 10 * MIB, length: 4 * MIB },
    { daxdev: 0, deviceOffset: 16 * MIB, length: 48 * MIB },
    { daxdev: 1, deviceOffset: 2 * MIB, length: 30 * MIB },
  ]);
  assert.equal(free, 82 * MIB);
  const { holes: drawn } = await sandbox.json<{ holes: object[] }>(['map']);
  assert.deepEqual(holes?.sizes, drawn);
  assert.match(
    await sandbox.ok(['df', '-h', '--holes']),
    /daxdev +offset +free\n +0 +10485760 +4M\n +0 +16777216 +48M\n +1 +2097152 +30M\nholes by size\n +4M to 8M +1 +4M {2}#+\n/,
  );
  assert.equal((await sandbox.json<Df>(['df'])).holes, null);
  assert.equal((await sandbox.json<Df>(['df', '--holes', '--at', '0'])).holes?.extents.length, 1);
});

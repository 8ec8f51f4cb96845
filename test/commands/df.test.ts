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
  assert.deepEqual(
    holes?.sizes.map(({ least, count }) => [least / MIB, count]),
    [
      [4, 1],
      [8, 0],
      [16, 1],
      [32, 1],
    ],
  );
  assert.match(
    await sandbox.ok(['df', '-h', '--holes']),
    /daxdev +offset +free\n +0 +10485760 +4M\n +0 +16777216 +48M\n +1 +2097152 +30M\nholes by size\n +4M to 8M +1 +4M {2}#+\n/,
  );
  assert.equal((await sandbox.json<Df>(['df'])).holes, null);
  assert.equal((await sandbox.json<Df>(['df', '--holes', '--at', '0'])).holes?.extents.length, 1);
});

test('df shows the slots of the log, and the slack in all and by size', async () => {
  interface Df {
    readonly allocationUnit: number;
    readonly slack: number;
    readonly slots: object;
    readonly slackBySize: readonly object[] | null;
  }
  const sandbox = new Sandbox();
  for (const [unit, slack, used] of [
    ['2M', 2 * (2 * MIB - 10_240) + MIB, 8 * MIB],
    ['4k', 2 * (12_288 - 10_240), 3 * MIB + 2 * 12_288],
  ] as const) {
    await sandbox.makeFs(64 * MIB, '--alloc-unit', unit);
    await sandbox.ok(['mkdir', 'd']);
    await sandbox.ok(['creat', '-s', '10k', 'd/a', 'b']);
    await sandbox.ok(['creat', '-s', '3M', 'c']);
    const df = await sandbox.json<Df>(['df', '--slack']);
    assert.deepEqual(df.slots, { capacity: 15_420, used: 4, free: 15_416 });
    assert.equal(df.slack, slack);
    const small = (used - (unit === '2M' ? 4 : 3) * MIB) as number;
    assert.deepEqual(df.slackBySize, [
      { over: 4096, upTo: 65_536, files: 2, bytes: 20_480, allocated: small, slack: small - 20_480 },
      {
        over: 2 * MIB,
        upTo: 64 * MIB,
        files: 1,
        bytes: 3 * MIB,
        allocated: used - small,
        slack: used - small - 3 * MIB,
      },
    ]);
    assert.match(
      await sandbox.ok(['df', '-i']),
      /^slots +used +free +used%\n15420 +4 +15416 +0\.0%\nwith .* free, space and log/,
    );
    const text = await sandbox.ok(['df', '-h', '--slack']);
    assert.match(
      text,
      unit === '2M' ? /\n5M of slack in units of 2 MiB, 62\.3% of/ : /\n4K of slack in units of 4 KiB, 0\.1% of/,
    );
    assert.match(text, /^to 64K +2 +20K .*\nto 64M +1 +3M /m);
    assert.equal((await sandbox.json<Df>(['df'])).slackBySize, null);
  }
  assert.equal((await sandbox.error(['df', '-i', '--slack'])).code, 'USAGE');
});

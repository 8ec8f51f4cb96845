import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PoolSandbox } from '../support/pool.js';
import { Random } from '../support/random.js';
import { MIB, sandboxWithFs } from '../support/sandbox.js';

interface Spread {
  readonly least: number;
  readonly most: number;
  readonly mean: number;
  readonly deviation: number;
}

interface Balance {
  readonly files: number;
  readonly policy: string;
  readonly runs: number;
  readonly unplaced: number;
  readonly spread: { readonly actual: Spread; readonly expectedDeviation: Spread };
  readonly daxdevs: readonly {
    readonly used: number;
    readonly extents: number;
    readonly files: number;
    readonly fileBytes: number;
    readonly expected: Spread;
  }[];
  readonly room: { readonly files: number; readonly size: number; readonly limit: string } | null;
}

interface Maps {
  readonly files: readonly {
    readonly size: number;
    readonly extents: readonly { readonly daxdev: number; readonly length: number }[];
  }[];
}

/** Files of random sizes and layouts, by one policy. */
async function filledPool(random: Random, policy: string): Promise<PoolSandbox> {
  const sandbox = new PoolSandbox();
  await sandbox.makePool(256, 200, 150);
  for (let i = 0; i < 5; i++) {
    const layout = random.chance(0.6) ? ['--stripes', String(random.within(1, 7))] : ['--simple'];
    const multi = [0, 1, 2].flatMap((j) => ['--multi', `f${i}-${j},${random.within(1, 9 * MIB)}`]);
    await sandbox.ok(['creat', ...layout, '--policy', policy, ...multi]);
  }
  return sandbox;
}

test('balance counts what is on each daxdev, and what its loss would cost', async (t) => {
  const sandbox = await filledPool(new Random(t), 'random');
  const { files } = await sandbox.json<Maps>(['showfmap', '--all']);
  const { daxdevs, ...balance } = await sandbox.json<Balance>(['balance', '--runs', '3']);
  assert.deepEqual([balance.files, balance.runs, balance.policy, balance.room], [files.length, 3, 'random', null]);
  for (const [i, row] of daxdevs.entries()) {
    const there = files.filter(({ extents }) => extents.some(({ daxdev }) => daxdev === i));
    const extents = files.flatMap((file) => file.extents.filter(({ daxdev }) => daxdev === i));
    assert.equal(row.files, there.length);
    assert.equal(
      row.fileBytes,
      there.reduce((sum, { size }) => sum + size, 0),
    );
    assert.equal(row.extents, extents.length);
    assert.equal(
      row.used,
      extents.reduce((sum, { length }) => sum + length, 0),
    );
  }
  const used = daxdevs.map((row) => row.used);
  assert.equal(balance.spread.actual.least, Math.min(...used));
  assert.equal(balance.spread.actual.most, Math.max(...used));
  const mean = used.reduce((sum, bytes) => sum + bytes, 0) / used.length;
  const squares = used.map((bytes) => (bytes - mean) ** 2);
  const deviation = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / used.length);
  assert.ok(Math.abs(balance.spread.actual.deviation - deviation) < 1);
});

test('what balance expects of a policy without chance is what that policy did', async (t) => {
  const random = new Random(t);
  for (const policy of ['spread', 'fill']) {
    const sandbox = await filledPool(random, policy);
    const { daxdevs, runs, spread } = await sandbox.json<Balance>(['balance', '--policy', policy]);
    assert.equal(runs, 1);
    for (const { used, expected } of daxdevs) assert.deepEqual([expected.least, expected.most], [used, used], policy);
    assert.equal(spread.actual.deviation, spread.expectedDeviation.mean);
  }
});

test('a daxdev that was added later is expected to be emptier', async () => {
  const sandbox = new PoolSandbox();
  await sandbox.makePool(128);
  await sandbox.ok(['creat', '-s', '40M', '--policy', 'fill', 'first']);
  await sandbox.ok(['daxdev', 'add', sandbox.image('later.img', 128 * MIB)]);
  await sandbox.ok(['creat', '-s', '20M', '--policy', 'spread', 'second']);
  const { daxdevs } = await sandbox.json<Balance>(['balance', '--policy', 'spread']);
  assert.deepEqual(
    daxdevs.map(({ expected }) => expected.mean),
    [40 * MIB, 20 * MIB],
  );
  assert.match(await sandbox.ok(['balance', '--policy', 'spread']), /at most 1 of 2 files/);
});

test('balance says how many files of a size still fit: creat makes so many and no more', async (t) => {
  const random = new Random(t);
  for (const layout of [['--simple'], ['--stripes', '3'], ['--simple', '--contiguous', '--daxdevs', '1-2']]) {
    const sandbox = await filledPool(random, 'random');
    const size = String(random.within(5 * MIB, 30 * MIB));
    const options = ['-s', size, ...layout, '--alloc-seed', '7'];
    const { room } = await sandbox.json<Balance>(['balance', ...options]);
    assert.ok(room !== null && room.limit === 'space' && room.size === Number(size));
    const names = Array.from({ length: room.files + 1 }, (_, i) => `new${i}`);
    assert.equal((await sandbox.error(['creat', ...options, ...names])).code, 'NO_SPACE');
    if (room.files > 0) await sandbox.ok(['creat', ...options, ...names.slice(1)]);
  }
});

test('balance counts the slots of the log too', async () => {
  const sandbox = await sandboxWithFs(40 * 1024 * MIB);
  const { room } = await sandbox.json<Balance>(['balance', '-s', '1']);
  assert.deepEqual(room, { files: 15420, size: 1, limit: 'log' });
  assert.match(await sandbox.ok(['balance', '-s', '1']), /\nroom for 15420 more files of 1; then the log is full\n$/);
});

test('balance refuses a layout without files that it would be for', async () => {
  const sandbox = await sandboxWithFs();
  for (const option of [['--stripes', '2'], ['--simple'], ['--alloc-seed', '0'], ['--daxdevs', '0'], ['--contiguous']])
    assert.equal((await sandbox.error(['balance', ...option])).code, 'USAGE', option[0]);
  assert.equal((await sandbox.error(['balance', '-s', '1M', '--stripes', '2', '--chunk', '3M'])).code, 'BAD_LAYOUT');
  assert.equal((await sandbox.error(['balance', '-s', '1M', '--chunk', '4M'])).code, 'BAD_LAYOUT');
  assert.equal((await sandbox.error(['balance', '-s', '1M', '--policy', 'fill', '--runs', '2'])).code, 'USAGE');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GOLDEN_MASTER, goldenImage } from '../support/golden.js';
import { MIB, Sandbox } from '../support/sandbox.js';

const sandbox = new Sandbox(GOLDEN_MASTER);
const g2 = goldenImage('g2', sandbox.folder);
const g3 = goldenImage('g3', sandbox.folder);

test('resolve agrees with showfmap, and whois leads back from each piece', async () => {
  const path = 'il/b_8x8x2m_100m';
  type Piece = { daxdev: number; deviceOffset: number; length: number; fileOffset: number };
  const { files } = await sandbox.json<{ files: { pieces: Piece[] }[] }>([
    'showfmap',
    '--format',
    'extents',
    path,
    '--dev',
    g3,
  ]);
  const { pieces } = await sandbox.json<{ pieces: Piece[] }>(['resolve', path, '--dev', g3]);
  assert.deepEqual(files[0]?.pieces, pieces);
  assert.equal(
    pieces.reduce((sum, { length }) => sum + length, 0),
    100 * MIB,
  );
  for (const { daxdev, deviceOffset, fileOffset, length } of [pieces[0], pieces[9], pieces.at(-1)] as Piece[]) {
    for (const delta of [0, length - 1]) {
      const { owners } = await sandbox.json<{ owners: object[] }>([
        'whois',
        String(daxdev),
        String(deviceOffset + delta),
        '--dev',
        g3,
      ]);
      const slot = 2;
      assert.deepEqual(owners, [
        { path, slot, fileOffset: fileOffset + delta, size: 100 * MIB, inSlack: false, applied: true },
      ]);
    }
  }
  const argv = ['resolve', path, '--offset', '3M', '--length', '2M', '--dev', g3];
  const part = await sandbox.json<{ pieces: Piece[] }>(argv);
  assert.deepEqual(
    part.pieces.map(({ fileOffset, length }) => [fileOffset / MIB, length / MIB]),
    [
      [3, 1],
      [4, 1],
    ],
  );
  assert.equal((await sandbox.error(['resolve', path, '--offset', '100M', '--dev', g3])).code, 'BAD_RANGE');
  assert.equal((await sandbox.error(['resolve', path, '--length', '101M', '--dev', g3])).code, 'BAD_RANGE');
});

type Operation = { operation: string; windowOffset: number; length: number; fileOffset?: number };

test('a window is never overcommitted, and is empty at the end', async () => {
  for (const [window, granularity] of [
    ['4M', '2M'],
    ['8M', '4M'],
    ['2M', '64K'],
    ['1G', '2M'],
  ] as const) {
    const argv = ['resolve', 'il/b_8x8x2m_100m', '--window', window, '--granularity', granularity, '--dev', g3];
    const { operations, window: size } = await sandbox.json<{ operations: Operation[]; window: number }>(argv);
    const used = new Map<number, number>();
    let mapped = 0;
    for (const { operation, windowOffset, length } of operations) {
      assert.ok(windowOffset + length <= size);
      if (operation === 'setup') {
        for (const [start, end] of used) assert.ok(windowOffset >= end || windowOffset + length <= start, 'overlap');
        used.set(windowOffset, windowOffset + length);
        mapped += length;
      } else {
        let removed = 0;
        for (const [start, end] of used)
          if (start >= windowOffset && end <= windowOffset + length) {
            removed += end - start;
            used.delete(start);
          }
        assert.equal(removed, length);
      }
    }
    assert.equal(used.size, 0);
    assert.equal(mapped, 100 * MIB);
  }
});

for (const argv of [
  ['one_byte', '--granularity', '2M'],
  ['one_byte', '--window', '6M', '--granularity', '3M'],
  ['one_byte', '--window', '3M'],
  ['one_byte', '--window', '1K'],
  ['one_byte', '--length', '0'],
]) {
  test(`wrong use: ${argv.join(' ')}`, async () => {
    assert.equal((await sandbox.run(['resolve', ...argv, '--dev', g2])).exitCode, 2);
  });
}

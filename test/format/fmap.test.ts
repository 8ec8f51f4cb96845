import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fmap } from '../../src/format/fmap.js';
import { allocatedBytes, resolveRange, stripLength } from '../../src/format/fmap.js';

const MIB = 1024 ** 2;

test('strip lengths follow the format', () => {
  assert.equal(stripLength(16 * MIB, 2 * MIB, 8), 2 * MIB);
  assert.equal(stripLength(100 * MIB, 2 * MIB, 8), 14 * MIB);
  assert.equal(stripLength(2 * MIB + 1, 2 * MIB, 8), 2 * MIB);
  assert.equal(stripLength(100 * MIB + 1, 4 * MIB, 6), 20 * MIB);
});

test('interleaved ranges resolve chunk by chunk', () => {
  const strip = (daxdev: number, offset: number) => ({ daxdev, deviceOffset: offset * MIB, length: 4 * MIB });
  const fmap: Fmap = { layout: 'interleaved', chunkSize: 2 * MIB, extents: [strip(0, 10), strip(1, 20), strip(2, 30)] };
  const pieces = [...resolveRange(fmap, 3 * MIB, 6 * MIB)];
  assert.deepEqual(
    pieces.map(({ daxdev, deviceOffset, fileOffset, length }) => [
      daxdev,
      deviceOffset / MIB,
      fileOffset / MIB,
      length / MIB,
    ]),
    [
      [1, 21, 3, 1],
      [2, 30, 4, 2],
      [0, 12, 6, 2],
      [1, 22, 8, 1],
    ],
  );
  assert.equal(allocatedBytes(fmap), 12 * MIB);
});

test('simple ranges cross extents, and end with them', () => {
  const extents = [
    { daxdev: 0, deviceOffset: 10 * MIB, length: 2 * MIB },
    { daxdev: 3, deviceOffset: 40 * MIB, length: 4 * MIB },
  ];
  const pieces = [...resolveRange({ layout: 'simple', extents }, MIB, 100 * MIB)];
  assert.deepEqual(
    pieces.map(({ daxdev, deviceOffset, fileOffset, length }) => [
      daxdev,
      deviceOffset / MIB,
      fileOffset / MIB,
      length / MIB,
    ]),
    [
      [0, 11, 1, 1],
      [3, 40, 2, 4],
    ],
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fmap } from '../../src/format/entries/logEntry.js';
import { allocatedBytes, resolveRange, stripLength } from '../../src/format/fmap.js';

const MIB = 1024 ** 2;

test('strip lengths follow the format', () => {
  assert.equal(stripLength(16 * MIB, 2 * MIB, 8), 2 * MIB);
  assert.equal(stripLength(100 * MIB, 2 * MIB, 8), 14 * MIB);
  assert.equal(stripLength(2 * MIB + 1, 2 * MIB, 8), 2 * MIB);
  assert.equal(stripLength(100 * MIB + 1, 4 * MIB, 6), 20 * MIB);
});

test('interleaved ranges resolve chunk by chunk', () => {
  const strip = (deviceIndex: number, offset: number) => ({ deviceIndex, offset: offset * MIB, length: 4 * MIB });
  const fmap: Fmap = { kind: 'interleaved', chunkSize: 2 * MIB, extents: [strip(0, 10), strip(1, 20), strip(2, 30)] };
  const pieces = [...resolveRange(fmap, 3 * MIB, 6 * MIB)];
  assert.deepEqual(
    pieces.map(({ deviceIndex, deviceOffset, fileOffset, length }) => [
      deviceIndex,
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
    { deviceIndex: 0, offset: 10 * MIB, length: 2 * MIB },
    { deviceIndex: 3, offset: 40 * MIB, length: 4 * MIB },
  ];
  const pieces = [...resolveRange({ kind: 'simple', extents }, MIB, 100 * MIB)];
  assert.deepEqual(
    pieces.map(({ deviceIndex, deviceOffset, fileOffset, length }) => [
      deviceIndex,
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

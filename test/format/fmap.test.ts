import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fmap, Piece } from '../../src/format/fmap.js';
import { allocatedBytes, fileOffsetsAt, joinPieces, resolveRange, stripLength } from '../../src/format/fmap.js';

const MIB = 1024 ** 2;

/** Daxdev, device offset, file offset and length of each piece, in MiB. */
function rowsOf(pieces: readonly Piece[]): number[][] {
  return pieces.map(({ daxdev, deviceOffset, fileOffset, length }) => [
    daxdev,
    deviceOffset / MIB,
    fileOffset / MIB,
    length / MIB,
  ]);
}

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
  assert.deepEqual(rowsOf(pieces), [
    [1, 21, 3, 1],
    [2, 30, 4, 2],
    [0, 12, 6, 2],
    [1, 22, 8, 1],
  ]);
  assert.equal(allocatedBytes(fmap), 12 * MIB);
});

test('simple ranges cross extents, and end with them', () => {
  const extents = [
    { daxdev: 0, deviceOffset: 10 * MIB, length: 2 * MIB },
    { daxdev: 3, deviceOffset: 40 * MIB, length: 4 * MIB },
  ];
  const pieces = [...resolveRange({ layout: 'simple', extents }, MIB, 100 * MIB)];
  assert.deepEqual(rowsOf(pieces), [
    [0, 11, 1, 1],
    [3, 40, 2, 4],
  ]);
});

test('a file that exactly fills its strips has all its bytes', () => {
  const extents = [0, 1, 2].map((daxdev) => ({ daxdev, deviceOffset: 10 * MIB, length: 4 * MIB }));
  const pieces = [...resolveRange({ layout: 'interleaved', chunkSize: 2 * MIB, extents }, 0, 12 * MIB)];
  assert.equal(
    pieces.reduce((sum, { length }) => sum + length, 0),
    12 * MIB,
  );
  const last = pieces.at(-1);
  assert.deepEqual([last?.daxdev, last?.fileOffset, last?.length], [2, 10 * MIB, 2 * MIB]);
});

test('a byte of a daxdev leads back to each place of the file that it is, and no other', () => {
  const strips = [0, 1, 0].map((daxdev, i) => ({ daxdev, deviceOffset: 10 * (i + 1) * MIB, length: 4 * MIB }));
  const interleaved: Fmap = { layout: 'interleaved', chunkSize: 2 * MIB, extents: strips };
  assert.deepEqual(fileOffsetsAt(interleaved, 0, 10 * MIB), [0]);
  assert.deepEqual(fileOffsetsAt(interleaved, 1, 22 * MIB + 5), [8 * MIB + 5]);
  assert.deepEqual(fileOffsetsAt(interleaved, 0, 34 * MIB - 1), [12 * MIB - 1]);
  assert.deepEqual(fileOffsetsAt(interleaved, 0, 34 * MIB), []);
  assert.deepEqual(fileOffsetsAt(interleaved, 1, 10 * MIB), []);
  const simple: Fmap = { layout: 'simple', extents: [...strips, strips[0] as (typeof strips)[0]] };
  assert.deepEqual(fileOffsetsAt(simple, 0, 11 * MIB), [MIB, 13 * MIB]);
});

test('pieces are joined if they are adjacent both in the file and on one daxdev', () => {
  const piece = (daxdev: number, deviceOffset: number, fileOffset: number) => ({
    daxdev,
    deviceOffset,
    fileOffset,
    length: 10,
  });
  const pieces = [piece(0, 0, 0), piece(0, 10, 10), piece(0, 20, 21), piece(1, 30, 31), piece(1, 41, 41)];
  assert.deepEqual(
    [...joinPieces(pieces)].map(({ fileOffset, length }) => [fileOffset, length]),
    [
      [0, 20],
      [21, 10],
      [31, 10],
      [41, 10],
    ],
  );
});

/** Where the placer puts files on several daxdevs: strips on different ones, evenly, by policy, and never twice on one place. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Extent, Fmap } from '../../../src/format/fmap.js';
import { allocatedBytes } from '../../../src/format/fmap.js';
import { FreeSpace } from '../../../src/fs/allocate/freeSpace.js';
import { type Layout, Placer, POLICIES } from '../../../src/fs/allocate/placement.js';
import { makeRandom } from '../../../src/fs/allocate/random.js';
import { FamfsError } from '../../../src/fs/errors.js';
import { Replay } from '../../../src/fs/log/replay.js';
import { MIB } from '../../support/sandbox.js';

const UNIT = 2 * MIB;
const RESERVED = 10 * MIB;
const PLAIN: Layout = { stripes: 0, chunkSize: undefined, policy: 'random', contiguous: false };

/** Daxdevs with room for `rooms` MiB of files, one for each number. */
function spacesOf(...rooms: number[]): FreeSpace[] {
  const uuid = (i: number) => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`;
  const [first = 0, ...others] = rooms;
  const replay = new Replay({ uuid: uuid(0), size: first * MIB + RESERVED, reserved: RESERVED, unit: UNIT });
  for (const [i, room] of others.entries()) {
    const entry = {
      type: 'ADD_DAXDEV',
      daxdev: i + 1,
      deviceUuid: uuid(i + 1),
      deviceSize: room * MIB + UNIT,
    } as const;
    assert.ok(replay.applyOwn(i, entry));
  }
  return replay.daxdevs.map((daxdev) => new FreeSpace(daxdev));
}

function placerOf(spaces: FreeSpace[], seed = 1): Placer {
  return new Placer(spaces, undefined, makeRandom(seed), UNIT);
}

/** The number of strips on each daxdev. */
function tally({ extents }: Fmap): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { daxdev } of extents) counts.set(daxdev, (counts.get(daxdev) ?? 0) + 1);
  return counts;
}

test('with enough daxdevs, every strip is on a different one', () => {
  for (const policy of POLICIES) {
    const placer = placerOf(spacesOf(...Array.from({ length: 24 }, () => 64)));
    for (let i = 0; i < 20; i++) {
      const fmap = placer.place(`f${i}`, 32 * MIB, { ...PLAIN, stripes: 16, policy });
      assert.equal(tally(fmap).size, 16, policy);
    }
  }
});

test('with fewer daxdevs, strips are dealt evenly', () => {
  const rows = [
    [16, 3, [5, 5, 6]],
    [7, 3, [2, 2, 3]],
    [16, 5, [3, 3, 3, 3, 4]],
    [2, 1, [2]],
  ] as const;
  for (const [stripes, devices, counts] of rows) {
    for (const policy of POLICIES) {
      const placer = placerOf(spacesOf(...Array.from({ length: devices }, () => 256)));
      const fmap = placer.place('f', stripes * UNIT, { ...PLAIN, stripes, policy });
      assert.deepEqual([...tally(fmap).values()].sort(), [...counts], `${stripes} over ${devices}, ${policy}`);
    }
  }
});

test('a daxdev without room for a strip is skipped', () => {
  const placer = placerOf(spacesOf(64, 2, 64, 64));
  const fmap = placer.place('f', 12 * MIB, { ...PLAIN, stripes: 3 });
  assert.deepEqual([...tally(fmap).keys()].sort(), [0, 2, 3]);
});

test('strips that only fit next to each other are placed so', () => {
  const rows = [
    [4, 10, [20, 20]],
    [16, 4, [12, 52]],
    [5, 6, [6, 10, 18]],
    [16, 2, [32]],
  ] as const;
  for (const [stripes, strip, rooms] of rows) {
    for (const policy of POLICIES) {
      const placer = placerOf(spacesOf(...rooms));
      const fmap = placer.place('f', stripes * strip * MIB, { ...PLAIN, stripes, policy });
      assert.equal(fmap.extents.length, stripes, `${stripes} of ${strip} MiB over ${rooms}, ${policy}`);
    }
  }
});

test('a file that does not fit leaves the free space as it was', () => {
  const spaces = spacesOf(20, 22);
  const placer = placerOf(spaces);
  placer.place('f', 6 * MIB, { ...PLAIN, stripes: 3 });
  const before = spaces.map(({ free, largestHole }) => [free, largestHole]);
  for (let i = 0; i < 5; i++)
    assert.throws(() => placer.place('g', 40 * MIB, { ...PLAIN, stripes: 5 }), { code: 'NO_SPACE' });
  assert.deepEqual(
    spaces.map(({ free, largestHole }) => [free, largestHole]),
    before,
  );
});

test('only the requested daxdevs are used', () => {
  const placer = placerOf(spacesOf(...Array.from({ length: 9 }, () => 64)));
  const daxdevs = [0, 2, 5, 6, 7, 8];
  const fmap = placer.place('f', 32 * MIB, { ...PLAIN, stripes: 16, daxdevs });
  assert.deepEqual([...tally(fmap).keys()].sort(), daxdevs);
  const simple = placer.place('g', UNIT, { ...PLAIN, daxdevs: [3] });
  assert.equal(simple.extents[0]?.daxdev, 3);
});

test('the policy fill takes the first daxdev, spread the emptiest, random any', () => {
  const sizes = [64, 128, 32];
  const first = (policy: Layout['policy'], seed = 1) =>
    placerOf(spacesOf(...sizes), seed).place('f', UNIT, { ...PLAIN, policy }).extents[0]?.daxdev;
  assert.equal(first('fill'), 0);
  assert.equal(first('spread'), 1);
  assert.deepEqual(new Set(Array.from({ length: 50 }, (_, seed) => first('random', seed))), new Set([0, 1, 2]));
});

test('a seed reproduces the same places', () => {
  const run = (seed: number) => {
    const placer = placerOf(spacesOf(64, 64, 64, 64), seed);
    return Array.from({ length: 10 }, (_, i) => placer.place(`f${i}`, 8 * MIB, { ...PLAIN, stripes: 2 }));
  };
  assert.deepEqual(run(7), run(7));
  assert.notDeepEqual(run(7), run(8));
});

test('a simple file goes on one daxdev, and on several only if no hole is large enough', () => {
  const spaces = spacesOf(8, 6, 10);
  const placer = placerOf(spaces);
  const one = placer.place('one', 10 * MIB, PLAIN);
  assert.deepEqual(
    one.extents.map(({ daxdev, length }) => [daxdev, length]),
    [[2, 10 * MIB]],
  );
  assert.throws(() => placer.place('x', 12 * MIB, { ...PLAIN, contiguous: true }), { code: 'NO_SPACE' });
  const two = placer.place('two', 11 * MIB, PLAIN);
  assert.deepEqual(
    two.extents.map(({ daxdev, length }) => [daxdev, length]),
    [
      [0, 8 * MIB],
      [1, 4 * MIB],
    ],
  );
  assert.equal(allocatedBytes(two), 12 * MIB);
});

test('a simple file gets at most 16 extents', () => {
  const placer = placerOf(spacesOf(...Array.from({ length: 20 }, () => 2)));
  assert.throws(() => placer.place('x', 34 * MIB, PLAIN), { code: 'NO_SPACE' });
  assert.equal(placer.place('y', 32 * MIB, PLAIN).extents.length, 16);
});

test('NO_SPACE says what was needed, and what each daxdev has', () => {
  const placer = placerOf(spacesOf(8, 6, 10));
  try {
    placer.place('f', 64 * MIB, { ...PLAIN, stripes: 4, daxdevs: [0, 2] });
    assert.fail('there was room');
  } catch (error) {
    assert.ok(error instanceof FamfsError);
    assert.equal(
      error.message,
      'no room for f, which needs 4 strips of 16777216 bytes: daxdev 0: 8388608 free, largest hole 8388608; ' +
        'daxdev 2: 10485760 free, largest hole 10485760',
    );
    assert.deepEqual(error.details?.daxdevs, [
      { daxdev: 0, freeBytes: 8 * MIB, largestHoleBytes: 8 * MIB },
      { daxdev: 2, freeBytes: 10 * MIB, largestHoleBytes: 10 * MIB },
    ]);
  }
});

test('random requests are never placed on used or reserved space', () => {
  const seed = Number(process.env.FAMFS_TEST_SEED ?? Math.floor(Math.random() * 2 ** 32));
  const random = makeRandom(seed);
  const pick = <T>(items: readonly T[]) => items[Math.floor(random() * items.length)] as T;
  for (let round = 0; round < 60; round++) {
    const rooms = Array.from(
      { length: 1 + Math.floor(random() * 12) },
      () => UNIT / MIB + 2 * Math.floor(random() * 60),
    );
    const spaces = spacesOf(...rooms);
    const placer = placerOf(spaces, seed + round);
    const placed: Extent[] = [];
    let refusals = 0;
    while (refusals < 20) {
      const layout: Layout = {
        stripes: pick([0, 0, 1, 2, 3, 5, 8, 16]),
        chunkSize: pick([UNIT, 2 * UNIT]),
        policy: pick(POLICIES),
        contiguous: random() < 0.2,
      };
      const size = 1 + Math.floor(random() * pick([UNIT, 16 * UNIT, 64 * UNIT]));
      try {
        const fmap = placer.place('f', size, layout);
        assert.ok(allocatedBytes(fmap) >= size);
        placed.push(...fmap.extents);
      } catch (error) {
        assert.equal((error as FamfsError).code, 'NO_SPACE', `seed ${seed}`);
        refusals++;
      }
    }
    checkPlaces(placed, spaces, `seed ${seed}, round ${round}`);
  }
});

function checkPlaces(placed: readonly Extent[], spaces: readonly FreeSpace[], where: string): void {
  const sorted = [...placed].sort((a, b) => a.daxdev - b.daxdev || a.deviceOffset - b.deviceOffset);
  for (const [i, { daxdev, deviceOffset: offset, length }] of sorted.entries()) {
    const { begin, end } = spaces[daxdev] as FreeSpace;
    assert.ok(offset >= begin && offset + length <= end && offset % UNIT === 0 && length % UNIT === 0, where);
    const next = sorted[i + 1];
    assert.ok(next === undefined || next.daxdev > daxdev || next.deviceOffset >= offset + length, where);
  }
}

/** Free space against a model that knows every unit: nothing is given twice, nothing is withheld, and small pieces stay together. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyDaxdev, FreeSpace } from '../../../src/fs/allocate/freeSpace.js';
import { Random } from '../../support/random.js';
import { MIB } from '../../support/sandbox.js';

const UNIT = 4096;
const HUGE = 2 * MIB;
const UNITS_PER_PAGE = HUGE / UNIT;
const RESERVED = 10 * MIB;

/** Which units are taken. */
class Model {
  readonly taken: Uint8Array;

  constructor(size: number) {
    this.taken = new Uint8Array(Math.floor(size / UNIT)).fill(1, 0, RESERVED / UNIT);
  }

  set(start: number, length: number, value: 0 | 1): void {
    for (let i = start / UNIT; i < (start + length) / UNIT; i++) {
      assert.equal(this.taken[i], 1 - value, `unit ${i} is ${value === 1 ? 'taken' : 'free'} already`);
      this.taken[i] = value;
    }
  }

  holes(): { start: number; end: number }[] {
    const holes: { start: number; end: number }[] = [];
    for (let i = 0; i < this.taken.length; i++) {
      if (this.taken[i] === 1) continue;
      const start = i;
      while (this.taken[i] === 0) i++;
      holes.push({ start: start * UNIT, end: i * UNIT });
    }
    return holes;
  }

  isFreePage(page: number): boolean {
    const units = this.taken.subarray(page * UNITS_PER_PAGE, (page + 1) * UNITS_PER_PAGE);
    return units.length === UNITS_PER_PAGE && units.every((unit) => unit === 0);
  }
}

/** What of a hole lies in no free huge page, at its two ends. */
function spoiltEnds({ start, end }: { start: number; end: number }): number {
  const first = Math.ceil(start / HUGE) * HUGE;
  const last = Math.floor(end / HUGE) * HUGE;
  return last > first ? Math.max(first - start, end - last) : end - start;
}

function checkTaken(model: Model, start: number | undefined, length: number): void {
  const holes = model.holes();
  const fitting = holes.filter((hole) => hole.end - hole.start >= length);
  if (start === undefined) {
    assert.equal(fitting.length, 0, `${length} bytes fit, but were not given`);
    return;
  }
  if (length >= HUGE) {
    const even = holes.filter(({ start: from, end }) => end - Math.ceil(from / HUGE) * HUGE >= length);
    const [lowest] = even;
    assert.equal(start, lowest === undefined ? fitting[0]?.start : Math.ceil(lowest.start / HUGE) * HUGE);
    return;
  }
  // no free huge page is broken while a partly used one has room
  const page = Math.floor(start / HUGE);
  if (model.isFreePage(page) || model.isFreePage(Math.floor((start + length - 1) / HUGE)))
    assert.ok(
      holes.every((hole) => spoiltEnds(hole) < length),
      `${length} bytes were taken of a free huge page`,
    );
}

test('random requests get what a model of every unit allows', (t) => {
  const random = new Random(t);
  const below = (limit: number) => random.below(limit);
  for (let round = 0; round < 8; round++) {
    const size = (24 + below(30)) * MIB + below(512) * UNIT;
    const model = new Model(size);
    const space = new FreeSpace(emptyDaxdev(0, size, RESERVED, UNIT));
    const given: { start: number; length: number }[] = [];
    for (let i = 0; i < 1500; i++) {
      const isSmall = random.chance(0.9);
      const length = (isSmall ? 1 + below(random.chance(0.1) ? 511 : 12) : 512 + below(1500)) * UNIT;
      // most of what was given comes back, so that holes of all sizes come and go
      if (given.length > 0 && random.chance(0.45)) {
        const [{ start, length: back }] = given.splice(below(given.length), 1) as [(typeof given)[number]];
        model.set(start, back, 0);
        space.giveBack(start, back);
      } else if (!isSmall && random.chance(0.3)) {
        const from = below(size / UNIT) * UNIT;
        const start = space.takeNear(from, length);
        if (start !== undefined) {
          model.set(start, length, 1);
          given.push({ start, length });
        }
      } else {
        const start = space.take(length);
        checkTaken(model, start, length);
        if (start !== undefined) {
          model.set(start, length, 1);
          given.push({ start, length });
        }
      }
      if (i % 50 === 0) {
        const holes = model.holes();
        const lengths = holes.map(({ start, end }) => end - start).sort((a, b) => b - a);
        assert.deepEqual(space.holes(), holes);
        assert.deepEqual(space.largestHoles(16), lengths.slice(0, 16));
        assert.equal(space.largestHole, lengths[0] ?? 0);
        assert.equal(
          space.free,
          lengths.reduce((sum, length) => sum + length, 0),
        );
      }
    }
  }
});

test('small files fill whole huge pages, however large ones come between them', () => {
  const random = new Random(20);
  const space = new FreeSpace(emptyDaxdev(0, 4096 * MIB, RESERVED, UNIT));
  let small = 0;
  const pages = new Set<number>();
  let largePages = 0;
  for (let i = 0; i < 4000; i++) {
    const length = (random.chance(0.05) ? 512 + random.below(2048) : 1 + random.below(64)) * UNIT;
    const start = space.take(length) as number;
    for (let page = Math.floor(start / HUGE); page * HUGE < start + length; page++) pages.add(page);
    if (length < HUGE) small += length;
    else {
      assert.equal(start % HUGE, 0);
      largePages += Math.ceil(length / HUGE);
    }
  }
  assert.ok(pages.size <= largePages + Math.ceil(small / HUGE), `${pages.size} huge pages are used`);
});

test('many holes are searched as fast as a few', () => {
  // each second unit is free: what needs two has to find out that there is no room
  const holes = Array.from({ length: 20_000 }, (_, i) => ({
    start: RESERVED + 2 * i * UNIT,
    end: RESERVED + (2 * i + 1) * UNIT,
  }));
  const size = RESERVED + 60_000 * UNIT;
  const ledger = { holes: () => [...holes, { start: RESERVED + 50_000 * UNIT, end: size }] };
  const space = new FreeSpace({
    index: 0,
    size,
    reserved: RESERVED,
    unit: UNIT,
    ledger,
    doubtful: { ...ledger, count: 0 },
  });
  // a search that looks at every hole would look at a hundred million
  for (let i = 0; i < 5_000; i++) assert.ok(space.take(2 * UNIT) !== undefined);
  assert.equal(space.take(2 * UNIT), undefined);
  assert.equal(space.largestHole, UNIT);
  for (let i = 0; i < 20_000; i++) space.take(UNIT);
  assert.deepEqual([space.free, space.holes().length], [0, 0]);
});

test('the first small file goes to the end of a daxdev, away from large ones', () => {
  const space = new FreeSpace(emptyDaxdev(0, 64 * MIB, RESERVED, UNIT));
  assert.equal(space.take(UNIT), 64 * MIB - UNIT);
  assert.equal(space.take(HUGE), RESERVED);
});

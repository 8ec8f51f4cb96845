import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Fmap } from '../../src/format/fmap.js';
import { Lanes } from '../../src/picture/lane.js';
import { PageDataWriter, type PageHeader, readPageData } from '../../src/picture/pageData.js';
import { VarintReader, VarintWriter } from '../../src/picture/varints.js';
import { Random } from '../support/random.js';

const HEADER: PageHeader = {
  fsUuid: 'uuid',
  unit: 4096,
  slots: 1000,
  slotCapacity: 15420,
  daxdevs: [],
  checked: null,
  balance: null,
};

interface TestFile {
  readonly path: string;
  readonly slot: number;
  readonly size: number;
  readonly fmap: Fmap;
}

/** Files with maps of any kind: sound, out of order, at the ends of the range of numbers. */
function randomFiles(random: Random, count: number, daxdevs: number): TestFile[] {
  let slot = 0;
  return Array.from({ length: count }, (_, i) => {
    slot += random.within(1, 3);
    const extents = Array.from({ length: random.within(1, 16) }, () => ({
      daxdev: random.below(daxdevs),
      deviceOffset: random.chance(0.02) ? 2 ** 52 - 4096 : random.below(2 ** 20) * 4096,
      length: random.within(1, 500) * 4096,
    }));
    const fmap: Fmap = random.chance(0.5)
      ? { layout: 'interleaved', chunkSize: 2 ** random.within(21, 30), extents }
      : { layout: 'simple', extents };
    return { path: `d${random.below(3)}/\u05d0${i}`, slot, size: random.below(2 ** 31), fmap };
  });
}

function packed(files: readonly TestFile[]): ReturnType<typeof readPageData> {
  const writer = new PageDataWriter();
  for (const { path, slot, size, fmap } of files) writer.add(path, slot, { size, fmap });
  return readPageData(writer.finish(HEADER));
}

test('numbers of every length come back', (t) => {
  const random = new Random(t);
  const writer = new VarintWriter();
  const edges = [0, 1, 127, 128, 16383, 16384, 2 ** 31, 2 ** 32, 2 ** 52 - 1, 2 ** 52];
  const numbers = [...edges, ...Array.from({ length: 2000 }, () => Math.floor(2 ** (random.below(5200) / 100)))];
  for (const number of numbers) {
    writer.add(number);
    writer.addSigned(number);
    writer.addSigned(-number);
  }
  writer.add(Number.MAX_SAFE_INTEGER);
  const reader = new VarintReader(writer.bytes);
  for (const number of numbers) {
    assert.equal(reader.next(), number);
    assert.equal(reader.nextSigned(), number);
    assert.equal(reader.nextSigned() + number, 0);
  }
  assert.equal(reader.next(), Number.MAX_SAFE_INTEGER);
});

test('a page knows of every file what the log has', (t) => {
  const files = randomFiles(new Random(t), 300, 7);
  const { header, files: read } = packed(files);
  assert.equal(header.fsUuid, 'uuid');
  assert.deepEqual(
    read.paths,
    files.map(({ path }) => path),
  );
  for (const [i, { slot, size, fmap }] of files.entries()) {
    assert.deepEqual([read.slots[i], read.sizes[i]], [slot, size]);
    assert.equal(read.chunkSizes[i], fmap.layout === 'interleaved' ? fmap.chunkSize : 0);
    const first = read.firstExtents[i] as number;
    assert.equal(read.firstExtents[i + 1], first + fmap.extents.length);
    for (const [j, { daxdev, deviceOffset, length }] of fmap.extents.entries())
      assert.deepEqual(
        [read.daxdevs[first + j], read.offsets[first + j], read.lengths[first + j]],
        [daxdev, deviceOffset, length],
      );
  }
  assert.deepEqual(packed([]).files.paths, []);
});

/** Files one after the other on each daxdev, or in any order. */
function apart(t: TestContext, ascending: boolean): TestFile[] {
  const random = new Random(t);
  const places = Array.from({ length: 400 }, (_, i) => i * 10);
  return Array.from({ length: places.length }, (_, i) => {
    const place = ascending ? i * 10 : (places.splice(random.below(places.length), 1)[0] as number);
    const extents = [{ daxdev: i % 3, deviceOffset: place, length: random.within(1, 10) }];
    return { path: `f${i}`, slot: i, size: 1, fmap: { layout: 'simple', extents } };
  });
}

for (const ascending of [true, false]) {
  test(`lanes have the files of each moment, ${ascending ? 'in order' : 'in any order'}`, (t) => {
    const files = apart(t, ascending);
    const lanes = new Lanes(packed(files).files, 3);
    for (const shown of [0, 1, 57, 399, 400]) {
      for (const [daxdev, lane] of lanes.upTo(shown).entries()) {
        const there = files.slice(0, shown).flatMap(({ fmap }) => fmap.extents.filter((one) => one.daxdev === daxdev));
        const sorted = there.sort((a, b) => a.deviceOffset - b.deviceOffset);
        assert.deepEqual(
          [...lane.starts],
          sorted.map(({ deviceOffset }) => deviceOffset),
        );
        for (const offset of [0, 5, 11, 1234, 3999, 5000]) {
          const place = lane.after(offset);
          assert.equal(place, sorted.filter(({ deviceOffset, length }) => deviceOffset + length <= offset).length);
          const used = sorted.map(({ deviceOffset, length }) => Math.min(Math.max(offset - deviceOffset, 0), length));
          assert.equal(
            lane.usedBefore(offset, place),
            used.reduce((sum, bytes) => sum + bytes, 0),
          );
        }
      }
    }
  });
}

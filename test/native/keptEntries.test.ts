import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ENTRY_LAYOUT } from '../../src/format/entries/layout.js';
import { addon } from '../../src/native/addon.js';
import { type AppliedBlock, LogTable } from '../../src/native/logTable.js';
import { Random } from '../support/random.js';

const UNIT = 0x200000;
const ENTRIES = 20_000;
/** of a file; the last are so many that there is room for few entries with as many */
const MOST_EXTENTS = [1, 2, 16] as const;

/** Directories and files with up to `most` extents, whose numbers take from one byte to nearly eight. */
function blockOf(random: Random, most: number): AppliedBlock {
  const numbers: number[] = [];
  const extents: number[] = [];
  let paths = '';
  for (let slot = 0; slot < ENTRIES; slot++) {
    const count = random.below(most + 1);
    const path = `${slot}`.padEnd(1 + random.below(79), '-');
    const id = () => random.below(2 ** random.below(32));
    const file = [1 + random.below(2 ** 31), random.chance(0.5) ? UNIT << random.below(8) : 0];
    numbers.push(slot, count === 0 ? 0 : 1 + random.below(2), random.below(0o10000), id(), id());
    numbers.push(...(count === 0 ? [0, 0] : file), count, path.length);
    paths += path;
    for (let i = 0; i < count; i++)
      extents.push(
        random.below(2),
        UNIT * (1 + random.below(2 ** 30)),
        UNIT * (1 + random.below(2 ** random.below(20))),
      );
  }
  return { numbers: Float64Array.from(numbers), paths: Buffer.from(paths), extents: Float64Array.from(extents) };
}

function tableOf(): LogTable {
  const table = new LogTable(ENTRY_LAYOUT, UNIT);
  for (let i = 0; i < 2; i++) table.addDaxdev(2 ** 52, UNIT);
  return table;
}

test('entries that are kept come back as they were applied, in blocks', (t) => {
  const random = new Random(t);
  for (let round = 0; round < 6; round++) {
    const table = tableOf();
    const block = blockOf(random, MOST_EXTENTS[round % 3]!);
    table.keep(true);
    assert.equal(table.apply(0, block), ENTRIES);
    table.keep(false);
    const path = Buffer.from('later');
    table.addNode(
      { directory: true, slot: ENTRIES, mode: 0, uid: 0, gid: 0, size: 0 },
      { bytes: path, start: 0, end: path.length },
    );
    for (let time = 0; time < 2; time++) {
      const blocks = Array.from(table.kept(), ({ numbers, paths, extents }) => {
        return { numbers: [...numbers], paths: Buffer.from(paths).toString(), extents: [...extents] };
      });
      assert.ok(blocks.length > 1);
      assert.deepEqual(
        blocks.flatMap(({ numbers }) => numbers),
        [...block.numbers],
      );
      assert.equal(blocks.map(({ paths }) => paths).join(''), block.paths.toString());
      assert.deepEqual(
        blocks.flatMap(({ extents }) => extents),
        [...block.extents],
      );
    }
  }
  assert.deepEqual([...tableOf().kept()], []);
});

test('no place makes the addon read outside what is kept', (t) => {
  const random = new Random(t);
  const table = new (addon().LogTable)(ENTRY_LAYOUT, UNIT);
  for (let i = 0; i < 2; i++) table.addDaxdev(2 ** 52, UNIT);
  const block = blockOf(random, random.pick(MOST_EXTENTS));
  table.keep(true);
  table.take(0, block.numbers, block.paths, block.extents);
  assert.equal(table.advance(), ENTRIES);
  const odd = [-1, 0.5, 2 ** 53, Number.NaN, 2 ** 32, 2 ** 32 - 1, 2 ** 40];
  let refused = 0;
  for (let i = 0; i < 2000; i++) {
    const number = () => (random.chance(0.2) ? random.pick(odd) : random.below(2 ** random.below(18)));
    const numbers = new Float64Array(random.below(200));
    const paths = new Uint8Array(random.below(1000));
    const extents = new Float64Array(random.below(200));
    try {
      const used = table.kept(Float64Array.of(number(), number()), numbers, paths, extents);
      const fits = [numbers, paths, extents].map(({ length }, k) => (used[k] as number) <= length);
      assert.deepEqual(fits, [true, true, true]);
    } catch (error) {
      assert.equal((error as { code?: string }).code, 'EINVAL');
      refused++;
    }
  }
  assert.ok(refused > 0 && refused < 2000);
});

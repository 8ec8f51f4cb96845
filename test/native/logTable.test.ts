/** The table of names in the addon against a Map of strings. */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { ENTRY_LAYOUT } from '../../src/format/entries/layout.js';
import { makeRandom } from '../../src/fs/allocate/random.js';
import { LogTable, type NodeRecord } from '../../src/native/logTable.js';

const PATHS = 5000;
const MOST = 79;
const UNIT = 0x200000;
const SLASH = 0x2f;

const record = (slot: number): NodeRecord => ({ directory: false, slot, mode: 0o644, uid: 1, gid: 2, size: slot + 1 });

test('a table finds each path that was added, and no other, whatever its bytes and length', () => {
  const seed = randomInt(2 ** 31);
  const random = makeRandom(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const table = new LogTable(ENTRY_LAYOUT, UNIT);
  const known = new Map<string, number>();
  // what lies around a path must not count
  const bytes = Buffer.alloc(2 * MOST);
  for (let i = 0; i < PATHS; i++) {
    const length = random() < 0.5 ? below(4) : below(MOST + 1);
    const values = below(2) === 0 ? 2 : 256;
    for (let at = 0; at < bytes.length; at++) bytes[at] = below(values) === SLASH ? 0 : below(values === 2 ? 2 : SLASH);
    const start = below(MOST);
    const path = { bytes, start, end: start + length };
    const key = bytes.toString('latin1', path.start, path.end);
    const row = known.get(key);
    const where = `seed ${seed}, path ${i}`;
    assert.equal(table.find(path), row, where);
    assert.equal(table.faultOf(path), row === undefined ? 'none' : 'duplicate', where);
    assert.equal(table.addNode(record(known.size), path), row === undefined ? 'none' : 'duplicate', where);
    if (row === undefined) known.set(key, known.size);
    assert.equal(table.counts.nodes, known.size);
  }
  const { paths, pathEnds, slots } = table.columns();
  for (const [key, row] of known) {
    bytes.write(key, 3, 'latin1');
    assert.equal(table.find({ bytes, start: 3, end: 3 + key.length }), row, `seed ${seed}`);
    assert.equal(table.path(row).toString('latin1'), key);
    assert.equal(paths.toString('latin1', pathEnds[row - 1] ?? 0, pathEnds[row]), key);
    assert.deepEqual(table.node(row), record(row));
    assert.equal(slots[row], row);
  }
});

test('paths that differ in any one bit are different', () => {
  const table = new LogTable(ENTRY_LAYOUT, UNIT);
  const bytes = Buffer.alloc(MOST, 'name');
  assert.equal(table.addNode(record(0), { bytes, start: 0, end: MOST }), 'none');
  for (let bit = 0; bit < MOST * 8; bit++) {
    const byte = Math.floor(bit / 8);
    bytes[byte] = (bytes[byte] as number) ^ (1 << (bit % 8));
    assert.equal(table.find({ bytes, start: 0, end: MOST }), undefined, `bit ${bit}`);
    bytes[byte] = (bytes[byte] as number) ^ (1 << (bit % 8));
  }
  for (let end = 0; end < MOST; end++) assert.equal(table.find({ bytes, start: 0, end }), undefined, `${end} bytes`);
});

test('a node needs a parent that is a directory', () => {
  const table = new LogTable(ENTRY_LAYOUT, UNIT);
  const add = (path: string, directory: boolean) =>
    table.addNode({ ...record(0), directory }, { bytes: Buffer.from(path), start: 0, end: path.length });
  assert.equal(add('d/f', false), 'parent missing');
  assert.equal(add('d', true), 'none');
  assert.equal(add('d/f', false), 'none');
  assert.equal(add('d/f/g', false), 'parent not a directory');
  assert.equal(add('d/e', true), 'none');
  assert.equal(add('d/e/f', false), 'none');
  assert.equal(add('d/g', false), 'none');
  assert.deepEqual([...table.columns().parents], [0xffffffff, 0, 0, 2, 0]);
  assert.deepEqual(table.counts, { nodes: 5, directories: 2, fileBytes: 3 });
});

test('a layout that leaves an entry is refused, and so are arguments that leave their bytes', () => {
  for (const key of Object.keys(ENTRY_LAYOUT).filter((name) => /^(file|mkdir)[A-Z]/.test(name)))
    assert.throws(() => new LogTable({ ...ENTRY_LAYOUT, [key]: 535 }, UNIT), { code: 'EINVAL' }, key);
  assert.throws(() => new LogTable({ ...ENTRY_LAYOUT, mostExtents: 17 }, UNIT), { code: 'EINVAL' });
  assert.throws(() => new LogTable(ENTRY_LAYOUT, 0), { code: 'EINVAL' });
  const table = new LogTable(ENTRY_LAYOUT, UNIT);
  const bytes = Buffer.alloc(200);
  for (const [start, end] of [
    [0, 80],
    [190, 201],
    [5, 4],
  ] as const)
    assert.throws(() => table.find({ bytes, start, end }), { code: 'EINVAL' });
  assert.throws(() => table.node(0), { code: 'EINVAL' });
  assert.throws(() => table.holes(0, false, UNIT, UNIT), { code: 'EINVAL' });
});

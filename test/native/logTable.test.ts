/** The table of names in the addon against a Map of strings. */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { encodeLogEntry } from '../../src/format/entries/encoder.js';
import type { LogEntry } from '../../src/format/entries/entryTypes.js';
import { ENTRY_LAYOUT } from '../../src/format/entries/layout.js';
import type { Fmap } from '../../src/format/fmap.js';
import { makeRandom } from '../../src/fs/allocate/random.js';
import { counters, crc32, type MappedDevice, resetCounters } from '../../src/native/device.js';
import { type AppliedBlock, LogTable, NO_ROW, type NodeRecord } from '../../src/native/logTable.js';
import { Random } from '../support/random.js';
import { cutShort, makeDevice, useAsDevices } from './scratch.js';

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

/** A directory and two files, one interleaved, as columns. */
function blockOf(): { entries: LogEntry[]; block: AppliedBlock } {
  const owner = { uid: 0xfffffffe, gid: 7, mode: 0o4751 };
  const at = (daxdev: number, unit: number, units: number) => ({
    daxdev,
    deviceOffset: unit * UNIT,
    length: units * UNIT,
  });
  const fmaps: Fmap[] = [
    { layout: 'simple', extents: [at(0, 5, 1), at(0, 9, 2)] },
    { layout: 'interleaved', chunkSize: UNIT, extents: [at(0, 20, 3), at(0, 30, 3)] },
  ];
  const files = fmaps.map(
    (fmap, i): LogEntry => ({ type: 'FILE', path: `d/f${i}`, size: 5 * UNIT + 1, flags: 2, ...owner, fmap }),
  );
  const extents = fmaps.flatMap((fmap) => fmap.extents.flatMap((one) => [one.daxdev, one.deviceOffset, one.length]));
  const numbers = [
    [0, 0, owner.mode, owner.uid, owner.gid, 0, 0, 0, 1],
    [1, 2, owner.mode, owner.uid, owner.gid, 5 * UNIT + 1, 0, 2, 4],
    [2, 2, owner.mode, owner.uid, owner.gid, 5 * UNIT + 1, UNIT, 2, 4],
  ].flat();
  return {
    entries: [{ type: 'MKDIR', path: 'd', ...owner }, ...files],
    block: {
      numbers: Float64Array.from(numbers),
      paths: Buffer.from('dd/f0d/f1'),
      extents: Float64Array.from(extents),
    },
  };
}

test('columns become the bytes that the encoder makes of the same entries, and can be applied', () => {
  const { entries, block } = blockOf();
  const table = new LogTable(ENTRY_LAYOUT, UNIT);
  table.addDaxdev(100 * UNIT, UNIT);
  const bytes = table.encode(7, block);
  const expected = entries.map((entry, i) => encodeLogEntry(entry, 7 + i, crc32));
  assert.deepEqual(bytes, Buffer.concat(expected));
  assert.equal(table.apply(0, block), 3);
  assert.deepEqual(table.counts, { nodes: 3, directories: 1, fileBytes: 10 * UNIT + 2 });
  assert.deepEqual(table.claimTotals(0, false), { count: 4, bytesOfFiles: 9 * UNIT });
  assert.deepEqual([...table.childrenOf(0)], [1, 2]);
  assert.deepEqual([...table.childrenOf(NO_ROW)], [0]);
  // its names are taken now
  assert.equal(table.apply(3, block), 3);
  const other = {
    numbers: Float64Array.of(3, 0, 0o755, 1, 2, 0, 0, 0, 1),
    paths: Buffer.from('e'),
    extents: new Float64Array(),
  };
  assert.equal(table.apply(3, other), 4);
  assert.equal(table.path(3).toString(), 'e');
});

test('columns that do not fit each other or the format are refused', () => {
  const table = new LogTable(ENTRY_LAYOUT, UNIT);
  const { block } = blockOf();
  const wrong = (column: 'numbers' | 'extents', at: number, value: number): AppliedBlock => ({
    ...block,
    [column]: block[column].map((number, i) => (i === at ? value : number)),
  });
  const bad = {
    'a path that is too long': wrong('numbers', 8, 80),
    'a path without its bytes': wrong('numbers', 26, 5),
    'bytes without a path': wrong('numbers', 26, 3),
    'an extent too many': wrong('numbers', 25, 3),
    'an extent too few': wrong('numbers', 25, 1),
    'seventeen extents': wrong('numbers', 25, 17),
    'a size that is not whole': wrong('numbers', 14, 0.5),
    'a size that is not safe': wrong('numbers', 14, 2 ** 53),
    'a negative owner': wrong('numbers', 12, -1),
    'an owner of 33 bits': wrong('numbers', 12, 2 ** 32),
    'no number': wrong('extents', 1, Number.NaN),
    'half an entry': { ...block, numbers: block.numbers.subarray(1) },
  };
  for (const [what, columns] of Object.entries(bad)) {
    assert.throws(() => table.encode(0, columns), { code: 'EINVAL' }, what);
    assert.throws(() => table.apply(0, columns), { code: 'EINVAL' }, what);
  }
  assert.equal(table.counts.nodes, 0);
});

test('files can be made where their parent is a directory and nothing has their name', () => {
  const table = new LogTable(ENTRY_LAYOUT, UNIT);
  for (const [path, directory] of [
    ['d', true],
    ['f', false],
  ] as const)
    table.addNode({ ...record(0), directory }, { bytes: Buffer.from(path), start: 0, end: 1 });
  const canAdd = (...paths: string[]) => {
    let end = 0;
    return table.canAddFiles(
      Buffer.from(paths.join('')),
      Uint32Array.from(paths, (path) => (end += path.length)),
    );
  };
  assert.equal(canAdd('a', 'd/a', 'd/b', 'b'), true);
  assert.equal(canAdd(), true);
  for (const paths of [['a', 'f'], ['a', 'd'], ['a', 'd/x', 'a'], ['x/a'], ['a', 'f/a'], ['a', 'a/b']])
    assert.equal(canAdd(...paths), false, paths.join(' '));
  assert.throws(() => table.canAddFiles(Buffer.alloc(3), Uint32Array.of(2, 1)), { code: 'EINVAL' });
  assert.throws(() => table.canAddFiles(Buffer.alloc(3), Uint32Array.of(4)), { code: 'EINVAL' });
  assert.throws(() => table.canAddFiles(Buffer.alloc(80), Uint32Array.of(80)), { code: 'EINVAL' });
});

test('entries of memory that other hosts share are loaded once their lines are dropped, and a fence is in between', (t) => {
  const entries = 300;
  const device = makeDevice(t, 4096 + entries * ENTRY_LAYOUT.entrySize);
  useAsDevices(t);
  resetCounters();
  new LogTable(ENTRY_LAYOUT, UNIT).replay(device, 4096, 0, entries, () => {});
  const lines = Math.ceil((entries * ENTRY_LAYOUT.entrySize) / 64);
  const { linesInvalidated, fences } = counters();
  assert.ok(linesInvalidated >= lines && linesInvalidated <= lines + 2, `${linesInvalidated} of ${lines} lines`);
  // slots are loaded 64 at a time
  assert.equal(fences, 5);
});

/** slots that a thread decodes at a time */
const RUN = 1024;
/** more of them than there is memory for at once */
const RUNS = 60;

/** A device with directories d0, d1 and so on, one in each slot. */
function deviceOfDirectories(t: TestContext, slots: number): MappedDevice {
  const names = Array.from({ length: slots }, (_, slot) => `d${slot}`);
  const device = makeDevice(t, slots * ENTRY_LAYOUT.entrySize);
  const block: AppliedBlock = {
    numbers: Float64Array.from(names.flatMap((name, slot) => [slot, 0, 0o755, 1, 2, 0, 0, 0, name.length])),
    paths: Buffer.from(names.join('')),
    extents: new Float64Array(),
  };
  device.write(0, new LogTable(ENTRY_LAYOUT, UNIT).encode(0, block));
  return device;
}

/** Makes the entry of a slot one that is not sound, or sound again. */
function flip(device: MappedDevice, slot: number): void {
  const at = slot * ENTRY_LAYOUT.entrySize;
  device.write(
    at,
    device.read(at, 1).map((byte) => byte ^ 1),
  );
}

test('slots are passed to the caller one by one in any run, also where later ones are decoded already', (t) => {
  const end = RUNS * RUN + 100;
  const device = deviceOfDirectories(t, end);
  const odd = [0, 5, RUN - 1, RUN, RUN + 7, 2 * RUN - 1, 30 * RUN, 30 * RUN + 1, end - 101, end - 100, end - 1];
  for (const slot of odd) flip(device, slot);
  const table = new LogTable(ENTRY_LAYOUT, UNIT);
  const handled: number[] = [];
  table.replay(device, 0, 0, end, (slot) => {
    handled.push(slot);
    // what the caller adds counts for those that follow
    const path = { bytes: Buffer.from(`d${slot + 1}`), start: 0, end: `d${slot + 1}`.length };
    if (slot === 5 || slot === RUN + 7) assert.equal(table.addNode(record(slot), path), 'none');
  });
  assert.deepEqual(
    handled,
    [...odd, 6, RUN + 8].sort((a, b) => a - b),
  );
  // two of those that were not applied were added by the caller
  assert.equal(table.counts.nodes, end - odd.length);
  for (let slot = 0; slot < end; slot++) {
    const bytes = Buffer.from(`d${slot}`);
    const isThere = table.find({ bytes, start: 0, end: bytes.length }) !== undefined;
    if (isThere === odd.includes(slot)) assert.fail(`d${slot}`);
  }
});

test('after a caller has failed, memory is read again', (t) => {
  const end = 2 * RUN + 100;
  const device = deviceOfDirectories(t, end);
  flip(device, RUN - 1);
  flip(device, RUN + 50);
  const table = new LogTable(ENTRY_LAYOUT, UNIT);
  const fail = () => {
    // until the slots after it are decoded
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    throw new RangeError('failed');
  };
  assert.throws(() => table.replay(device, 0, 0, end, fail), /failed/);
  assert.equal(table.counts.nodes, RUN - 1);
  flip(device, RUN + 50);
  table.replay(device, 0, RUN, end, fail);
  assert.equal(table.counts.nodes, end - 1);
});

test('after a caller has failed, no thread is left', (t) => {
  const device = deviceOfDirectories(t, RUNS * RUN);
  flip(device, 0);
  const threads = () => readdirSync('/proc/self/task').length;
  const before = threads();
  const table = new LogTable(ENTRY_LAYOUT, UNIT);
  const fail = () => {
    throw new RangeError('failed');
  };
  assert.throws(() => table.replay(device, 0, 0, RUNS * RUN, fail), /failed/);
  assert.equal(threads(), before);
});

test('memory that is lost where slots are decoded ahead is a fault, and what is before it is applied', (t) => {
  const device = deviceOfDirectories(t, RUNS * RUN);
  const end = Math.ceil(((40 * RUN + 5) * ENTRY_LAYOUT.entrySize) / 4096) * 4096;
  cutShort(device, end);
  for (const asDevice of [false, true]) {
    if (asDevice) useAsDevices(t);
    const table = new LogTable(ENTRY_LAYOUT, UNIT);
    assert.throws(() => table.replay(device, 0, 0, RUNS * RUN, () => {}), { code: 'SIGBUS', offset: end });
    assert.equal(table.counts.nodes, 40 * RUN);
    assert.throws(() => table.read(device, 0, 0, RUNS * RUN), { code: 'SIGBUS', offset: end });
  }
});

test('files may have all the extents that an entry has room for', (t) => {
  const files = 2 * RUN;
  const most = ENTRY_LAYOUT.mostExtents;
  const names = Array.from({ length: files }, (_, slot) => `f${slot}`);
  const block: AppliedBlock = {
    numbers: Float64Array.from(
      names.flatMap((name, slot) => [slot, ENTRY_LAYOUT.flagReadWrite, 0o644, 1, 2, most * UNIT, 0, most, name.length]),
    ),
    paths: Buffer.from(names.join('')),
    extents: Float64Array.from(
      names.flatMap((_, i) => Array.from({ length: most }, (_, k) => [k, (1 + i) * UNIT, UNIT]).flat()),
    ),
  };
  const device = makeDevice(t, files * ENTRY_LAYOUT.entrySize);
  device.write(0, new LogTable(ENTRY_LAYOUT, UNIT).encode(0, block));
  const { numbers, paths, extents } = new LogTable(ENTRY_LAYOUT, UNIT).read(device, 0, 0, files);
  assert.deepEqual({ numbers, paths: Buffer.from(paths), extents }, block);
});

test('files in one directory, in others and in the root follow each other in any way', (t) => {
  const random = new Random(t);
  const folders = ['', 'd/', 'dd/', 'd/dd/', 'missing/', 'd/file0/'];
  const paths = ['d', 'dd', 'd/dd'];
  for (let i = 0; i < 3000; i++) paths.push(`${random.pick(folders)}file${random.below(1500)}`);
  const block: AppliedBlock = {
    numbers: Float64Array.from(
      paths.flatMap((path, slot) => {
        const extents = slot < 3 ? 0 : 1;
        return [
          slot,
          extents === 0 ? 0 : ENTRY_LAYOUT.flagReadWrite,
          0o755,
          1,
          2,
          extents * 4096,
          0,
          extents,
          path.length,
        ];
      }),
    ),
    paths: Buffer.from(paths.join('')),
    extents: Float64Array.from(paths.slice(3).flatMap((_, i) => [0, (1 + i) * UNIT, UNIT])),
  };
  const device = makeDevice(t, paths.length * ENTRY_LAYOUT.entrySize);
  const encoder = new LogTable(ENTRY_LAYOUT, UNIT);
  device.write(0, encoder.encode(0, block));
  const table = new LogTable(ENTRY_LAYOUT, UNIT);
  table.addDaxdev(2 ** 40, 0);
  const refused: number[] = [];
  table.replay(device, 0, 0, paths.length, (slot) => refused.push(slot));
  const directories = new Set(['', 'd', 'dd', 'd/dd']);
  const made = new Map<string, number>();
  const expected = paths.flatMap((path, slot) => {
    const parent = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
    if (made.has(path) || !directories.has(parent)) return [slot];
    made.set(path, slot);
    return [];
  });
  assert.deepEqual(refused, expected);
  const rowOf = (path: string) => table.find({ bytes: Buffer.from(path), start: 0, end: path.length }) as number;
  for (const [path, slot] of made) assert.equal(table.node(rowOf(path)).slot, slot, path);
  for (const directory of directories) {
    const inside = Array.from(table.childrenOf(directory === '' ? NO_ROW : rowOf(directory)), (row) =>
      table.path(row).toString(),
    );
    assert.deepEqual(
      inside,
      [...made.keys()].filter((path) => path.slice(0, Math.max(path.lastIndexOf('/'), 0)) === directory),
      directory,
    );
  }
});

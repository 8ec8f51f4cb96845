import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counters, type MappedDevice, observeMemory, resetCounters } from '../../src/native/device.js';
import { cutShort, makeDevice } from './scratch.js';

const LINE = 64;

test('every line that a range touches is written back or invalidated, and counted', (t) => {
  const device = makeDevice(t, 1 << 20);
  const cases = [
    [0, 0, 0],
    [0, 1, 1],
    [0, 64, 1],
    [0, 65, 2],
    [63, 1, 1],
    [63, 2, 2],
    [4096, 4096, 64],
    [100, 1000, 17],
  ] as const;
  for (const [offset, length, lines] of cases) {
    resetCounters();
    device.writeBack(offset, length);
    assert.equal(counters().linesWrittenBack, lines, `writeBack ${offset} ${length}`);
    assert.equal(counters().linesInvalidated, 0);
    resetCounters();
    device.invalidate(offset, length);
    assert.equal(counters().linesInvalidated, lines, `invalidate ${offset} ${length}`);
    assert.equal(counters().linesWrittenBack, 0);
  }
});

test('stores, bytes and fences are counted', (t) => {
  const device = makeDevice(t, 1 << 20);
  resetCounters();
  device.write(0, Buffer.alloc(16));
  device.write(100, Buffer.alloc(536));
  device.fence();
  assert.deepEqual(counters(), { stores: 2, bytesStored: 552, linesWrittenBack: 0, linesInvalidated: 0, fences: 1 });
  resetCounters();
  assert.deepEqual(counters(), { stores: 0, bytesStored: 0, linesWrittenBack: 0, linesInvalidated: 0, fences: 0 });
});

test('write-back and invalidation change no byte', (t) => {
  const device = makeDevice(t, 64 * LINE);
  const bytes = Buffer.from(Array.from({ length: device.size }, (_, i) => i & 0xff));
  device.write(0, bytes);
  device.invalidate(10, 1000);
  device.writeBack(500, 3000);
  device.invalidate(0, device.size);
  device.fence();
  assert.deepEqual(device.read(0, device.size), bytes);
});

test('an observer sees each operation, in order, before it is done', (t) => {
  const device = makeDevice(t, 4096);
  const seen: unknown[] = [];
  const note =
    (name: string) =>
    (of: MappedDevice, ...rest: unknown[]) => {
      assert.equal(of, device);
      seen.push([name, ...rest]);
    };
  observeMemory({
    write: (of, offset, bytes) => {
      assert.equal(of.read(offset, 1)[0], 0);
      seen.push(['write', offset, Buffer.from(bytes).toString()]);
    },
    writeBack: note('writeBack'),
    invalidate: note('invalidate'),
    fence: note('fence'),
  });
  t.after(() => observeMemory(undefined));
  device.write(5, Buffer.from('abc'));
  device.writeBack(5, 3);
  device.fence();
  device.invalidate(0, 64);
  assert.deepEqual(seen, [
    ['write', 5, 'abc'],
    ['writeBack', 5, 3, 0],
    ['fence', 0],
    ['invalidate', 0, 64, 0],
  ]);
  observeMemory(undefined);
  device.fence();
  assert.equal(seen.length, 4);
});

test('an observer that throws prevents the operation', (t) => {
  const device = makeDevice(t, 4096);
  observeMemory({
    write: () => {
      throw new Error('power cut');
    },
  });
  t.after(() => observeMemory(undefined));
  resetCounters();
  assert.throws(() => device.write(0, Buffer.from('x')), /power cut/);
  assert.equal(counters().stores, 0);
  assert.equal(device.read(0, 1)[0], 0);
});

test('an observer does not see refused operations', (t) => {
  const device = makeDevice(t, 4096);
  let told = 0;
  observeMemory({ write: () => told++ });
  t.after(() => observeMemory(undefined));
  assert.throws(() => device.write(4096, Buffer.from('x')), RangeError);
  assert.equal(told, 0);
});

test('persist is a store, its write-back and a fence', (t) => {
  const device = makeDevice(t, 4096);
  resetCounters();
  device.persist(60, Buffer.from('0123456789'));
  assert.deepEqual(counters(), { stores: 1, bytesStored: 10, linesWrittenBack: 2, linesInvalidated: 0, fences: 1 });
  assert.equal(device.read(60, 10).toString(), '0123456789');
  assert.throws(() => device.persist(4090, Buffer.alloc(7)), RangeError);
});

test('an observer sees persist as its three steps, and can stop it between them', (t) => {
  const device = makeDevice(t, 4096);
  const seen: string[] = [];
  observeMemory({
    write: (_, offset, bytes) => seen.push(`write ${offset} ${bytes.length}`),
    writeBack: (_, offset, length) => seen.push(`writeBack ${offset} ${length}`),
    fence: () => {
      throw new Error('power cut');
    },
  });
  t.after(() => observeMemory(undefined));
  assert.throws(() => device.persist(8, Buffer.from('abc')), /power cut/);
  assert.deepEqual(seen, ['write 8 3', 'writeBack 8 3']);
  assert.equal(device.read(8, 3).toString(), 'abc');
});

test('records are persisted one by one, each counted before the next, and an observer sees the same', (t) => {
  const bytes = Buffer.alloc(3 * 40, 'abc');
  const images = [true, false].map((observed) => {
    const device = makeDevice(t, 4096);
    const fences: string[] = [];
    if (observed)
      observeMemory({
        fence: () => fences.push(`${device.read(1000, 120).indexOf(0)} ${device.read(64, 16).readBigUInt64LE(8)}`),
      });
    resetCounters();
    device.persistEach(1000, bytes, 40, 64, 5);
    observeMemory(undefined);
    const { stores, bytesStored, fences: fenced } = counters();
    assert.deepEqual([stores, bytesStored, fenced], [6, 3 * 56, 6]);
    if (observed) assert.deepEqual(fences, ['40 0', '40 6', '80 6', '80 7', '-1 7', '-1 8']);
    assert.throws(() => device.persistEach(4000, bytes, 40, 64, 5), RangeError);
    assert.throws(() => device.persistEach(1000, bytes, 40, 4090, 5), RangeError);
    return device.read(0, 4096);
  });
  assert.deepEqual(images[0], images[1]);
});

test('each line of a range is touched, the last too', (t) => {
  const device = makeDevice(t, 1 << 20);
  const end = 1 << 19;
  cutShort(device, end);
  for (const lines of [1, 2, 3, 9, 64])
    for (const sweep of [device.writeBack.bind(device), device.invalidate.bind(device)]) {
      sweep(end - lines * LINE, lines * LINE);
      // the last line of the range, and of the next one only a byte, have no memory
      for (const length of [lines * LINE, (lines - 1) * LINE + 1])
        assert.throws(() => sweep(end - (lines - 1) * LINE, length), { code: 'SIGBUS' }, `${lines} lines, ${length}`);
    }
});

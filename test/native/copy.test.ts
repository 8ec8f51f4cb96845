import assert from 'node:assert/strict';
import { closeSync, existsSync, openSync, readFileSync, statSync, truncateSync, writeSync } from 'node:fs';
import { test } from 'node:test';
import { type BulkResult, runBulk } from '../../src/native/bulk.js';
import { counters, MappedDevice, resetCounters } from '../../src/native/device.js';
import { Random } from '../support/random.js';
import { gather, interleave, scatter, strays } from './layout.js';
import { makeDevice, makeFile, openFile, testBothStores, useAsDevices } from './scratch.js';

const MIB = 1024 * 1024;

testBothStores('a file is copied in and out, wherever its segments are', {}, async (t) => {
  const random = new Random(t);
  for (const threads of [1, 2, 4]) {
    const layout = scatter(t, random, 50, 400_000);
    const { devices, segments, size } = layout;
    const source = openFile(t, makeFile(t, random.bytes(size)), 'r');
    assert.deepEqual(await runBulk({ operation: 'copyIn', devices, segments, fd: source, threads }), {
      bytes: size,
      faults: [],
      cancelled: false,
    });
    const path = makeFile(t, 0);
    const target = openFile(t, path, 'r+');
    assert.equal(Buffer.compare(gather(layout), readFileSync(source)), 0);
    assert.deepEqual(strays(layout), [-1, -1, -1]);
    const options = { threads, invalidate: true };
    assert.deepEqual(await runBulk({ operation: 'copyOut', devices, segments, fd: target, ...options }), {
      bytes: size,
      faults: [],
      cancelled: false,
    });
    assert.equal(Buffer.compare(readFileSync(path), gather(layout)), 0);
    assert.deepEqual(await runBulk({ operation: 'compare', devices, segments, fd: target, ...options }), {
      bytes: size,
      faults: [],
      cancelled: false,
    });
  }
});

testBothStores('zero clears the segments and nothing else', {}, async (t) => {
  const random = new Random(t);
  const layout = scatter(t, random, 50, 400_000);
  for (const device of layout.devices) device.write(0, Buffer.alloc(device.size, 0xaa));
  assert.equal((await runBulk({ operation: 'zero', ...layout })).bytes, layout.size);
  for (const [i, device] of layout.devices.entries()) {
    const expected = Buffer.alloc(device.size, 0xaa);
    for (const one of layout.segments) if (one.device === i) expected.fill(0, one.offset, one.offset + one.length);
    assert.equal(Buffer.compare(device.read(0, device.size), expected), 0);
  }
});

testBothStores('holes of a sparse source become zeros, and its file position does not move', {}, async (t) => {
  const size = 40 * MIB;
  const path = makeFile(t, size);
  const fd = openFile(t, path, 'r+');
  writeSync(fd, 'first', 5 * MIB - 2);
  writeSync(fd, 'second', 33 * MIB);
  const layout = interleave(t, 2, 2 * MIB, size);
  for (const device of layout.devices) device.write(0, Buffer.alloc(device.size, 0xaa));
  assert.deepEqual(await runBulk({ operation: 'copyIn', ...layout, fd }), {
    bytes: size,
    faults: [],
    cancelled: false,
  });
  assert.equal(Buffer.compare(gather(layout), readFileSync(path)), 0);
  assert.equal(readFileSync(fd).length, size, 'read from the start: the position has not moved');
});

testBothStores('a source that ends early is EUNDERRUN at its end, and what comes before is stored', {}, async (t) => {
  const random = new Random(t);
  for (const sparse of [false, true]) {
    const layout = interleave(t, 2, 2 * MIB, 12 * MIB);
    const length = 7 * MIB + 1001;
    const path = sparse ? makeFile(t, length) : makeFile(t, random.bytes(length));
    const fd = openFile(t, path, 'r');
    const { faults, bytes } = await runBulk({ operation: 'copyIn', ...layout, fd, keepGoing: true });
    assert.equal(bytes, length);
    assert.equal(faults[0]!.fileOffset, length);
    assert.ok(faults.every(({ code, side, action }) => code === 'EUNDERRUN' && side === 'file' && action === 'read'));
    assert.equal(
      faults.reduce((sum, fault) => sum + fault.length, 0),
      layout.size - length,
    );
    assert.equal(Buffer.compare(gather(layout).subarray(0, length), readFileSync(path)), 0);
    const stopped = await runBulk({ operation: 'copyIn', ...layout, fd, threads: 1 });
    assert.deepEqual(
      stopped.faults.map(({ code, fileOffset }) => [code, fileOffset]),
      [['EUNDERRUN', length]],
    );
    const compared = await runBulk({ operation: 'compare', ...layout, fd, threads: 1 });
    assert.deepEqual(
      compared.faults.map(({ code, fileOffset }) => [code, fileOffset]),
      [['EUNDERRUN', length]],
    );
    assert.equal(compared.difference, undefined);
  }
});

test('a source that shrinks while it is read is EUNDERRUN', async (t) => {
  const size = 128 * MIB;
  const path = makeFile(t, 0);
  const source = makeDevice(t, 2 * MIB);
  await runBulk({
    operation: 'fillPattern',
    devices: [source],
    segments: [{ device: 0, offset: 0, fileOffset: 0, length: 2 * MIB }],
    seed: 3,
  });
  const fd = openFile(t, path, 'r+');
  const chunk = source.read(0, 2 * MIB);
  for (let at = 0; at < size; at += chunk.length) writeSync(fd, chunk, 0, chunk.length, at);
  const device = makeDevice(t, 2 * MIB);
  const segments = Array.from({ length: size / chunk.length }, (_, i) => {
    return { device: 0, offset: 0, fileOffset: i * chunk.length, length: chunk.length };
  });
  let shrunk = false;
  const copying = runBulk({ operation: 'copyIn', devices: [device], segments, fd, threads: 2 });
  setImmediate(() => {
    truncateSync(path, 4 * MIB + 5);
    shrunk = true;
  });
  const { faults, cancelled } = await copying;
  assert.ok(shrunk && !cancelled);
  for (const { code, side } of faults) assert.deepEqual([code, side], ['EUNDERRUN', 'file']);
  t.diagnostic(`${faults.length} faults`);
});

test('compare finds the first byte that differs', async (t) => {
  const random = new Random(t);
  const layout = interleave(t, 3, 2 * MIB, 20 * MIB + 5);
  await runBulk({ operation: 'fillPattern', ...layout, seed: 9 });
  const path = makeFile(t, gather(layout));
  const fd = openFile(t, path, 'r+');
  const content = readFileSync(path);
  let first = layout.size;
  for (let i = 0; i < 30; i++) {
    const at = random.below(first);
    first = at;
    writeSync(fd, Buffer.of(content[at]! ^ 1), 0, 1, at);
    const { difference } = await runBulk({ operation: 'compare', ...layout, fd, threads: 1 + (i % 3) });
    assert.deepEqual(
      [difference?.fileOffset, difference?.expected, difference?.found],
      [at, content[at]! ^ 1, content[at]],
    );
    if (first === 0) break;
  }
});

test('a failure of the file is a fault with its errno', async (t) => {
  const device = makeDevice(t, MIB);
  const segments = [{ device: 0, offset: 0, fileOffset: 4096, length: MIB }];
  const codes = async (result: Promise<BulkResult>) => {
    return (await result).faults.map(({ code, action, side }) => `${side} ${action} ${code}`);
  };
  const readOnly = openFile(t, makeFile(t, 4096), 'r');
  assert.deepEqual(await codes(runBulk({ operation: 'copyOut', devices: [device], segments, fd: readOnly })), [
    'file write EBADF',
  ]);
  const folder = openFile(t, '/', 'r');
  assert.deepEqual(await codes(runBulk({ operation: 'copyIn', devices: [device], segments, fd: folder })), [
    'file read EISDIR',
  ]);
  if (existsSync('/dev/full')) {
    const full = openFile(t, '/dev/full', 'w');
    const { faults } = await runBulk({ operation: 'copyOut', devices: [device], segments, fd: full, keepGoing: true });
    assert.deepEqual(
      faults.map(({ code, action, fileOffset }) => [code, action, fileOffset]),
      [['ENOSPC', 'write', 4096]],
    );
    assert.ok(faults[0]!.length < MIB, 'a target that is full is not tried again');
  }
});

test('impossible segments, options and descriptors are refused before anything is done', async (t) => {
  const device = makeDevice(t, 8192);
  const good = { device: 0, offset: 0, fileOffset: 0, length: 8192 };
  resetCounters();
  for (const change of [
    { device: 1 },
    { device: -1 },
    { device: 0.5 },
    { offset: 1 },
    { offset: -1 },
    { length: 8193 },
    { length: -1 },
    { fileOffset: -1 },
    { fileOffset: 2 ** 53 - 1 },
    { offset: Number.NaN },
  ]) {
    await assert.rejects(
      runBulk({ operation: 'zero', devices: [device], segments: [good, { ...good, ...change }] }),
      RangeError,
      JSON.stringify(change),
    );
  }
  for (const threads of [0, 257, 1.5, Number.NaN])
    await assert.rejects(runBulk({ operation: 'zero', devices: [device], segments: [good], threads }), RangeError);
  await assert.rejects(runBulk({ operation: 'copyIn', devices: [device], segments: [good], fd: 1_000_000 }), {
    name: 'DeviceError',
    code: 'EBADF',
  });
  const readOnly = MappedDevice.open(device.path, { writable: false });
  t.after(() => readOnly.close());
  for (const run of [
    runBulk({ operation: 'zero', devices: [device, readOnly], segments: [good] }),
    runBulk({ operation: 'fillPattern', devices: [readOnly], segments: [good], seed: 1 }),
    runBulk({ operation: 'copyIn', devices: [readOnly], segments: [good], fd: 0 }),
  ]) {
    await assert.rejects(run, { name: 'DeviceError', code: 'READ_ONLY', path: readOnly.path });
  }
  assert.equal(counters().stores, 0);
});

test('an empty job ends at once', async (t) => {
  const device = makeDevice(t, 8192);
  assert.deepEqual(await runBulk({ operation: 'zero', devices: [], segments: [] }), {
    bytes: 0,
    faults: [],
    cancelled: false,
  });
  const empty = [{ device: 0, offset: 8192, fileOffset: 0, length: 0 }];
  assert.deepEqual(await runBulk({ operation: 'zero', devices: [device], segments: empty }), {
    bytes: 0,
    faults: [],
    cancelled: false,
  });
  assert.deepEqual(await runBulk({ operation: 'copyIn', devices: [device], segments: empty, fd: 0 }), {
    bytes: 0,
    faults: [],
    cancelled: false,
  });
});

test('bulk stores bypass the cache for whole lines, partial lines are written back, and each thread fences', async (t) => {
  const device = makeDevice(t, MIB);
  useAsDevices(t);
  resetCounters();
  await runBulk({
    operation: 'zero',
    devices: [device],
    segments: [{ device: 0, offset: 4096, fileOffset: 0, length: 8192 }],
    threads: 1,
  });
  const { linesWrittenBack, bytesStored, fences } = counters();
  assert.ok(linesWrittenBack === 0 || linesWrittenBack === 128, 'x86-64 streams, others write back');
  assert.equal(bytesStored, 8192);
  assert.ok(fences >= 1);
  resetCounters();
  await runBulk({
    operation: 'zero',
    devices: [device],
    segments: [{ device: 0, offset: 4097, fileOffset: 0, length: 8192 }],
    threads: 1,
  });
  assert.equal(counters().linesWrittenBack, linesWrittenBack === 0 ? 2 : 129);
});

test('an image in the page cache is stored to by system calls, and zeros give its blocks back', async (t) => {
  const device = makeDevice(t, 4 * MIB);
  const segments = [{ device: 0, offset: 4097, fileOffset: 0, length: MIB }];
  resetCounters();
  await runBulk({ operation: 'fillPattern', devices: [device], segments, seed: 1 });
  assert.deepEqual([counters().linesWrittenBack, counters().bytesStored], [0, MIB]);
  const { blocks } = statSync(device.path);
  await runBulk({ operation: 'zero', devices: [device], segments });
  assert.ok(statSync(device.path).blocks <= blocks - MIB / 512 + 16);
  assert.ok(device.read(4097, MIB).every((byte) => byte === 0));
});

test('memory is invalidated before it is read, if asked, and fenced', async (t) => {
  useAsDevices(t);
  const [device, source] = [makeDevice(t, MIB), makeDevice(t, MIB)];
  const segments = [{ device: 0, offset: 4096, fileOffset: 0, length: 8192 }];
  await runBulk({ operation: 'fillPattern', devices: [device], segments, seed: 1 });
  source.write(0, device.read(4096, 8192));
  const fd = openFile(t, makeFile(t, device.read(4096, 8192)), 'r+');
  for (const invalidate of [false, true]) {
    for (const [run, pieces] of [
      [() => runBulk({ operation: 'copyOut', devices: [device], segments, fd, invalidate }), 1],
      [() => runBulk({ operation: 'copyOutStream', devices: [device], segments, fd, invalidate }), 1],
      [() => runBulk({ operation: 'compare', devices: [device], segments, fd, invalidate }), 1],
      [() => runBulk({ operation: 'verifyPattern', devices: [device], segments, seed: 1, invalidate }), 1],
      [() => runBulk({ operation: 'read', devices: [device], segments, invalidate }), 1],
      [() => runBulk({ operation: 'copyMemory', devices: [device], source, segments, invalidate }), 1],
      [() => runBulk({ operation: 'compareMemory', devices: [device], source, segments, invalidate }), 2],
    ] as const) {
      resetCounters();
      assert.deepEqual(await run(), { bytes: 8192, faults: [], cancelled: false });
      assert.equal(counters().linesInvalidated, invalidate ? 128 * pieces : 0, `${run}`);
      // each thread ends with one
      assert.equal(counters().fences, invalidate ? 1 + pieces : 1, `${run}`);
    }
  }
});

test('a sweep over lines writes them back, or drops them', async (t) => {
  const device = makeDevice(t, MIB);
  const segments = [{ device: 0, offset: 4096, fileOffset: 0, length: 8192 }];
  for (const [operation, lines] of [
    ['writeBack', { linesWrittenBack: 128, linesInvalidated: 0 }],
    ['invalidate', { linesWrittenBack: 0, linesInvalidated: 128 }],
  ] as const) {
    resetCounters();
    await runBulk({ operation, devices: [device], segments });
    assert.deepEqual(counters(), { stores: 0, bytesStored: 0, fences: 1, ...lines });
  }
});

test('the descriptor may be closed once the job runs', async (t) => {
  const content = new Random(t).bytes(8 * MIB);
  const fd = openSync(makeFile(t, content), 'r+');
  const device = makeDevice(t, 8 * MIB);
  const copying = runBulk({
    operation: 'copyIn',
    devices: [device],
    segments: [{ device: 0, offset: 0, fileOffset: 0, length: 8 * MIB }],
    fd,
  });
  closeSync(fd);
  assert.equal((await copying).bytes, 8 * MIB);
  assert.equal(Buffer.compare(device.read(0, 8 * MIB), content), 0);
});

test('filling a sparse stand-in for a device allocates only what is filled', async (t) => {
  const device = makeDevice(t, 8 * MIB);
  await runBulk({
    operation: 'fillPattern',
    devices: [device],
    segments: [{ device: 0, offset: 4 * MIB, fileOffset: 0, length: MIB }],
    seed: 1,
  });
  await runBulk({
    operation: 'zero',
    devices: [device],
    segments: [{ device: 0, offset: 7 * MIB, fileOffset: 0, length: 100 }],
  });
  const used = statSync(device.path).blocks * 512;
  assert.ok(used >= MIB && used <= MIB + 65536, `${used} bytes in use`);
});

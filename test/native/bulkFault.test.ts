import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { ftruncateSync, mkdirSync, readFileSync, readlinkSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as bulk from '../../src/native/bulk.js';
import { MappedDevice } from '../../src/native/device.js';
import { Random } from '../support/random.js';
import { interleave, type Layout } from './layout.js';
import { cutShort, makeDevice, makeFile, makeFolder, openFile, testBothStores } from './scratch.js';

const MIB = 1024 * 1024;
const PAGE = 4096;
const LONG = process.env.FAMFS_TEST_LONG === '1';

/** Runs any operation on a layout; `fd` is a file as long as that, whose bytes are also the other memory. */
async function run(
  operation: string,
  { devices, segments }: Layout,
  fd: number,
  options: bulk.BulkOptions,
): Promise<bulk.BulkResult> {
  const source = MappedDevice.open(readlinkSync(`/proc/self/fd/${fd}`), { writable: false });
  try {
    const job = { operation: operation as bulk.BulkOperation, devices, segments, fd, source, seed: 1, ...options };
    return await bulk.runBulk(job);
  } finally {
    source.close();
  }
}

/** Every operation, and what it does to memory. */
const OPERATIONS: Record<bulk.BulkOperation, 'read' | 'write'> = {
  copyIn: 'write',
  copyInStream: 'write',
  copyOut: 'read',
  copyOutStream: 'read',
  compare: 'read',
  copyMemory: 'write',
  compareMemory: 'read',
  zero: 'write',
  fillPattern: 'write',
  verifyPattern: 'read',
  writeBack: 'read',
  invalidate: 'read',
  read: 'read',
};

/** Bytes of the segments that lie beyond `size` on their device. */
function lost({ segments }: Layout, device: number, size: number): number {
  const cut = ({ offset, length }: bulk.Segment) => Math.min(length, Math.max(0, offset + length - size));
  return segments.reduce((sum, one) => sum + (one.device === device ? cut(one) : 0), 0);
}

for (const [name, action] of Object.entries(OPERATIONS)) {
  test(`${name}: memory that is gone is listed, the rest is done, on one thread and on several`, async (t) => {
    const layout = interleave(t, 3, MIB, 9 * MIB + 1000);
    const cut = MIB + 5 * PAGE;
    if (name === 'verifyPattern') await bulk.runBulk({ operation: 'fillPattern', ...layout, seed: 1 });
    cutShort(layout.devices[1]!, cut);
    const gone = lost(layout, 1, cut);
    for (const threads of [1, 2, 6]) {
      for (const invalidate of [false, true]) {
        const path = makeFile(t, layout.size);
        const fd = openFile(t, path, 'r+');
        const { bytes, faults, cancelled } = await run(name, layout, fd, { threads, invalidate, keepGoing: true });
        assert.equal(cancelled, false);
        for (const fault of faults) {
          assert.deepEqual([fault.code, fault.side, fault.action, fault.device], ['SIGBUS', 'device', action, 1]);
          assert.ok(fault.offset >= cut);
          const home = layout.segments.find(
            (one) => one.device === 1 && fault.offset >= one.offset && fault.offset < one.offset + one.length,
          )!;
          assert.equal(fault.fileOffset - home.fileOffset, fault.offset - home.offset);
        }
        assert.equal(
          faults.reduce((sum, { length }) => sum + length, 0),
          gone,
        );
        assert.equal(
          faults.length,
          layout.segments.filter((one) => one.device === 1 && one.offset + one.length > cut).length,
        );
        // A stream gets zeros in place of lost memory
        if (name !== 'compare' && name !== 'verifyPattern')
          assert.equal(bytes, name === 'copyOutStream' ? layout.size : layout.size - gone);
      }
    }
  });

  test(`${name}: without keepGoing the first fault stops it, every time`, async (t) => {
    const layout = interleave(t, 2, MIB, 8 * MIB);
    if (name === 'verifyPattern') await bulk.runBulk({ operation: 'fillPattern', ...layout, seed: 1 });
    cutShort(layout.devices[0]!, MIB + PAGE);
    cutShort(layout.devices[1]!, MIB + PAGE);
    const fd = openFile(t, makeFile(t, layout.size), 'r+');
    for (let round = 0; round < (LONG ? 60 : 20); round++) {
      const threads = 1 + (round % 4);
      const { faults, cancelled } = await run(name, layout, fd, { threads });
      assert.equal(cancelled, false);
      assert.ok(faults.length >= 1 && faults.length <= threads, `${faults.length} faults`);
      for (const { code, offset } of faults) assert.ok(code === 'SIGBUS' && offset >= MIB + PAGE);
      if (threads === 1)
        assert.deepEqual(
          faults.map(({ offset, fileOffset, length }) => [offset, fileOffset, length]),
          [[MIB + PAGE, 2 * MIB + PAGE, PAGE]],
        );
    }
  });
}

testBothStores('memory that comes and goes under every operation never kills the process', {}, async (t) => {
  const random = new Random(t);
  const layout = interleave(t, 2, MIB, 16 * MIB);
  const fd = openFile(t, makeFile(t, layout.size), 'r+');
  const [first, second] = layout.devices as [MappedDevice, MappedDevice];
  const timer = setInterval(() => {
    truncateSync(first.path, random.below(2) * 8 * MIB + 1);
    truncateSync(second.path, random.below(8 * MIB) + 1);
  }, 1);
  try {
    for (let round = 0; round < (LONG ? 30 : 8); round++) {
      const options = { threads: 3, keepGoing: round % 2 === 0 };
      const results = await Promise.all(Object.keys(OPERATIONS).map((name) => run(name, layout, fd, options)));
      for (const { faults } of results) {
        for (const { code } of faults) assert.ok(['SIGBUS', 'EUNDERRUN'].includes(code), code);
      }
    }
  } finally {
    clearInterval(timer);
  }
});

test('copyOut leaves holes in place of lost memory, and writes everything around them', async (t) => {
  const random = new Random(t);
  const layout = interleave(t, 2, MIB, 8 * MIB);
  await bulk.runBulk({ operation: 'fillPattern', ...layout, seed: 4 });
  const whole = makeFile(t, layout.size);
  await bulk.runBulk({ operation: 'copyOut', ...layout, fd: openFile(t, whole, 'r+') });
  const cut = MIB + random.below(2 * MIB);
  cutShort(layout.devices[1]!, cut);
  const path = makeFile(t, layout.size);
  const { faults } = await bulk.runBulk({
    operation: 'copyOut',
    ...layout,
    fd: openFile(t, path, 'r+'),
    keepGoing: true,
  });
  const expected = readFileSync(whole);
  for (const { fileOffset, length } of faults) expected.fill(0, fileOffset, fileOffset + length);
  const pageEnd = Math.ceil(cut / PAGE) * PAGE;
  // The last page of the short file still exists; its end reads as zeros
  for (const { device, offset, fileOffset } of layout.segments) {
    if (device === 1 && cut >= offset && cut < offset + MIB)
      expected.fill(0, fileOffset + cut - offset, fileOffset + pageEnd - offset);
  }
  assert.equal(Buffer.compare(readFileSync(path), expected), 0);
  assert.equal(faults[0]?.offset, pageEnd);
});

test('copyOutStream sends zeros in place of lost memory, never old contents of its buffer', async (t) => {
  const { devices, segments, size } = interleave(t, 1, MIB, 2 * MIB);
  await bulk.runBulk({ operation: 'fillPattern', devices, segments, seed: 3 });
  const expected = devices[0]!.read(0, size).fill(0, MIB + 3 * PAGE);
  cutShort(devices[0]!, MIB + 3 * PAGE);
  const path = makeFile(t, 0);
  const { faults } = await bulk.runBulk({
    operation: 'copyOutStream',
    devices,
    segments,
    fd: openFile(t, path, 'w'),
    keepGoing: true,
  });
  assert.deepEqual(
    faults.map(({ fileOffset, length }) => [fileOffset, length]),
    [[MIB + 3 * PAGE, MIB - 3 * PAGE]],
  );
  assert.equal(Buffer.compare(readFileSync(path), expected), 0);
});

test('only faults that are adjacent both in file and memory are joined', async (t) => {
  const { devices } = interleave(t, 2, MIB, 8 * MIB);
  for (const device of devices) cutShort(device, PAGE);
  const at = (device: number, offset: number, fileOffset: number) => ({ device, offset, fileOffset, length: 2 * PAGE });
  const segments = [
    at(0, MIB, 0),
    at(0, MIB + 2 * PAGE, 2 * PAGE), // adjacent in both
    at(0, 3 * MIB, 4 * PAGE), // in the file only
    at(0, 3 * MIB + 2 * PAGE, 7 * PAGE), // in memory only
    at(1, 3 * MIB + 4 * PAGE, 9 * PAGE), // on another device
  ];
  const { faults } = await bulk.runBulk({ operation: 'zero', devices, segments, keepGoing: true, threads: 3 });
  const found = faults.map(({ device, offset, fileOffset, length }) => ({ device, offset, fileOffset, length }));
  assert.deepEqual(found, [{ ...segments[0], length: 4 * PAGE }, ...segments.slice(2)]);
});

test('faults are joined where data of a file follows a hole, which different code stores', async (t) => {
  const device = makeDevice(t, MIB);
  cutShort(device, 0);
  const source = makeFile(t, MIB / 2);
  writeFileSync(source, Buffer.alloc(MIB / 2, 1), { flag: 'a' });
  const whole = { device: 0, offset: 0, fileOffset: 0, length: MIB };
  const { faults } = await bulk.runBulk({
    operation: 'copyIn',
    devices: [device],
    segments: [whole],
    fd: openFile(t, source, 'r'),
    keepGoing: true,
    threads: 1,
  });
  assert.deepEqual(faults, [{ ...whole, side: 'device', action: 'write', code: 'SIGBUS' }]);
});

test('verify finds wrong bytes between lost pages', async (t) => {
  const layout = interleave(t, 2, MIB, 8 * MIB);
  await bulk.runBulk({ operation: 'fillPattern', ...layout, seed: 4 });
  cutShort(layout.devices[0]!, MIB);
  const expected = layout.devices[1]!.read(3 * MIB + 50, 1)[0]!;
  layout.devices[1]!.write(3 * MIB + 50, Buffer.of(expected ^ 4));
  const result = await bulk.runBulk({ operation: 'verifyPattern', ...layout, seed: 4, keepGoing: true, threads: 2 });
  const difference = { device: 1, offset: 3 * MIB + 50, fileOffset: 7 * MIB + 50, expected, found: expected ^ 4 };
  assert.deepEqual(result.difference, difference);
  assert.ok(result.faults.length > 0);
  const { code, side, device, offset } = result.faults[0]!;
  assert.deepEqual([code, side, device, offset], ['SIGBUS', 'device', 0, MIB]);
});

const FULL_DISK = 'a full disk under a sparse file is a fault, not the end of the process';
testBothStores(FULL_DISK, { skip: process.getuid?.() !== 0 }, async (t) => {
  const folder = join(makeFolder(t), 'small');
  mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    t.skip('no right to mount');
    return;
  }
  try {
    const path = join(folder, 'image');
    writeFileSync(path, '');
    truncateSync(path, 8 * MIB);
    const device = MappedDevice.open(path, { writable: true });
    const segments = [{ device: 0, offset: 0, fileOffset: 0, length: 8 * MIB }];
    const { bytes, faults } = await bulk.runBulk({
      operation: 'fillPattern',
      seed: 1,
      devices: [device],
      segments,
      keepGoing: true,
      threads: 2,
    });
    assert.ok(bytes > 0 && bytes <= MIB);
    assert.equal(bytes + faults.reduce((sum, { length }) => sum + length, 0), 8 * MIB);
    assert.throws(() => device.write(faults.at(-1)!.offset, Buffer.of(1)), { code: 'SIGBUS', syscall: 'write' });
    device.close();
  } finally {
    execFileSync('umount', [folder]);
  }
});

test('the error of a file with unreadable bytes names their place', async (t) => {
  const layout = interleave(t, 1, MIB, 4 * MIB);
  const path = makeFile(t, 4 * MIB);
  const fd = openFile(t, path, 'r+');
  ftruncateSync(fd, 3 * MIB + 7);
  const { faults } = await bulk.runBulk({ operation: 'copyIn', ...layout, fd, threads: 1 });
  const { code, side, fileOffset } = faults[0]!;
  assert.deepEqual([code, side, fileOffset], ['EUNDERRUN', 'file', 3 * MIB + 7]);
  assert.equal(statSync(path).size, 3 * MIB + 7);
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { DeviceError, MappedDevice } from '../../src/native/device.js';
import { errnoName } from '../../src/native/error.js';
import { Random } from '../support/random.js';
import { makeDevice, makeFile, makeFolder, readImage } from './scratch.js';

const WRITABLE = { writable: true };

test('a file can be opened in place of a device', (t) => {
  const device = makeDevice(t, 5 * 1024 * 1024 + 12345);
  assert.equal(device.kind, 'file');
  assert.equal(device.size, 5 * 1024 * 1024 + 12345);
  assert.ok(device.align >= 4096 && Number.isInteger(Math.log2(device.align)));
  assert.equal(device.writable, true);
  assert.match(device.identity, /^file:\d+:\d+$/);
});

test('written bytes are read back, and are in the file', (t) => {
  const random = new Random(t);
  const device = makeDevice(t, 1_000_003);
  const model = Buffer.alloc(device.size);
  for (let i = 0; i < 500; i++) {
    const length = random.below([9, 17, 300, 100_000][i % 4]!);
    const offset = random.below(device.size - length + 1);
    const bytes = random.bytes(length);
    device.write(offset, bytes);
    bytes.copy(model, offset);
    const from = random.below(device.size);
    const count = random.below(device.size - from + 1);
    assert.ok(device.read(from, count).equals(model.subarray(from, from + count)), `read ${from} ${count}`);
  }
  assert.ok(readImage(device).equals(model));
});

test('readInto fills its argument, at any alignment', (t) => {
  const random = new Random(t);
  const content = random.bytes(4096);
  const device = MappedDevice.open(makeFile(t, content), { writable: false });
  for (let length = 0; length <= 40; length++) {
    for (const [shift, offset] of [
      [0, 0],
      [1, 16],
      [8, 24],
      [3, 4096 - length],
    ] as const) {
      const target = new Uint8Array(64).fill(0xee);
      device.readInto(target.subarray(shift, shift + length), offset);
      const expected = new Uint8Array(64).fill(0xee);
      expected.set(content.subarray(offset, offset + length), shift);
      assert.deepEqual(target, expected);
    }
  }
  device.close();
});

test('ranges beyond the device are refused, its last byte is not', (t) => {
  const device = makeDevice(t, 8192);
  assert.equal(device.read(8192, 0).length, 0);
  assert.equal(device.read(8191, 1).length, 1);
  const wrong: [number, number][] = [
    [8192, 1],
    [8191, 2],
    [0, 8193],
    [-1, 1],
    [0.5, 1],
    [0, 1.5],
    [Number.NaN, 1],
    [2 ** 53, 1],
    [0, -1],
    [0, 2 ** 53],
    [2 ** 53 - 1, 2 ** 53 - 1],
  ];
  for (const [offset, length] of wrong) {
    assert.throws(() => device.read(offset, length), RangeError, `read ${offset} ${length}`);
    assert.throws(() => device.writeBack(offset, length), RangeError);
    assert.throws(() => device.invalidate(offset, length), RangeError);
  }
  assert.throws(() => device.write(8190, Buffer.alloc(3)), RangeError);
  assert.throws(() => device.readInto(Buffer.alloc(3), 8190), RangeError);
});

test('a device that is open for reading refuses writes', (t) => {
  const device = MappedDevice.open(makeFile(t, Buffer.from('content')), { writable: false });
  t.after(() => device.close());
  const refused = { name: 'DeviceError', code: 'READ_ONLY', path: device.path };
  assert.throws(() => device.write(0, Buffer.from('x')), refused);
  assert.throws(() => device.persist(0, Buffer.from('x')), refused);
  device.writeBack(0, 7);
  device.invalidate(0, 7);
  device.fence();
  assert.equal(device.read(0, 7).toString(), 'content');
});

test('a file has the same identity under another path', (t) => {
  const path = makeFile(t, 4096);
  const folder = makeFolder(t);
  symlinkSync(path, join(folder, 'symlink'));
  linkSync(path, `${path}.hard`);
  const other = makeFile(t, 4096);
  const identity = (of: string) => {
    const device = MappedDevice.open(of, { writable: false });
    device.close();
    return device.identity;
  };
  assert.equal(identity(join(folder, 'symlink')), identity(path));
  assert.equal(identity(`${path}.hard`), identity(path));
  assert.notEqual(identity(other), identity(path));
});

test('two mappings of one file see the same bytes', (t) => {
  const one = makeDevice(t, 3 * 1024 * 1024);
  const two = MappedDevice.open(one.path, { writable: false });
  t.after(() => two.close());
  one.write(2_500_000, Buffer.from('hello'));
  assert.equal(two.read(2_500_000, 5).toString(), 'hello');
});

test('closing twice is harmless; every later use fails with CLOSED', (t) => {
  const device = makeDevice(t, 4096);
  device.close();
  device.close();
  const uses = [
    () => device.read(0, 1),
    () => device.write(0, Buffer.alloc(1)),
    () => device.writeBack(0, 1),
    () => device.invalidate(0, 1),
    () => device.fence(),
    () => device.persist(0, Buffer.alloc(1)),
    () => device.lock('shared', false),
    () => device.unlock(),
  ];
  for (const use of uses) assert.throws(use, { name: 'DeviceError', code: 'CLOSED', path: device.path });
});

test('the size of a file is its size when it is opened', (t) => {
  const path = makeFile(t, 4096);
  truncateSync(path, 10_000);
  const device = MappedDevice.open(path, WRITABLE);
  t.after(() => device.close());
  assert.equal(device.size, 10_000);
});

test('something that is neither a device nor a file is refused by name', (t) => {
  const folder = makeFolder(t);
  mkdirSync(join(folder, 'directory'));
  execFileSync('mkfifo', [join(folder, 'fifo')]);
  writeFileSync(join(folder, 'empty'), '');
  const refused: [string, string, RegExp][] = [
    ['directory', 'NOT_A_DEVICE', /directory/],
    ['fifo', 'NOT_A_DEVICE', /fifo/],
    ['empty', 'EMPTY', /size 0/],
    ['absent', 'ENOENT', /no such file/],
    ['empty/below', 'ENOTDIR', /not a directory/],
  ];
  for (const [name, code, message] of refused) {
    const path = join(folder, name);
    assert.throws(
      () => MappedDevice.open(path, WRITABLE),
      (error) => {
        assert.ok(error instanceof DeviceError);
        assert.equal(error.code, code);
        assert.equal(error.path, path);
        assert.match(error.message, message);
        assert.ok(error.message.startsWith(path));
        return true;
      },
    );
  }
});

test('an errno keeps its number, name and system call', () => {
  assert.throws(() => MappedDevice.open('/nonexistent', WRITABLE), { code: 'ENOENT', errno: 2, syscall: 'stat' });
  // the list of libuv does not have this one
  assert.equal(errnoName(constants.errno.EDQUOT), 'EDQUOT');
  assert.equal(errnoName(999), 'errno 999');
});

test('a file without permission is EACCES, unless we are root', { skip: process.getuid?.() === 0 }, (t) => {
  const path = makeFile(t, 4096);
  execFileSync('chmod', ['0', path]);
  assert.throws(() => MappedDevice.open(path, WRITABLE), { code: 'EACCES', errno: 13, syscall: 'open' });
});

test('a running program cannot be opened for writing: ETXTBSY from open(2)', () => {
  assert.throws(() => MappedDevice.open(process.execPath, WRITABLE), { code: 'ETXTBSY', errno: 26, syscall: 'open' });
  const device = MappedDevice.open(process.execPath, { writable: false });
  assert.deepEqual(device.read(0, 4096), readFileSync(process.execPath).subarray(0, 4096));
  device.close();
});

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { addon } from '../../src/native/addon.js';
import { checkAddonFile, findAddon } from '../../src/native/addonFile.js';
import { DeviceError } from '../../src/native/device.js';
import { makeDevice, makeFolder } from './scratch.js';

test('the addon is found in the nearest folder above that has one, built or prebuilt', (t) => {
  const root = makeFolder(t);
  const place = (folder: string, kind = 'build/Release') => {
    mkdirSync(join(root, folder, kind), { recursive: true });
    const file = join(root, folder, kind, 'famfs_native.node');
    writeFileSync(file, '');
    return file;
  };
  mkdirSync(join(root, 'a/out/src/native'), { recursive: true });
  const outer = place('.');
  assert.equal(findAddon(join(root, 'a/out/src/native')), outer);
  place('a', 'prebuilds/linux-riscv64');
  assert.equal(findAddon(join(root, 'a/out/src/native')), outer);
  const prebuilt = place('a', `prebuilds/linux-${process.arch}`);
  assert.equal(findAddon(join(root, 'a/out/src/native')), prebuilt);
  const inner = place('a');
  assert.equal(findAddon(join(root, 'a/out/src/native')), inner);
  assert.equal(findAddon(join(root, 'a')), inner);
});

test('an addon that is missing is an error that says what to do', () => {
  assert.throws(() => findAddon('/usr/lib'), { code: 'ADDON', message: /linux-/, hint: /npm ci in a clone/ });
});

test('an addon that cannot be loaded is an error of its own', (t) => {
  const built = readFileSync(findAddon(import.meta.dirname));
  const path = join(makeFolder(t), 'famfs_native.node');
  const check = (bytes: Buffer) => {
    writeFileSync(path, bytes);
    return () => checkAddonFile(path);
  };
  check(built)();
  const foreign = Buffer.from(built);
  foreign.writeUInt16LE(process.arch === 'arm64' ? 62 : 183, 18);
  assert.throws(check(foreign), { code: 'ADDON', message: /was built for (arm64|x64), but this is/ });
  for (const length of [64, 4096, built.length >> 1, built.length - 1])
    assert.throws(check(built.subarray(0, length)), { code: 'ADDON', message: /is cut short/ }, String(length));
  for (const bytes of [Buffer.alloc(0), Buffer.from('#!/bin/sh'), Buffer.alloc(4096)])
    assert.throws(check(bytes), { code: 'ADDON', message: /is not a native addon/ });
});

test('an addon of another version is an error of its own', { skip: noCompiler() }, (t) => {
  const folder = makeFolder(t);
  writeFileSync(
    join(folder, 'other.c'),
    'void *napi_register_module_v1(void *env, void *exports) { return exports; }\n',
  );
  const path = join(folder, 'other.node');
  assert.equal(spawnSync('cc', ['-shared', '-fPIC', '-o', path, join(folder, 'other.c')]).status, 0);
  const script = `import { addon, setAddonFile } from ${JSON.stringify(join(import.meta.dirname, '../../src/native/addon.js'))};
    setAddonFile(() => ${JSON.stringify(path)});
    try { addon(); } catch ({ code, message }) { console.log(code, message); }`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  assert.equal(stdout, `ADDON ${path} was built from another version of famfs\n`);
});

function noCompiler(): string | false {
  return spawnSync('cc', ['--version']).status === 0 ? false : 'needs cc';
}

test('a descriptor has a reader until the other end is closed', () => {
  const { hasReader } = addon();
  assert.equal(hasReader(openSync('/dev/null', 'w')), true);
  assert.throws(() => hasReader('1' as never), { code: 'EINVAL' });
  const script = `const module = { exports: {} };
    process.dlopen(module, ${JSON.stringify(findAddon(import.meta.dirname))});
    setTimeout(() => process.exit(module.exports.hasReader(1) ? 1 : 0), 300);`;
  const { status } = spawnSync('bash', ['-c', '"$0" -e "$1" | true; exit $PIPESTATUS', process.execPath, script]);
  assert.equal(status, 0);
});

test('what needs no reader is written at once, and nothing else', (t) => {
  const { writeAtOnce } = addon();
  const text = Buffer.alloc(4096, 'x');
  const path = join(makeFolder(t), 'file');
  assert.equal(writeAtOnce(openSync(path, 'w'), text), text.length);
  assert.ok(readFileSync(path).equals(text));
  assert.equal(writeAtOnce(openSync('/dev/null', 'w'), text), text.length);
  for (const fd of [openSync('/dev/full', 'w'), openSync(path, 'r'), 9999]) assert.equal(writeAtOnce(fd, text), 0);
  for (const wrong of [() => writeAtOnce(-1, text), () => writeAtOnce(1, 'text' as never)])
    assert.throws(wrong, { code: 'EINVAL' });
  // a pipe takes what there is room for, and a socket, where a write may wait, nothing
  const script = `const module = { exports: {} };
    process.dlopen(module, ${JSON.stringify(findAddon(import.meta.dirname))});
    const { writeAtOnce } = module.exports;
    const text = Buffer.alloc(4096, 'x');
    let count = 0;
    while (count < 1000 && writeAtOnce(1, text) === text.length) count++;
    require('node:fs').writeSync(2, count + ' ' + writeAtOnce(1, text) + ' ' + writeAtOnce(2, text));`;
  const into = (reader: string) =>
    spawnSync('bash', ['-c', `"$0" -e "$1" | ${reader}`, process.execPath, script], {
      encoding: 'utf8',
      timeout: 20_000,
    });
  assert.match(into('sleep 1').stderr, /^[1-9]\d{0,2} 0 0$/);
  assert.equal(into('exec <&-; sleep 1').stderr, '0 0 0');
});

test('C++ checks for itself what TypeScript has checked', (t) => {
  const { Device, Job, crc32, crc32Records } = addon();
  const device = makeDevice(t, 4096);
  const native = new Device(device.path, false, false, 0, ...numbersOf(device.identity));
  const bytes = new Uint8Array(8);
  const wrong = [
    () => native.readInto(bytes, 4089),
    () => native.readInto(bytes, -1),
    () => native.readInto(bytes, 0.5),
    () => native.readInto(bytes, Number.NaN),
    () => native.readInto(bytes, '0' as never),
    () => native.readInto([] as never, 0),
    () => native.readInto(new Uint16Array(4) as never, 0),
    () => native.writeBack(0, 4097),
    () => native.invalidate(4096, 1),
    () => native.invalidate(0, Number.POSITIVE_INFINITY),
    () => native.lock('exclusive' as never, true),
    () => new Device(`${device.path}\0`, false, false, 0, 0n, 0n),
    () => new Device(device.path, false, false, 0, 0 as never, 0n),
    () => crc32('text' as never),
    () => crc32Records(bytes, 1, 1, 8, new Uint32Array(1)),
    () => crc32Records(bytes, 0, 1, 9, new Uint32Array(1)),
    () => crc32Records(bytes, 0, 4, 4, new Uint32Array(3)),
    () => crc32Records(bytes, 0, 4, 4, [] as never),
    () => new Job({} as never),
    () => new Job(undefined as never),
  ];
  for (const call of wrong) assert.throws(call, { name: 'DeviceError', code: 'EINVAL' }, String(call));
});

test('C++ checks for itself the jobs it is given', (t) => {
  const { Device, Job } = addon();
  const device = makeDevice(t, 4096);
  const readOnly = new Device(device.path, false, false, 0, ...numbersOf(device.identity));
  const closed = new Device(device.path, false, true, 0, ...numbersOf(device.identity));
  closed.close();
  const good = {
    operation: 'writeBack',
    devices: [readOnly],
    segments: Float64Array.of(0, 0, 0, 4096),
    fd: -1,
    seed: 0n,
    threads: 1,
    keepGoing: false,
    invalidate: false,
    traced: false,
    done: () => assert.fail('it must not have started'),
  } as const;
  const disguised = new Job({ ...good, devices: [readOnly], done: () => {} });
  Object.setPrototypeOf(disguised, Device.prototype);
  const wrong: [object, string][] = [
    [{ operation: 'format' }, 'EINVAL'],
    [{ devices: [Object.create(Device.prototype)] }, 'EINVAL'],
    [{ devices: [disguised] }, 'EINVAL'],
    [{ devices: readOnly }, 'EINVAL'],
    [{ devices: [{}] }, 'EINVAL'],
    [{ devices: [] }, 'EINVAL'],
    [{ devices: [closed] }, 'CLOSED'],
    [{ operation: 'zero' }, 'READ_ONLY'],
    [{ segments: [0, 0, 0, 1] }, 'EINVAL'],
    [{ segments: Float64Array.of(0, 0, 0) }, 'EINVAL'],
    [{ segments: Float64Array.of(1, 0, 0, 1) }, 'EINVAL'],
    [{ segments: Float64Array.of(0, 4096, 0, 1) }, 'EINVAL'],
    [{ segments: Float64Array.of(0, 0, 0, 4097) }, 'EINVAL'],
    [{ segments: Float64Array.of(0, 0, 0.5, 1) }, 'EINVAL'],
    [{ segments: Float64Array.of(0, Number.NaN, 0, 1) }, 'EINVAL'],
    [{ threads: 0 }, 'EINVAL'],
    [{ threads: 257 }, 'EINVAL'],
    [{ keepGoing: 1 }, 'EINVAL'],
    [{ traced: undefined }, 'EINVAL'],
    [{ seed: 1 }, 'EINVAL'],
    [{ seed: -1n }, 'EINVAL'],
    [{ seed: 2n ** 64n }, 'EINVAL'],
    [{ done: undefined }, 'EINVAL'],
    [{ operation: 'copyOut' }, 'EINVAL'],
    [{ operation: 'copyOut', fd: 1_000_000 }, 'EBADF'],
    [{ operation: 'copyOut', fd: 2 ** 32 }, 'EINVAL'],
    [{ operation: 'copyOut', fd: 2 ** 31 }, 'EINVAL'],
  ];
  for (const [change, code] of wrong) {
    assert.throws(
      () => new Job({ ...good, ...change } as never),
      { name: 'DeviceError', code },
      JSON.stringify(Object.keys(change)),
    );
  }
});

test('a device that became another file between looking and opening is ESTALE', (t) => {
  const { Device } = addon();
  const device = makeDevice(t, 4096);
  const [dev, inode] = numbersOf(device.identity);
  assert.throws(() => new Device(device.path, false, false, 0, dev, inode + 1n), {
    name: 'DeviceError',
    code: 'ESTALE',
  });
  assert.throws(() => new Device(device.path, false, false, 0, dev + 2n ** 64n, inode), { code: 'EINVAL' });
  assert.throws(() => new Device('/dev/zero', true, false, 4096, 1n, 3n), { code: 'ESTALE' });
  assert.throws(() => new Device('/dev/zero', false, false, 4096, 1n, 5n), { code: 'ESTALE' });
});

test('errors of the addon are the DeviceError of the thread that loaded it', async () => {
  assert.throws(() => addon().Job.call(undefined as never, {} as never), TypeError);
  const script = `
    const { workerData, parentPort } = require('node:worker_threads');
    import(workerData).then(({ MappedDevice, DeviceError, counters }) => {
      counters();
      try { MappedDevice.open('/dev/null/x', { writable: true }); } catch (error) { parentPort.postMessage(error instanceof DeviceError); }
    });`;
  const module = new URL('../../src/native/device.js', import.meta.url).href;
  for (let i = 0; i < 5; i++) {
    const worker = new Worker(script, { eval: true, workerData: module });
    assert.equal(await new Promise((resolve) => worker.once('message', resolve)), true);
    await worker.terminate();
  }
  assert.ok(new DeviceError({ code: 'CLOSED', path: 'x' }) instanceof Error);
});

function numbersOf(identity: string): [bigint, bigint] {
  const [, dev, inode] = identity.split(':');
  return [BigInt(dev!), BigInt(inode!)];
}

import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { MappedDevice } from '../../src/native/device.js';
import { makeFolder } from './scratch.js';

// /dev/zero (1:5) can be mapped shared, so a sysfs that calls it a dax device makes a device of it; /dev/null (1:3) cannot
const ZERO = { path: '/dev/zero', number: '1:5' };
const NULL = { path: '/dev/null', number: '1:3' };
const SIZE = 4 * 1024 * 1024;

/** A sysfs with the given files; a value that begins with '->' is a link. */
function makeSysfs(t: TestContext, files: Record<string, string>): string {
  const root = makeFolder(t);
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    if (content.startsWith('->')) symlinkSync(content.slice(2), path);
    else writeFileSync(path, `${content}\n`);
  }
  return root;
}

/** The layout of Linux 6. */
function modern(number: string, attributes: Record<string, string>): Record<string, string> {
  const home = 'devices/platform/hmem.0/dax0.0';
  const files: Record<string, string> = {
    [`${home}/subsystem`]: '->../../../../bus/dax',
    [`dev/char/${number}`]: `->../../${home}`,
    'bus/dax/devices/dax0.0': `->../../../${home}`,
  };
  for (const [name, value] of Object.entries(attributes)) files[`${home}/${name}`] = value;
  return files;
}

test('a dax device has its size and alignment from sysfs, and works like any other', (t) => {
  const sysfs = makeSysfs(t, modern(ZERO.number, { size: String(SIZE), align: '1073741824' }));
  const device = MappedDevice.open(ZERO.path, { writable: true, sysfs });
  t.after(() => device.close());
  assert.equal(device.kind, 'device');
  assert.equal(device.size, SIZE);
  assert.equal(device.align, 1073741824);
  assert.equal(device.identity, 'char:1:5');
  device.write(SIZE - 3, Buffer.from('end'));
  device.writeBack(SIZE - 3, 3);
  device.fence();
  assert.equal(device.read(SIZE - 3, 3).toString(), 'end');
});

test('if dev/char lacks the number, the device is found on the bus or in the class', (t) => {
  for (const list of ['bus/dax/devices/dax1.0', 'class/dax/dax1.0']) {
    const attributes = { [`${list}/dev`]: ZERO.number, [`${list}/size`]: '0x200000', [`${list}/align`]: '2097152' };
    const sysfs = makeSysfs(t, { 'bus/dax/devices/dax0.0/dev': '252:0', ...attributes });
    const device = MappedDevice.open(ZERO.path, { writable: true, sysfs });
    assert.equal(device.size, 0x200000);
    device.close();
  }
});

test('attributes that dev/char lacks are read from the bus; old kernels have the alignment in the region', (t) => {
  const sysfs = makeSysfs(t, {
    'devices/x/dax0.0/subsystem': '->../../../class/dax',
    [`dev/char/${ZERO.number}`]: '->../../devices/x/dax0.0',
    'bus/dax/devices/dax0.0/size': String(SIZE),
    'devices/x/dax0.0/device/dax_region/align': '4096',
  });
  const device = MappedDevice.open(ZERO.path, { writable: false, sysfs });
  assert.equal(device.size, SIZE);
  assert.equal(device.align, 4096);
  device.close();
});

test('without an alignment it is 2 MiB', (t) => {
  const sysfs = makeSysfs(t, modern(ZERO.number, { size: String(SIZE) }));
  const device = MappedDevice.open(ZERO.path, { writable: false, sysfs });
  assert.equal(device.align, 2 * 1024 * 1024);
  device.close();
});

test('a character device that is not a dax device is NOT_DAX', (t) => {
  assert.throws(() => MappedDevice.open('/dev/null', { writable: false }), { code: 'NOT_DAX', path: '/dev/null' });
  const files = modern(ZERO.number, { size: String(SIZE) });
  files['devices/platform/hmem.0/dax0.0/subsystem'] = '->../../../../class/mem';
  assert.throws(() => MappedDevice.open(ZERO.path, { writable: false, sysfs: makeSysfs(t, files) }), {
    code: 'NOT_DAX',
  });
  assert.throws(() => MappedDevice.open(ZERO.path, { writable: false, sysfs: '/nonexistent' }), { code: 'NOT_DAX' });
});

test('a dax device of size 0 is EMPTY', (t) => {
  const sysfs = makeSysfs(t, modern(ZERO.number, { size: '0' }));
  assert.throws(() => MappedDevice.open(ZERO.path, { writable: false, sysfs }), { code: 'EMPTY' });
});

test('a dax device bound to another driver is UNMAPPABLE, and the driver is named', (t) => {
  const files = modern(NULL.number, { size: String(SIZE), driver: '->../../../../bus/dax/drivers/fsdev_dax' });
  const open = () => MappedDevice.open(NULL.path, { writable: true, sysfs: makeSysfs(t, files) });
  assert.throws(open, { code: 'UNMAPPABLE', syscall: 'mmap', errno: 19, message: /driver fsdev_dax holds it/ });
});

test('a block device is NOT_A_DEVICE', (t) => {
  const candidates = ['/dev/vda', '/dev/sda', '/dev/nvme0n1', '/dev/loop0', '/dev/ram0'];
  const codes = candidates.map((path) => {
    try {
      MappedDevice.open(path, { writable: false }).close();
      return 'opened';
    } catch (error) {
      return (error as { code: string }).code;
    }
  });
  if (codes.every((code) => code === 'ENOENT')) t.skip('no block device here');
  else
    assert.ok(
      codes.every((code) => code === 'ENOENT' || code === 'NOT_A_DEVICE'),
      codes.join(),
    );
});

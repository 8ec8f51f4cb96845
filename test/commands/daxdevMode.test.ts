/** daxdev mode on a fake sysfs tree, where a timer does what a kernel does on writes to bind, unbind and new_id. */
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Sandbox } from '../support/sandbox.js';

const sandbox = new Sandbox();
const root = sandbox.env.FAMFS_SYSROOT as string;
const bus = join(root, 'sys/bus/dax');
/** devices with drivers that fail to bind them, and what was written to which file */
let broken: string[] = [];
let written: string[] = [];

function link(device: string): string {
  return join(bus, 'devices', device, 'driver');
}

function driverOf(device: string): string | null {
  try {
    return basename(readlinkSync(link(device)));
  } catch {
    return null;
  }
}

/** Acts on writes as the kernel does. */
function kernel(): void {
  for (const driver of readdirSync(join(bus, 'drivers'))) {
    for (const file of ['unbind', 'bind', 'new_id']) {
      const path = join(bus, 'drivers', driver, file);
      const device = readFileSync(path, 'utf8');
      if (device === '') continue;
      writeFileSync(path, '');
      written.push(`${driver}/${file} ${device}`);
      if (file === 'unbind' && driverOf(device) === driver) rmSync(link(device));
      if (file === 'bind' && driverOf(device) === null && !broken.includes(`${device} ${driver}`))
        symlinkSync(`../../../bus/dax/drivers/${driver}`, link(device));
    }
  }
}

const timer = setInterval(() => {
  try {
    kernel();
  } catch {
    // the tree is being replaced
  }
}, 1);
after(() => clearInterval(timer));

beforeEach(() => {
  rmSync(root, { recursive: true, force: true });
  broken = [];
  written = [];
  for (const driver of ['device_dax', 'fsdev_dax', 'kmem']) {
    mkdirSync(join(bus, 'drivers', driver), { recursive: true });
    for (const file of ['bind', 'unbind', 'new_id']) writeFileSync(join(bus, 'drivers', driver, file), '');
  }
  for (const [device, driver] of [
    ['dax0.0', 'device_dax'],
    ['dax1.0', 'fsdev_dax'],
    ['dax2.0', 'kmem'],
    ['dax10.0', null],
  ] as const) {
    mkdirSync(join(bus, 'devices', device), { recursive: true });
    writeFileSync(join(bus, 'devices', device, 'size'), '4294967296\n');
    if (driver !== null) symlinkSync(`../../../bus/dax/drivers/${driver}`, link(device));
  }
});

const set = (mode: string, ...devices: string[]) => ['daxdev', 'mode', '--set-daxmode', mode, ...devices];

function mount(source: string): void {
  mkdirSync(join(root, 'proc'), { recursive: true });
  writeFileSync(join(root, 'proc/mounts'), `${source} /mnt/famfs famfs rw 0 0\n`);
}

test('each device is listed with its driver', async () => {
  const { daxdevs } = await sandbox.json<{
    daxdevs: { name: string; mode: string; driver: string | null; size: number }[];
  }>(['daxdev', 'mode']);
  assert.deepEqual(
    daxdevs.map(({ name, mode, driver, size }) => [name, mode, driver, size]),
    [
      ['dax0.0', 'devdax', 'device_dax', 2 ** 32],
      ['dax1.0', 'famfs', 'fsdev_dax', 2 ** 32],
      ['dax2.0', 'system-ram', 'kmem', 2 ** 32],
      ['dax10.0', 'unbound', null, 2 ** 32],
    ],
  );
  assert.match(await sandbox.ok(['daxdev', 'mode', '/dev/dax10.0']), /dax10\.0 +unbound +-/);
});

test('devices are switched both ways, and from no driver; one that has the mode is left alone', async () => {
  await sandbox.ok(set('famfs', 'dax0.0', 'dax0.0'));
  assert.equal(driverOf('dax0.0'), 'fsdev_dax');
  await sandbox.ok(set('devdax', '/dev/dax0.0', 'dax1.0', 'dax10.0'));
  assert.deepEqual(['dax0.0', 'dax1.0', 'dax10.0'].map(driverOf), ['device_dax', 'device_dax', 'device_dax']);
  written = [];
  assert.match(await sandbox.ok(set('devdax', 'dax0.0')), /was devdax already/);
  assert.deepEqual(written, []);
});

test('if a device cannot be switched, all get their drivers back', async () => {
  broken = ['dax10.0 fsdev_dax'];
  const { code, message } = await sandbox.error(set('famfs', 'dax0.0', 'dax10.0'));
  assert.equal(code, 'DAXMODE');
  assert.match(message, /every device has its old driver again/);
  assert.deepEqual(['dax0.0', 'dax10.0'].map(driverOf), ['device_dax', null]);
});

test('if a driver cannot be given back, the error names the devices', async () => {
  broken = ['dax0.0 fsdev_dax', 'dax0.0 device_dax'];
  const { code, message } = await sandbox.error(set('famfs', 'dax0.0'));
  assert.equal(code, 'DAXMODE');
  assert.match(message, /did not get their old driver back: dax0\.0/);
});

test('a signal during the switch does not leave a device without a driver', async () => {
  const controller = new AbortController();
  let ended = false;
  const running = sandbox.run(set('famfs', 'dax0.0'), { signal: controller.signal }).finally(() => {
    ended = true;
  });
  // a signal that nobody listens to ends the program
  const isHeard = () => getEventListeners(controller.signal, 'abort').length > 0;
  while (!ended && !isHeard()) await setImmediate();
  assert.ok(isHeard());
  controller.abort(new Error('stop'));
  await running;
  assert.equal(driverOf('dax0.0'), 'fsdev_dax');
});

test('a device in use is refused before anything is touched', async () => {
  mount('/dev/dax0.0');
  assert.equal((await sandbox.error(set('famfs', 'dax10.0', 'dax0.0'))).code, 'MOUNTED');
  // any famfs mount may belong to a pool with this secondary
  assert.equal((await sandbox.error(set('devdax', 'dax1.0'))).code, 'MOUNTED');
  rmSync(join(root, 'proc'), { recursive: true });
  assert.equal((await sandbox.error(set('devdax', 'dax10.0', 'dax2.0'))).code, 'DAXMODE_RAM');
  rmSync(join(bus, 'drivers/fsdev_dax'), { recursive: true });
  assert.equal((await sandbox.error(set('famfs', 'dax10.0', 'dax0.0'))).code, 'NO_DRIVER');
  assert.deepEqual(written, []);
});

test('wrong use', async () => {
  assert.equal((await sandbox.error(['daxdev', 'mode', 'dax9.9'])).code, 'NO_DAXDEV');
  assert.equal((await sandbox.run(set('famfs'))).exitCode, 2);
  assert.equal((await sandbox.run(set('system-ram', 'dax0.0'))).exitCode, 2);
  rmSync(bus, { recursive: true });
  assert.deepEqual(await sandbox.json(['daxdev', 'mode']), { formatVersion: 1, daxdevs: [] });
});

/** A process of the fake /proc. */
function process(pid: number, name: string, ...maps: string[]): void {
  const folder = join(root, 'proc', String(pid));
  mkdirSync(join(folder, 'map_files'), { recursive: true });
  writeFileSync(join(folder, 'comm'), `${name}\n`);
  writeFileSync(join(folder, 'maps'), `${maps.join('\n')}\n`);
}

test('a device that a process maps is refused, with the name of the process', async () => {
  process(41, 'other', '7f00-7f10 r-xp 00000000 fe:00 12                         /usr/lib/libc.so.6');
  process(42, 'qemu', '7f00-7f80 rw-s 00000000 00:06 500                        /dev/dax0.0');
  for (const argv of [set('famfs', 'dax0.0'), set('famfs', 'dax10.0', 'dax0.0')]) {
    const { code, message } = await sandbox.error(argv);
    assert.deepEqual([code, message], ['MAPPED', 'dax0.0 is mapped by process 42 (qemu)']);
  }
  assert.deepEqual(written, []);
  await sandbox.ok(set('famfs', 'dax10.0'));
});

test('a mapping by another node of the device counts too', async () => {
  // /dev/zero, 1:5, stands in for the device
  writeFileSync(join(bus, 'devices/dax0.0/dev'), '1:5\n');
  process(43, 'copy', '7f00-7f80 rw-s 00000000 00:06 500                        /srv/node (deleted)');
  await sandbox.ok(set('famfs', 'dax10.0'));
  symlinkSync('/dev/zero', join(root, 'proc/43/map_files/7f00-7f80'));
  assert.match((await sandbox.error(set('famfs', 'dax0.0'))).message, /mapped by process 43 \(copy\)/);
});

test('a private mapping, and one of a device that has the mode already, are no reason', async () => {
  process(44, 'reader', '7f00-7f80 r--p 00000000 00:06 500                        /dev/dax0.0');
  await sandbox.ok(set('famfs', 'dax0.0'));
  process(45, 'user', '7f00-7f80 rw-s 00000000 00:06 500                        /dev/dax0.0');
  assert.match(await sandbox.ok(set('famfs', 'dax0.0')), /was famfs already/);
});

import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, type TestOptions, test } from 'node:test';
import { MappedDevice, useCalls } from '../../src/native/device.js';

/** A folder for one test, in /dev/shm if it exists, removed when the test ends. */
export function makeFolder(t: TestContext, parent = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()): string {
  const folder = mkdtempSync(join(parent, 'famfs-native-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A sparse file of `size` bytes, or a file of the given content. */
export function makeFile(t: TestContext, content: number | Uint8Array): string {
  const path = join(makeFolder(t), 'image');
  writeFileSync(path, typeof content === 'number' ? '' : content);
  if (typeof content === 'number') truncateSync(path, content);
  return path;
}

/** A file of `size` zero bytes, open and mapped; closed when the test ends. */
export function makeDevice(t: TestContext, size: number): MappedDevice {
  const device = MappedDevice.open(makeFile(t, size), { writable: true });
  t.after(() => device.close());
  return device;
}

/** Has files be used as the memory of devices is, until the test ends. */
export function useAsDevices(t: TestContext): void {
  t.after(() => useCalls(true));
  useCalls(false);
}

/** A test of what is stored by system calls, as to an image, and another one of what is stored to memory, as to a device. */
export function testBothStores(name: string, options: TestOptions, body: (t: TestContext) => Promise<void>): void {
  for (const calls of [true, false]) {
    test(`${name}, by ${calls ? 'system calls' : 'stores to memory'}`, options, async (t) => {
      if (!calls) useAsDevices(t);
      await body(t);
    });
  }
}

/** Makes memory unreachable: the pages of the mapping beyond `size` lose their file. */
export function cutShort(device: MappedDevice, size: number): void {
  truncateSync(device.path, size);
}

/** A file descriptor, closed when the test ends. */
export function openFile(t: TestContext, path: string, flags: string): number {
  const fd = openSync(path, flags);
  t.after(() => closeSync(fd));
  return fd;
}

export function readImage(device: MappedDevice): Buffer {
  return readFileSync(device.path);
}

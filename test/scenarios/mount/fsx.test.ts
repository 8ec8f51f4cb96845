/** Random reads, writes and mappings of files in a mount, against a model: what fsx does, with sizes that never change. */
import assert from 'node:assert/strict';
import { closeSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { MappedDevice } from '../../../src/native/device.js';
import { FAMFS } from '../../support/famfs.js';
import { PoolSandbox } from '../../support/pool.js';
import { Random } from '../../support/random.js';
import { makeMountPoint, mount, needsFuse, runBytes, unmount } from '../../support/realMount.js';

const LONG = process.env.FAMFS_TEST_LONG !== undefined;
const OPERATIONS = LONG ? 50_000 : 500;
/** not a multiple of a page, a strip or an allocation unit; the striped file has several rows of strips */
const SIZE = 5_000_011;

const sandbox = new PoolSandbox();
await sandbox.makePool(64, 64);
await sandbox.ok(['creat', '-s', String(SIZE), '--zero', '--simple', 'plain']);
await sandbox.ok(['creat', '-s', String(SIZE), '--zero', '--stripes', '2', '--chunk', '2M', 'striped']);

const RUNS = [
  { file: 'plain', cache: 'auto' },
  { file: 'striped', cache: 'none' },
  { file: 'striped', cache: 'auto' },
  { file: 'plain', cache: 'none' },
] as const;

for (const { file, cache } of LONG ? RUNS : RUNS.slice(0, 2))
  test(`random reads, writes and mappings agree with a model: ${file}, cache ${cache}`, needsFuse(), (t) => {
    const point = makeMountPoint(sandbox);
    mount(sandbox, point, '--cache', cache);
    const model = memoryOf(file);
    exercise(t, join(point, file), model, cache === 'none');
    unmount(sandbox, point);
    const place = firstDifference(memoryOf(file), model);
    assert.equal(place, -1, `the memory differs from the model at byte ${place}`);
  });

/** All bytes of a file, read from the pool without the mount. */
function memoryOf(file: string): Buffer {
  return runBytes(sandbox, FAMFS, ['cat', file]);
}

/**
 * One process reads, writes, loads and stores, each range at random.
 * @param direct read(2) does not use the page cache, so that what a mapping stored must be written back before it
 */
function exercise(t: TestContext, path: string, model: Buffer, direct: boolean): void {
  const random = new Random(t);
  const fd = openSync(path, 'r+');
  const mapping = MappedDevice.open(path, { writable: true });
  let dirty = false;
  const writeBack = () => {
    if (dirty) fsyncSync(fd);
    dirty = false;
  };
  const operations: Readonly<Record<string, (offset: number, length: number) => Buffer | undefined>> = {
    read: (offset, length) => {
      if (direct) writeBack();
      const bytes = Buffer.alloc(length);
      // the end of the file cuts a read short
      assert.equal(readSync(fd, bytes, 0, length, offset), Math.min(length, SIZE - offset));
      return bytes.subarray(0, SIZE - offset);
    },
    load: (offset, length) => mapping.read(offset, Math.min(length, SIZE - offset)),
    write: (offset, length) => {
      if (direct) writeBack();
      const bytes = random.bytes(Math.min(length, SIZE - offset));
      assert.equal(writeSync(fd, bytes, 0, bytes.length, offset), bytes.length);
      bytes.copy(model, offset);
      return undefined;
    },
    store: (offset, length) => {
      const bytes = random.bytes(Math.min(length, SIZE - offset));
      mapping.write(offset, bytes);
      bytes.copy(model, offset);
      dirty = true;
      return undefined;
    },
    fsync: () => {
      writeBack();
      return undefined;
    },
  };
  const names = Object.keys(operations);
  for (let i = 0; i < OPERATIONS; i++) {
    const name = random.pick(names);
    const offset = random.below(SIZE);
    const length = 1 + random.below(random.pick([16, 5000, 100_000]));
    const seen = operations[name]?.(offset, length);
    if (seen === undefined) continue;
    const place = firstDifference(seen, model.subarray(offset, offset + seen.length));
    assert.equal(place, -1, `operation ${i}: ${name} of ${length} bytes at ${offset} differs at byte ${place} of it`);
  }
  writeBack();
  mapping.close();
  closeSync(fd);
}

/** -1 if there is none. */
function firstDifference(found: Buffer, wanted: Buffer): number {
  if (found.equals(wanted)) return -1;
  const place = found.findIndex((byte, i) => byte !== wanted[i]);
  return place === -1 ? found.length : place;
}

import assert from 'node:assert/strict';
import { existsSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { MappedDevice } from '../../src/native/device.js';
import { makeFolder } from './scratch.js';

const MIB = 1 << 20;

for (const parent of ['/dev/shm', tmpdir()])
  test(`what another process has stored through its mapping is no hole, written back or not: ${parent}`, (t) => {
    const path = join(makeFolder(t, existsSync(parent) ? parent : undefined), 'image');
    writeFileSync(path, '');
    truncateSync(path, 16 * MIB);
    const open = () => {
      const device = MappedDevice.open(path, { writable: true });
      t.after(() => device.close());
      return device;
    };
    const [reader, writer] = [open(), open()];
    assert.ok(reader.isHole(0, 16 * MIB));
    writer.write(9 * MIB + 77, Buffer.of(1));
    for (const [offset, length, expected] of [
      [0, 16 * MIB, false],
      [9 * MIB + 77, 1, false],
      [9 * MIB, MIB, false],
      [0, 8 * MIB, true],
      [12 * MIB, 4 * MIB, true],
    ] as const)
      assert.equal(reader.isHole(offset, length), expected, `${offset} ${length}`);
    assert.throws(() => reader.isHole(16 * MIB, 1), RangeError);
    // memory that is gone is not zero
    truncateSync(path, 12 * MIB);
    assert.ok(!reader.isHole(12 * MIB, 4 * MIB));
    assert.ok(!reader.isHole(11 * MIB, 2 * MIB));
  });

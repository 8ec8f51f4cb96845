/** From the memory of one device to that of others. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runBulk } from '../../src/native/bulk.js';
import { MappedDevice } from '../../src/native/device.js';
import { Random } from '../support/random.js';
import { gather, scatter, strays } from './layout.js';
import { cutShort, makeDevice, makeFile } from './scratch.js';

const MIB = 1024 * 1024;
const PAGE = 4096;

test('memory is copied and compared, wherever its segments are', async (t) => {
  const random = new Random(t);
  for (const threads of [1, 3]) {
    const layout = scatter(t, random, 50, 400_000);
    const { devices, segments, size } = layout;
    const bytes = random.bytes(size);
    const source = MappedDevice.open(makeFile(t, bytes), { writable: false });
    t.after(() => source.close());
    const job = { devices, segments, source, threads, invalidate: true };
    const done = { bytes: size, faults: [], cancelled: false };
    assert.deepEqual(await runBulk({ operation: 'copyMemory', ...job }), done);
    assert.equal(Buffer.compare(gather(layout), bytes), 0);
    assert.deepEqual(strays(layout), [-1, -1, -1]);
    assert.deepEqual(await runBulk({ operation: 'compareMemory', ...job }), done);
    const { device, offset, fileOffset } = segments.find(({ length }) => length > 0)!;
    const expected = bytes[fileOffset]!;
    devices[device]!.write(offset, Buffer.of(expected ^ 1));
    const { difference } = await runBulk({ operation: 'compareMemory', ...job });
    assert.deepEqual(difference, { device, offset, fileOffset, expected, found: expected ^ 1 });
  }
});

test('a source that ends, or that cannot be read, is a fault at the other end, and what is before it is stored', async (t) => {
  const source = makeDevice(t, 2 * MIB);
  source.write(0, Buffer.alloc(2 * MIB, 7));
  const target = makeDevice(t, 4 * MIB);
  const segments = [{ device: 0, offset: MIB, fileOffset: MIB, length: 2 * MIB }];
  const job = { devices: [target], segments, source, threads: 1 };
  const { faults } = await runBulk({ operation: 'copyMemory', ...job });
  const fault = { device: 0, side: 'file', action: 'read' } as const;
  assert.deepEqual(faults, [{ ...fault, offset: 2 * MIB, fileOffset: 2 * MIB, length: 128 * 1024, code: 'EUNDERRUN' }]);
  assert.ok(target.read(MIB, MIB).every((byte) => byte === 7));
  cutShort(source, MIB + 3 * PAGE);
  const lost = await runBulk({ operation: 'compareMemory', ...job, invalidate: true });
  const [first] = lost.faults;
  assert.deepEqual([first?.code, first?.side, first?.fileOffset], ['SIGBUS', 'file', MIB + 3 * PAGE]);
  assert.deepEqual([lost.bytes, lost.difference], [3 * PAGE, undefined]);
  const rest = await runBulk({ operation: 'copyMemory', ...job, keepGoing: true });
  assert.equal(rest.bytes + rest.faults.reduce((sum, { length }) => sum + length, 0), 2 * MIB);
});

test('a job needs an open source, and devices that can be written', async (t) => {
  const [source, closed] = [makeDevice(t, MIB), makeDevice(t, MIB)];
  closed.close();
  const devices = [makeDevice(t, MIB)];
  const segments = [{ device: 0, offset: 0, fileOffset: 0, length: MIB }];
  await assert.rejects(runBulk({ operation: 'copyMemory', devices, segments, source: closed }), { code: 'CLOSED' });
  const readOnly = MappedDevice.open(makeFile(t, MIB), { writable: false });
  t.after(() => readOnly.close());
  await assert.rejects(runBulk({ operation: 'copyMemory', devices: [readOnly], segments, source }), {
    code: 'READ_ONLY',
  });
});

/** What an observer sees of bulk jobs: everything that their threads store, write back and fence. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runBulk } from '../../src/native/bulk.js';
import { counters, type MappedDevice, observeMemory, resetCounters } from '../../src/native/device.js';
import { Random } from '../support/random.js';
import { type Layout, scatter } from './layout.js';
import { cutShort, makeDevice, makeFile, openFile, testBothStores } from './scratch.js';

const LINE = 64;
const MIB = 1024 * 1024;

type Observed = readonly [kind: 'store' | 'writeBack' | 'fence', device: MappedDevice | undefined, ...range: number[]];

/** What the threads of a job did, thread by thread. */
async function watch(work: () => Promise<unknown>): Promise<Observed[][]> {
  const threads = new Map<number, Observed[]>();
  const note = (thread: number, observed: Observed) => threads.set(thread, [...(threads.get(thread) ?? []), observed]);
  observeMemory({
    write: (device, offset, bytes, thread) => {
      assert.ok(device.read(offset, bytes.length).equals(bytes));
      note(thread, ['store', device, offset, bytes.length]);
    },
    writeBack: (device, offset, length, thread) => note(thread, ['writeBack', device, offset, length]),
    fence: (device, thread) => note(thread, ['fence', device]),
  });
  try {
    await work();
  } finally {
    observeMemory(undefined);
  }
  assert.ok(!threads.has(0), 'these are no steps of this thread');
  return [...threads.values()];
}

/** Every byte of the layout must have been stored once, and nothing else, and written back and fenced by the same thread. */
function judge({ devices, segments }: Layout, observed: readonly Observed[][]): void {
  const stored = devices.map(({ size }) => Buffer.alloc(size));
  for (const steps of observed) {
    const waiting = new Set<string>();
    for (const [kind, device, offset = 0, length = 0] of steps) {
      const index = devices.indexOf(device as MappedDevice);
      for (let at = offset; kind === 'store' && at < offset + length; at++) stored[index]![at]! += 1;
      for (let line = Math.floor(offset / LINE); line * LINE < offset + length; line++) {
        if (kind === 'store') waiting.add(`${index} ${line}`);
        else waiting.delete(`${index} ${line}`);
      }
    }
    assert.deepEqual([...waiting], [], 'stored and not written back');
    assert.equal(steps.at(-1)?.[0], 'fence');
  }
  for (const { device, offset, length } of segments) {
    assert.ok(stored[device]!.subarray(offset, offset + length).every((times) => times === 1));
    stored[device]!.fill(0, offset, offset + length);
  }
  assert.ok(
    stored.every((times) => times.every((byte) => byte === 0)),
    'stored beside the segments',
  );
}

testBothStores('an observer sees each store of a bulk job, with its write-back and fence', {}, async (t) => {
  const random = new Random(t);
  const layout = scatter(t, random, 30, 300_000);
  const { devices, segments, size } = layout;
  const fd = openFile(t, makeFile(t, random.bytes(size)), 'r');
  const pipe = openFile(t, makeFile(t, random.bytes(size)), 'r');
  for (const threads of [1, 3]) {
    const jobs = [
      () => runBulk({ operation: 'copyIn', devices, segments, fd, threads }),
      () => runBulk({ operation: 'fillPattern', devices, segments, seed: 5, threads }),
      () => runBulk({ operation: 'zero', devices, segments, threads }),
    ];
    for (const job of jobs) {
      resetCounters();
      const observed = await watch(job);
      judge(layout, observed);
      const stores = observed.flat().filter(([kind]) => kind === 'store');
      const bytes = stores.reduce((sum, [, , , length = 0]) => sum + length, 0);
      assert.deepEqual([bytes, observed.flat().filter(([kind]) => kind === 'fence').length], [size, counters().fences]);
      assert.equal(bytes, counters().bytesStored);
    }
  }
  judge(layout, await watch(() => runBulk({ operation: 'copyInStream', devices, segments, fd: pipe })));
});

test('a job that only reads or writes back stores nothing', async (t) => {
  const device = makeDevice(t, MIB);
  const segments = [{ device: 0, offset: 100, fileOffset: 0, length: 300_000 }];
  const fd = openFile(t, makeFile(t, 0), 'r+');
  assert.deepEqual(await watch(() => runBulk({ operation: 'copyOut', devices: [device], segments, fd, threads: 1 })), [
    [['fence', undefined]],
  ]);
  const [steps] = await watch(() => runBulk({ operation: 'writeBack', devices: [device], segments, threads: 1 }));
  const length = steps?.reduce((sum, [kind, , , bytes = 0]) => sum + (kind === 'writeBack' ? bytes : 0), 0);
  assert.deepEqual([length, steps?.some(([kind]) => kind === 'store')], [300_000, false]);
});

test('an observer sees what a job stores around bad memory', async (t) => {
  const device = makeDevice(t, MIB);
  cutShort(device, 8192);
  const segments = [{ device: 0, offset: 0, fileOffset: 0, length: 16384 }];
  const observed = await watch(() =>
    runBulk({ operation: 'zero', devices: [device], segments, threads: 1, keepGoing: true }),
  );
  const stores = observed.flat().filter(([kind]) => kind === 'store');
  assert.deepEqual(
    stores.map(([, , offset, length]) => [offset, length]),
    [
      [0, 4096],
      [4096, 4096],
    ],
  );
});

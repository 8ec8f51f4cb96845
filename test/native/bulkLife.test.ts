import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { runBulk } from '../../src/native/bulk.js';
import { MappedDevice } from '../../src/native/device.js';
import { ending, said, startNode } from './child.js';
import { makeDevice } from './scratch.js';

const MIB = 1024 * 1024;

/** The same 16 MiB over and over: work for as long as needed, in little memory. */
function repeat(times: number) {
  return Array.from({ length: times }, () => ({ device: 0, offset: 0, fileOffset: 0, length: 16 * MIB }));
}

const TIMES = 100_000;

test('aborting its signal soon cancels a job', async (t) => {
  const device = makeDevice(t, 16 * MIB);
  for (const threads of [1, 4]) {
    const controller = new AbortController();
    const running = runBulk({
      operation: 'fillPattern',
      devices: [device],
      segments: repeat(TIMES),
      seed: 1,
      threads,
      signal: controller.signal,
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    controller.abort();
    const { cancelled, bytes, faults } = await running;
    assert.deepEqual([cancelled, faults], [true, []]);
    assert.ok(bytes > 0 && bytes < TIMES * 16 * MIB * 0.1, 'soon: the whole job takes minutes');
  }
});

test('a signal aborted before the start prevents the job', async (t) => {
  const device = makeDevice(t, 16 * MIB);
  device.write(0, Buffer.of(1));
  const result = await runBulk({
    operation: 'zero',
    devices: [device],
    segments: repeat(1),
    signal: AbortSignal.abort(),
  });
  assert.deepEqual(result, { bytes: 0, faults: [], cancelled: true });
  assert.equal(device.read(0, 1)[0], 1);
  assert.equal(
    (
      await runBulk({
        operation: 'copyInStream',
        devices: [device],
        segments: repeat(1),
        fd: 0,
        signal: AbortSignal.abort(),
      })
    ).cancelled,
    true,
  );
});

test('a signal that outlives its job does not keep it alive', async (t) => {
  const device = makeDevice(t, 16 * MIB);
  const { signal } = new AbortController();
  let listeners = 0;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
    listeners++;
    addEventListener.apply(signal, args);
  };
  signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
    listeners--;
    removeEventListener.apply(signal, args);
  };
  await runBulk({ operation: 'zero', devices: [device], segments: repeat(1), signal });
  assert.equal(listeners, 0);
});

test('progress arrives a few times a second, grows, and ends with the total', async (t) => {
  const device = makeDevice(t, 16 * MIB);
  const seen: number[] = [];
  const start = performance.now();
  const controller = new AbortController();
  const { bytes } = await runBulk({
    operation: 'fillPattern',
    devices: [device],
    segments: repeat(100_000),
    seed: 1,
    signal: controller.signal,
    onProgress: (done) => {
      if (seen.push(done) === 4) controller.abort();
    },
  });
  const seconds = (performance.now() - start) / 1000;
  assert.ok(seen.length >= 4 && seen.length <= 6 * seconds + 2, `${seen.length} in ${seconds} s`);
  assert.deepEqual(
    seen,
    [...seen].sort((a, b) => a - b),
  );
  assert.equal(seen.at(-1), bytes);
});

test('a job survives the closing of its device', async (t) => {
  const device = makeDevice(t, 16 * MIB);
  assert.equal(device.lock('exclusive', false), true);
  const running = runBulk({ operation: 'fillPattern', devices: [device], segments: repeat(200), seed: 6, threads: 2 });
  device.close();
  assert.throws(() => device.read(0, 1), { code: 'CLOSED' });
  const other = MappedDevice.open(device.path, { writable: false });
  t.after(() => other.close());
  assert.equal(other.lock('shared', false), false, 'the job holds the lock yet');
  assert.deepEqual(await running, { bytes: 200 * 16 * MIB, faults: [], cancelled: false });
  assert.equal(other.lock('shared', false), true);
  assert.equal(
    (await runBulk({ operation: 'verifyPattern', devices: [other], segments: repeat(1), seed: 6 })).difference,
    undefined,
  );
});

test('a closed device refuses jobs', async (t) => {
  const device = makeDevice(t, 16 * MIB);
  device.close();
  await assert.rejects(runBulk({ operation: 'zero', devices: [device], segments: repeat(1) }), {
    name: 'DeviceError',
    code: 'CLOSED',
  });
});

test('many jobs at once do not disturb each other', async (t) => {
  const devices = Array.from({ length: 12 }, () => makeDevice(t, 2 * MIB));
  const segments = [{ device: 0, offset: 0, fileOffset: 0, length: 2 * MIB }];
  await Promise.all(
    devices.map((device, i) => runBulk({ operation: 'fillPattern', devices: [device], segments, seed: i, threads: 2 })),
  );
  const checks = await Promise.all(
    devices.map((device, i) =>
      runBulk({ operation: 'verifyPattern', devices: [device], segments, seed: i, threads: 2 }),
    ),
  );
  for (const { bytes, difference } of checks) assert.deepEqual([bytes, difference], [2 * MIB, undefined]);
  const crossed = await runBulk({ operation: 'verifyPattern', devices: [devices[0]!], segments, seed: 1 });
  assert.equal(crossed.difference?.fileOffset, 0);
});

test('a refused job says why, even if it is watched or aborted', async (t) => {
  const device = makeDevice(t, MIB);
  const watched = { onProgress: () => assert.fail('nothing is under way'), signal: AbortSignal.timeout(1) };
  const segments = [{ device: 0, offset: 0, fileOffset: 0, length: MIB }];
  await assert.rejects(runBulk({ operation: 'copyInStream', devices: [device], segments, fd: 1_000_000, ...watched }), {
    name: 'DeviceError',
    code: 'EBADF',
  });
  device.close();
  const controller = new AbortController();
  const refused = runBulk({ operation: 'zero', devices: [device], segments, ...watched, signal: controller.signal });
  controller.abort();
  await assert.rejects(refused, { name: 'DeviceError', code: 'CLOSED' });
});

const ENDLESS = `
  const device = MappedDevice.open(path, { writable: true });
  const segments = Array.from({ length: 100000 }, () => ({ device: 0, offset: 0, fileOffset: 0, length: device.size }));
  const running = bulk.runBulk({ operation: 'fillPattern', devices: [device], segments, seed: 1, threads: 2 });
`;

test('a process can exit while a job runs', async (t) => {
  const device = makeDevice(t, 16 * MIB);
  const child = startNode(`${ENDLESS} setTimeout(() => process.exit(3), 100);`, device.path);
  const start = performance.now();
  assert.equal(await ending(child), 3);
  assert.ok(performance.now() - start < 60_000, 'the whole job takes minutes');
});

test('a job keeps the process alive until it ends', async (t) => {
  const device = makeDevice(t, 16 * MIB);
  const segments = '[{ device: 0, offset: 0, fileOffset: 0, length: device.size }]';
  const child = startNode(
    `const device = MappedDevice.open(path, { writable: true });
     bulk.runBulk({ operation: 'zero', devices: [device], segments: ${segments} }).then(({ bytes }) => console.log(bytes));`,
    device.path,
  );
  const ended = ending(child);
  assert.equal(await said(child), String(16 * MIB));
  assert.equal(await ended, 0);
});

test('a signal reaches JavaScript while a job runs', async (t) => {
  const device = makeDevice(t, 16 * MIB);
  const child = startNode(`${ENDLESS} process.on('SIGTERM', () => process.exit(9)); console.log('on');`, device.path);
  const ended = ending(child);
  await said(child);
  child.kill('SIGTERM');
  assert.equal(await ended, 9);
});

test('a worker thread can be terminated while its job runs, time after time', async (t) => {
  const device = makeDevice(t, 16 * MIB);
  const native = new URL('../../src/native/', import.meta.url).href;
  const script = `
    const { workerData: { native, path }, parentPort } = require('node:worker_threads');
    (async () => {
      const { MappedDevice } = await import(native + 'device.js');
      const bulk = await import(native + 'bulk.js');
      ${ENDLESS}
      parentPort.postMessage('on');
    })();`;
  for (let round = 0; round < 8; round++) {
    const worker = new Worker(script, { eval: true, workerData: { native, path: device.path } });
    await new Promise((resolve) => worker.once('message', resolve));
    const start = performance.now();
    await worker.terminate();
    assert.ok(performance.now() - start < 60_000, 'the whole job takes minutes');
  }
  // no job stores anything any more
  const zeros = Buffer.alloc(device.size);
  device.write(0, zeros);
  assert.equal(Buffer.compare(device.read(0, device.size), zeros), 0);
});

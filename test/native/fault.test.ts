import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { DeviceError, type MappedDevice } from '../../src/native/device.js';
import { Random } from '../support/random.js';
import { ending, said, startNode } from './child.js';
import { cutShort, makeDevice } from './scratch.js';

const MIB = 1024 * 1024;

function expectFault(device: MappedDevice, syscall: string, offset: number, touch: () => void): void {
  assert.throws(touch, (error) => {
    assert.ok(error instanceof DeviceError, String(error));
    assert.equal(error.code, 'SIGBUS');
    assert.equal(error.syscall, syscall);
    assert.equal(error.path, device.path);
    assert.equal(error.offset, offset);
    assert.ok(error.message.includes(`0x${offset.toString(16)}`), error.message);
    return true;
  });
}

test('lost memory is an error with its offset, in every operation', (t) => {
  const device = makeDevice(t, 4 * MIB);
  cutShort(device, MIB);
  const at = 3 * MIB + 64;
  expectFault(device, 'read', at, () => device.read(at, 10));
  expectFault(device, 'read', at, () => device.read(at, 8));
  expectFault(device, 'read', at, () => device.readInto(new Uint8Array(16), at));
  expectFault(device, 'write', at, () => device.write(at, Buffer.alloc(5)));
  expectFault(device, 'write', at, () => device.write(at, Buffer.alloc(8)));
  expectFault(device, 'write', at, () => device.write(at, Buffer.alloc(16)));
  expectFault(device, 'write', at, () => device.persist(at, Buffer.alloc(16)));
  expectFault(device, 'writeBack', at, () => device.writeBack(at, 64));
  expectFault(device, 'invalidate', at, () => device.invalidate(at, 64));
  device.fence();
});

test('bytes before the fault stay accessible, and all are once the memory is back', (t) => {
  const device = makeDevice(t, 4 * MIB);
  device.write(MIB - 4, Buffer.from('last'));
  cutShort(device, MIB);
  assert.equal(device.read(MIB - 4, 4).toString(), 'last');
  expectFault(device, 'read', MIB, () => device.read(MIB - 4, 5));
  cutShort(device, 4 * MIB);
  device.write(2 * MIB, Buffer.from('again'));
  assert.equal(device.read(2 * MIB, 5).toString(), 'again');
});

test('faults can occur thousands of times, at any place', (t) => {
  const random = new Random(t);
  const device = makeDevice(t, 4 * MIB);
  cutShort(device, MIB);
  for (let i = 0; i < 20_000; i++) {
    const offset = MIB + random.below(3 * MIB - 64);
    // A line flush touches the start of its line
    if (i % 4 === 0) expectFault(device, 'read', offset, () => device.read(offset, 7));
    if (i % 4 === 1) expectFault(device, 'write', offset, () => device.write(offset, new Uint8Array(3)));
    if (i % 4 === 2) assert.throws(() => device.writeBack(offset, 1), { code: 'SIGBUS' });
    if (i % 4 === 3) assert.throws(() => device.invalidate(offset, 1), { code: 'SIGBUS' });
  }
});

test('threads can fault at the same time', async (t) => {
  const device = makeDevice(t, 4 * MIB);
  cutShort(device, MIB);
  const script = `
    const { parentPort, workerData } = require('node:worker_threads');
    import(workerData.module).then(({ MappedDevice }) => {
      const device = MappedDevice.open(workerData.path, { writable: true });
      parentPort.postMessage('open');
      parentPort.once('message', () => {
        let faults = 0;
        for (let i = 0; i < 5000; i++) {
          const offset = 1048576 + workerData.index * 65536 + i;
          try { device.read(offset, 1); } catch (error) { if (error.code === 'SIGBUS' && error.offset === offset) faults++; }
          if (device.read(i, 1)[0] !== 0) faults = -Infinity;
        }
        parentPort.postMessage(faults);
      });
    });`;
  cutShort(device, 4 * MIB); // whole while they open it
  const module = new URL('../../src/native/device.js', import.meta.url).href;
  const workers = Array.from({ length: 4 }, (_, index) => {
    return new Worker(script, { eval: true, workerData: { module, path: device.path, index } });
  });
  const next = (worker: Worker) => new Promise((resolve) => worker.once('message', resolve));
  await Promise.all(workers.map(next));
  cutShort(device, MIB);
  const counts = workers.map(next);
  for (const worker of workers) worker.postMessage('go');
  assert.deepEqual(await Promise.all(counts), [5000, 5000, 5000, 5000]);
  await Promise.all(workers.map((worker) => worker.terminate()));
});

test('a SIGBUS outside our accesses still kills the process', async (t) => {
  const device = makeDevice(t, 4096);
  const child = startNode(
    `const device = MappedDevice.open(path, { writable: true });
     process.kill(process.pid, 'SIGBUS');
     setTimeout(() => {}, 10_000);`,
    device.path,
  );
  assert.equal(await ending(child), 'SIGBUS');
});

test('an earlier handler still gets the signals that are not ours', async (t) => {
  const device = makeDevice(t, 8192);
  const child = startNode(
    `process.on('SIGBUS', () => { console.log('handled'); process.exit(7); });
     const device = MappedDevice.open(path, { writable: true });
     console.log(device.read(0, 1)[0]);
     setTimeout(() => process.kill(process.pid, 'SIGBUS'), 100);
     setTimeout(() => {}, 10_000);`,
    device.path,
  );
  const ended = ending(child);
  assert.equal(await said(child), '0');
  assert.equal(await said(child), 'handled');
  assert.equal(await ended, 7);
});

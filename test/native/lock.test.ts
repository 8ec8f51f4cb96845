import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MappedDevice } from '../../src/native/device.js';
import { ending, said, startNode } from './child.js';
import { makeDevice } from './scratch.js';

test('an exclusive lock keeps others out, until it is unlocked or closed', (t) => {
  const one = makeDevice(t, 4096);
  const two = MappedDevice.open(one.path, { writable: false });
  t.after(() => two.close());
  assert.equal(one.lock('exclusive', false), true);
  assert.equal(two.lock('exclusive', false), false);
  assert.equal(two.lock('shared', false), false);
  one.unlock();
  assert.equal(two.lock('exclusive', true), true);
  assert.equal(one.lock('shared', false), false);
  two.close();
  assert.equal(one.lock('exclusive', false), true);
});

test('shared locks are compatible, and one can become exclusive once it is alone', (t) => {
  const one = makeDevice(t, 4096);
  const two = MappedDevice.open(one.path, { writable: false });
  t.after(() => two.close());
  assert.equal(one.lock('shared', false), true);
  assert.equal(two.lock('shared', false), true);
  assert.equal(one.lock('exclusive', false), false);
  two.unlock();
  assert.equal(one.lock('exclusive', false), true);
});

test('a lock waits for that of another process, which ends with the process', async (t) => {
  const device = makeDevice(t, 4096);
  const holder = startNode(
    `const device = MappedDevice.open(path, { writable: true });
     console.log(device.lock('exclusive', false));
     process.stdin.once('data', () => setTimeout(() => process.kill(process.pid, 'SIGKILL'), 300));`,
    device.path,
  );
  const ended = ending(holder);
  assert.equal(await said(holder), 'true');
  assert.equal(device.lock('exclusive', false), false);
  const start = performance.now();
  await new Promise((resolve) => holder.stdin?.write('end soon', resolve));
  assert.equal(device.lock('exclusive', true), true);
  assert.ok(performance.now() - start > 50, 'it was held for a while yet');
  assert.equal(await ended, 'SIGKILL');
});

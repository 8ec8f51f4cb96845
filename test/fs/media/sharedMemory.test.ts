/** The order of calls that the cache rules demand (docs/architecture.md): coherent memory would hide a mistake. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foreignContent } from '../../../src/fs/media/foreignContent.js';
import { apply, readShared, readSharedInto, store } from '../../../src/fs/media/sharedMemory.js';
import type { MappedDevice } from '../../../src/native/device.js';

const MIB = 1024 ** 2;

/** A device of which only the calls are recorded; it reads as `content`. */
function recorded(name = '', content = 0): { device: MappedDevice; calls: string[] } {
  const calls: string[] = [];
  const note = (call: string) => void calls.push(name + call);
  const device = {
    invalidate: (offset: number, length: number) => note(`invalidate ${offset} ${length}`),
    isHole: () => false,
    fence: () => note('fence'),
    read: (offset: number, length: number) => {
      note(`read ${offset} ${length}`);
      return Buffer.alloc(length, content);
    },
    readInto: (target: Uint8Array, offset: number) => {
      note(`read ${offset} ${target.length}`);
      target.fill(content);
    },
    write: (offset: number, bytes: Uint8Array) => note(`write ${offset} ${bytes.length}`),
    writeBack: (offset: number, length: number) => note(`write back ${offset} ${length}`),
  };
  return { device: device as unknown as MappedDevice, calls };
}

test('a reader invalidates the whole range, fences, and then reads', () => {
  const expected = ['invalidate 100 3000', 'fence', 'read 100 3000'];
  const first = recorded();
  readShared(first.device, 100, 3000);
  assert.deepEqual(first.calls, expected);
  const second = recorded();
  readSharedInto(second.device, 100, Buffer.alloc(3000));
  assert.deepEqual(second.calls, expected);
});

test('content of other file systems is looked for past the cache', () => {
  const { device, calls } = recorded();
  assert.equal(foreignContent({ env: {} }, Object.assign(device, { size: MIB, kind: 'device' as const })), undefined);
  const reads = calls.filter((call) => call.startsWith('read'));
  assert.ok(reads.length > 3);
  const expected = reads.flatMap((read) => [read.replace('read', 'invalidate'), 'fence', read]);
  assert.deepEqual(calls, expected);
});

test('a writer stores and writes back exactly the bytes', () => {
  const { device, calls } = recorded();
  store(device, 61, Buffer.alloc(7));
  assert.deepEqual(calls, ['write 61 7', 'write back 61 7']);
});

test('each step of a plan is fenced on all its devices before the next begins', () => {
  const calls: string[] = [];
  const [one, two] = ['1 ', '2 '].map((name) => {
    const made = recorded(name);
    made.calls.push = (...more) => calls.push(...more);
    return made.device;
  }) as [MappedDevice, MappedDevice];
  const bytes = Buffer.alloc(1);
  apply([
    [
      { device: one, offset: 0, why: '', bytes },
      { device: two, offset: 64, why: '', bytes },
    ],
    [{ device: one, offset: 128, why: '', bytes }],
  ]);
  assert.deepEqual(calls, [
    '1 write 0 1',
    '1 write back 0 1',
    '2 write 64 1',
    '2 write back 64 1',
    '1 fence',
    '2 fence',
    '1 write 128 1',
    '1 write back 128 1',
    '1 fence',
  ]);
});

test('zeroing reads past the cache, and stores only where there is something else', () => {
  for (const [content, stores] of [
    [0, 0],
    [7, 33],
  ] as const) {
    const { device, calls } = recorded('', content);
    apply([[{ device, offset: 0, why: '', zeros: 2 * MIB + 5 }]]);
    assert.equal(calls.filter((call) => call.startsWith('invalidate')).length, 33);
    assert.equal(calls.filter((call) => call.startsWith('write ') && !call.startsWith('write back')).length, stores);
    assert.equal(calls.filter((call) => call.startsWith('write back')).length, stores);
    if (stores === 0) continue;
    assert.equal(calls.at(-2), `write back ${2 * MIB} 5`);
    const lastRead = calls.findLastIndex((call) => call.startsWith('read'));
    assert.ok(lastRead < calls.indexOf(`write 0 ${64 * 1024}`), 'nothing is read once a step has begun to store');
  }
});

/** Words of undo images, against the plain rule: each record for itself, over all that touch it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runsOf } from '../../../src/fs/fsck/undo/runs.js';
import type { UndoRecord } from '../../../src/fs/fsck/undo/undoRecord.js';
import { isOurs, type OverwrittenRange, overlay, UnknownWords } from '../../../src/fs/fsck/undo/words.js';
import { openDevice } from '../../../src/fs/host/openDevice.js';
import { Random } from '../../support/random.js';
import { MIB, Sandbox } from '../../support/sandbox.js';

const START = 4093;
const SIZE = 40;

test('many writes at once are judged as each for itself', (t) => {
  const random = new Random(t);
  let strange = 0;
  for (let round = 0; round < 4000; round++) {
    const { writes, now } = scene(random);
    const parts = writes.map(({ offset, before }) => ({ offset, length: before.length }));
    const words = new UnknownWords(START, now, writes, parts);
    for (const part of parts) {
      const own = now.subarray(part.offset - START, part.offset - START + part.length);
      const expected = isPlainlyOurs(part.offset, writes, own);
      const where = `round ${round}, ${part.length} bytes at ${part.offset}`;
      assert.equal(words.allOurs(part), expected, where);
      assert.equal(isOurs(part.offset, writes, own), expected, where);
      if (!expected) strange++;
    }
  }
  assert.ok(strange > 100, `only ${strange} were strange`);
});

test('ranges of two daxdevs are never one, wherever they lie', () => {
  const sandbox = new Sandbox();
  const host = { env: sandbox.env, cwd: sandbox.folder, warn: () => {} };
  const devices = ['a', 'b'].map((name) => openDevice(host, sandbox.image(name, 4 * MIB), false));
  const record = (index: number, offset: number): UndoRecord => ({
    device: devices[index]?.path as string,
    offset,
    before: Buffer.alloc(8),
    after: Buffer.alloc(8, 1),
    why: '',
    fsUuid: '',
    deviceUuid: '',
    systemUuid: '',
    role: 'primary',
  });
  const records = [record(1, 4), record(0, 0), record(1, 8), record(0, 4), record(0, 16)];
  const runs = [...runsOf(records, new Map(devices.map((device) => [device.path, device])))];
  assert.deepEqual(
    runs.map(({ members }) => members),
    [[1, 3], [4], [0, 2]],
  );
  for (const device of devices) device.close();
});

/** Some writes to a range, and what it holds: words of some moment between them, and now and then other bytes. */
function scene(random: Random): { writes: OverwrittenRange[]; now: Buffer } {
  const moments = [bytesOf(random, SIZE)];
  const writes = Array.from({ length: random.below(5) + 1 }, (): OverwrittenRange => {
    const length = random.below(20) + 1;
    const at = random.below(SIZE - length + 1);
    const next = Buffer.from(moments.at(-1) as Buffer);
    const before = Buffer.from(next.subarray(at, at + length));
    const after = bytesOf(random, length);
    next.set(after, at);
    moments.push(next);
    return { offset: START + at, before, after };
  });
  const now = Buffer.alloc(SIZE);
  const step = random.below(3) === 0 ? 1 : 8;
  for (let at = 0; at < SIZE; ) {
    const end = Math.min(SIZE, (Math.floor((START + at) / step) + 1) * step - START);
    (moments[random.below(moments.length)] as Buffer).copy(now, at, at, end);
    at = end;
  }
  if (random.below(2) === 0) now[random.below(SIZE)] = random.below(4);
  return { writes, now };
}

/** Few different bytes, so that words are equal by chance too. */
function bytesOf(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.below(3)));
}

function isPlainlyOurs(offset: number, writes: readonly OverwrittenRange[], now: Buffer): boolean {
  const then = Buffer.from(now);
  for (const write of [...writes].reverse()) overlay(then, offset, { offset: write.offset, bytes: write.before });
  const moments = [Buffer.from(then)];
  for (const write of writes) {
    overlay(then, offset, { offset: write.offset, bytes: write.after });
    moments.push(Buffer.from(then));
  }
  const words = new Set(Array.from(now.keys(), (i) => Math.floor((offset + i) / 8)));
  return [...words].every((word) => {
    const from = Math.max(0, word * 8 - offset);
    const to = Math.min(now.length, word * 8 + 8 - offset);
    return moments.some((moment) => moment.subarray(from, to).equals(now.subarray(from, to)));
  });
}

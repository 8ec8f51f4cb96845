/** What CRC-32 proves about flipped bits of a log entry, and what it does not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { snapshotOf } from '../../../src/format/entries/cursor.js';
import { encodeLogEntry } from '../../../src/format/entries/encoder.js';
import { decodeEntry } from '../../../src/format/entries/reader.js';
import { LOG_ENTRY_CRC_SPAN, LOG_ENTRY_SIZE } from '../../../src/format/logEntry.js';
import { crc32 } from '../../../src/native/device.js';
import { GOLDEN_MASTER, goldenImage } from '../../support/golden.js';
import { Head } from '../../support/head.js';
import { entryOffset } from '../../support/patch.js';
import { firstBytes, MIB, Sandbox } from '../../support/sandbox.js';

const SLOT = 12;
const UNIT = 2 * MIB;
const HEAD = 10 * MIB;

/** An entry that uses all of its bytes. */
function fullEntry(): Buffer {
  const extents = Array.from({ length: 16 }, (_, i) => ({
    daxdev: 0,
    deviceOffset: 0xb0000000 + 4 * i * UNIT,
    length: UNIT,
  }));
  const path = 'p'.repeat(79);
  const fmap = { layout: 'simple', extents } as const;
  return Buffer.from(
    encodeLogEntry({ type: 'FILE', path, size: 16 * UNIT, flags: 2, uid: 0, gid: 0, mode: 0o644, fmap }, SLOT, crc32),
  );
}

const flip = (entry: Buffer, bit: number) => entry.writeUInt8(entry.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);

function crcOf(entry: Buffer): number {
  return crc32(entry.subarray(0, LOG_ENTRY_CRC_SPAN));
}

/** Whether the fields mean something, whatever the crc says. */
function isSound(entry: Buffer): boolean {
  return (
    decodeEntry(snapshotOf(entry), 0, SLOT, Number(entry.readBigUInt64LE(LOG_ENTRY_CRC_SPAN)), UNIT).faults.length === 0
  );
}

/** Bits that can be flipped, and the entry stays sound but for its crc, with what each changes in the crc. */
function harmlessBits(entry: Buffer): { bit: number; difference: number }[] {
  const found: { bit: number; difference: number }[] = [];
  const crc = crcOf(entry);
  for (let bit = 0; bit < (LOG_ENTRY_CRC_SPAN + 4) * 8; bit++) {
    const changed = Buffer.from(entry);
    flip(changed, bit);
    if (bit >= LOG_ENTRY_CRC_SPAN * 8) found.push({ bit, difference: 2 ** (bit - LOG_ENTRY_CRC_SPAN * 8) });
    else if (isSound(changed)) found.push({ bit, difference: (crcOf(changed) ^ crc) >>> 0 });
  }
  return found;
}

/** Four bits whose flip keeps the crc right, and leaves the entry sound. */
function fourBits(entry: Buffer): number[] {
  const bits = harmlessBits(entry);
  const pairs = new Map<number, [number, number]>();
  for (const [i, first] of bits.entries())
    for (const second of bits.slice(i + 1)) {
      const difference = (first.difference ^ second.difference) >>> 0;
      const other = pairs.get(difference);
      pairs.set(difference, [first.bit, second.bit]);
      if (other === undefined) continue;
      const four = [...other, first.bit, second.bit];
      const changed = Buffer.from(entry);
      for (const bit of four) flip(changed, bit);
      if (new Set(four).size === 4 && isSound(changed)) return four;
    }
  throw new Error('no such bits');
}

const sandbox = new Sandbox(GOLDEN_MASTER);

/** An image whose slot 12 holds the entry with some bits flipped. */
function imageWith(entry: Buffer, bits: readonly number[]): string {
  const changed = Buffer.from(entry);
  for (const bit of bits) flip(changed, bit);
  return goldenImage('g2', sandbox.folder, (i) => i.set(changed, entryOffset(SLOT)));
}

test('three flipped bits may look like one: that is why -p flips none', async () => {
  const entry = fullEntry();
  const four = fourBits(entry);
  const image = imageWith(entry, four.slice(0, 3));
  const before = new Head(image, HEAD);
  const { exitCode, stdout } = await sandbox.run(['fsck', '-p', '--no-undo', '--json', image]);
  const [repair] = JSON.parse(stdout).repairs;
  assert.deepEqual([exitCode, repair.id, repair.safety, repair.done], [4, 'ENTRY_BITS', 'ask', false]);
  const last = four[3] as number;
  assert.deepEqual(repair.values.bits, [{ slot: SLOT, byte: last >> 3, bit: last & 7 }], 'it is the wrong entry');
  assert.ok(before.isUnchanged());
});

test('one flipped bit is flipped back, and two are never taken for one', async () => {
  const entry = fullEntry();
  const four = fourBits(entry);
  const one = imageWith(entry, four.slice(0, 1));
  assert.equal((await sandbox.run(['fsck', '-y', '--no-undo', one])).exitCode, 1);
  assert.ok(
    firstBytes(one, HEAD)
      .subarray(entryOffset(SLOT), entryOffset(SLOT) + LOG_ENTRY_SIZE)
      .equals(entry),
  );
  for (const [i, first] of four.entries())
    for (const second of four.slice(i + 1)) {
      const { stdout } = await sandbox.run(['fsck', '-n', '--json', imageWith(entry, [first, second])]);
      const ids = (JSON.parse(stdout).repairs as { id: string }[]).map(({ id }) => id);
      assert.ok(!ids.includes('ENTRY_BITS'), `bits ${first} and ${second}`);
    }
});

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import zlib from 'node:zlib';
import { crc32, crc32Records, usedLengths, useWideRegisters } from '../../src/native/device.js';
import { Random } from '../support/random.js';

/** Checks with the widest registers that this processor has, and with those that all of its kind have. */
function testBoth(name: string, check: (t: TestContext) => void): void {
  for (const wide of [true, false])
    test(`${name}, ${wide ? 'widest' : 'narrow'} registers`, (t) => {
      t.after(() => useWideRegisters(true));
      useWideRegisters(wide);
      check(t);
    });
}

testBoth('crc32 has its known values', () => {
  assert.equal(crc32(Buffer.from('')), 0);
  assert.equal(crc32(Buffer.from('123456789')), 0xcbf43926);
  assert.equal(crc32(Buffer.from('The quick brown fox jumps over the lazy dog')), 0x414fa339);
  assert.equal(crc32(Buffer.alloc(32)), 0x190a55ad);
  assert.equal(crc32(Buffer.alloc(32, 0xff)), 0xff6cab0b);
});

testBoth('crc32 agrees with zlib at every length and alignment', (t) => {
  const bytes = new Random(t).bytes(2048);
  for (let length = 0; length < 700; length++) {
    const part = bytes.subarray(length % 17, (length % 17) + length);
    assert.equal(crc32(part), zlib.crc32(part), `length ${length}`);
  }
});

testBoth('crc32 of many bytes agrees with zlib', (t) => {
  const bytes = new Random(t).bytes(3_000_017);
  assert.equal(crc32(bytes), zlib.crc32(bytes));
});

testBoth('crc32Records gives the crc of each record', (t) => {
  const bytes = new Random(t).bytes(50_000);
  for (const [start, stride, length, count] of [
    [0, 536, 536, 93],
    [40, 544, 536, 91],
    [7, 1, 64, 900],
    [3, 0, 5, 4],
    [0, 9, 0, 3],
  ] as const) {
    const crcs = crc32Records({ bytes, start, stride, length, count });
    assert.equal(crcs.length, count);
    crcs.forEach((crc, i) => {
      const at = start + i * stride;
      assert.equal(crc, zlib.crc32(bytes.subarray(at, at + length)), `record ${i}`);
    });
  }
});

testBoth('usedLengths gives the bytes of each record up to the last that is not 0', (t) => {
  const random = new Random(t);
  const bytes = Buffer.alloc(20_000);
  for (let i = 0; i < 120; i++) bytes[random.below(bytes.length)] = 1 + random.below(255);
  for (const [start, stride, length, count] of [
    [0, 544, 536, 36],
    [3, 97, 61, 200],
    [5, 1, 7, 900],
    [0, 9, 0, 3],
  ] as const) {
    const used = usedLengths({ bytes, start, stride, length, count });
    used.forEach((value, i) => {
      const record = bytes.subarray(start + i * stride, start + i * stride + length);
      assert.equal(
        value,
        record.findLastIndex((byte) => byte !== 0) + 1,
        `record ${i} of ${start} ${stride} ${length}`,
      );
    });
  }
});

for (const [name, each] of Object.entries({ crc32Records, usedLengths }))
  test(`${name} accepts records up to the last byte and none beyond`, () => {
    const bytes = Buffer.alloc(1000);
    assert.equal(each({ bytes, start: 100, stride: 100, length: 100, count: 9 }).length, 9);
    assert.equal(each({ bytes, start: 5000, stride: 1, length: 1, count: 0 }).length, 0);
    for (const [start, stride, length, count] of [
      [101, 100, 100, 9],
      [0, 100, 101, 10],
      [0, 1, 1001, 1],
      [1001, 0, 0, 1],
      [-1, 1, 1, 1],
      [0, -1, 1, 2],
      [0, 1, 1, 1.5],
      [0, 2 ** 50, 1, 2 ** 40],
    ] as const) {
      assert.throws(
        () => each({ bytes, start, stride, length, count }),
        RangeError,
        `${start} ${stride} ${length} ${count}`,
      );
    }
  });

testBoth('the crc of records that end in zeros agrees with zlib, wherever the zeros begin', (t) => {
  const random = new Random(t);
  for (const length of [16, 64, 79, 80, 536, 1000, 1600]) {
    const count = length + 1;
    const bytes = Buffer.alloc(count * length);
    // record i has i bytes that are not zeros
    for (let i = 0; i < count; i++) for (let at = 0; at < i; at++) bytes[i * length + at] = 1 + random.below(255);
    const crcs = crc32Records({ bytes, start: 0, stride: length, length, count });
    crcs.forEach((crc, i) => {
      assert.equal(crc, zlib.crc32(bytes.subarray(i * length, (i + 1) * length)), `${i} of ${length}`);
    });
  }
});

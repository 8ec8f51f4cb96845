import assert from 'node:assert/strict';
import { test } from 'node:test';
import { departureStruct } from '../../src/format/departure.js';
import { addDaxdevStruct } from '../../src/format/entries/addDaxdev.js';
import { extentStruct, fileStruct, interleavedStruct } from '../../src/format/entries/fileStruct.js';
import { mkdirStruct } from '../../src/format/entries/mkdir.js';
import { logEntryStruct } from '../../src/format/logEntry.js';
import { logHeaderStruct } from '../../src/format/logHeader.js';
import { logHistoryStruct } from '../../src/format/logHistory.js';
import { journalExtentStruct, rewriteJournalStruct } from '../../src/format/rewriteJournal.js';
import { bytes, FieldRangeError, struct, u8, u16, u32, u64, uuid, viewOf } from '../../src/format/struct.js';
import { superblockStruct } from '../../src/format/superblock.js';

/** Sizes and offsets of docs/format.md; a field that moves fails here by name. */
const PINNED = [
  [
    superblockStruct,
    200,
    {
      magic: 0,
      version: 8,
      logOffset: 16,
      logLength: 24,
      allocationUnit: 32,
      formatMajor: 40,
      formatMinor: 44,
      fsUuid: 48,
      deviceUuid: 64,
      systemUuid: 80,
      crc: 96,
      flags: 104,
      padding: 108,
      deviceSize: 112,
      deviceUuidCopy: 120,
      deviceName: 136,
    },
  ],
  [logHistoryStruct, 56, { magic: 0, version: 8, fsUuid: 16, historyUuid: 32, crc: 48 }],
  [
    rewriteJournalStruct,
    104,
    {
      magic: 0,
      version: 8,
      fsUuid: 16,
      historyUuid: 32,
      logLength: 48,
      entries: 56,
      clearTo: 64,
      checksum: 72,
      extents: 80,
      tableChecksum: 88,
      crc: 96,
    },
  ],
  [journalExtentStruct, 16, { offset: 0, entries: 8 }],
  [departureStruct, 64, { magic: 0, version: 8, fsUuid: 16, historyUuid: 32, daxdev: 48, crc: 56 }],
  [logHeaderStruct, 48, { magic: 0, length: 8, lastIndex: 16, crc: 24, nextSequence: 32, nextIndex: 40 }],
  [logEntryStruct, 544, { sequence: 0, type: 8, padding: 12, payload: 16, crc: 536 }],
  [
    fileStruct,
    520,
    {
      size: 0,
      flags: 8,
      uid: 12,
      gid: 16,
      mode: 20,
      path: 24,
      extentType: 104,
      padding1: 108,
      extentCount: 112,
      padding2: 116,
      extents: 120,
    },
  ],
  [mkdirStruct, 92, { uid: 0, gid: 4, mode: 8, path: 12 }],
  [addDaxdevStruct, 28, { deviceSize: 0, deviceUuid: 8, daxdev: 24 }],
  [extentStruct, 24, { daxdev: 0, deviceOffset: 8, length: 16 }],
  [interleavedStruct, 400, { stripCount: 0, chunkSize: 8, strips: 16 }],
] as const;

for (const [layout, size, offsets] of PINNED) {
  test(`${layout.name}: size and offsets`, () => {
    assert.equal(layout.size, size);
    assert.deepEqual(layout.offsets, offsets);
  });
}

const sample = struct('sample', 47, {
  a: u8('a'),
  b: u16('b'),
  c: u32('c'),
  d: u64('d'),
  e: uuid('e'),
  f: bytes(16, 'f'),
});

test('values are encoded and decoded', () => {
  const values = {
    a: 0xff,
    b: 0xfffe,
    c: 0xfffffffd,
    d: Number.MAX_SAFE_INTEGER,
    e: '00112233-4455-6677-8899-aabbccddeeff',
    f: Uint8Array.of(1, 2, 3),
  };
  const image = Buffer.alloc(50, 0xee);
  sample.write(viewOf(image), 2, values);
  assert.equal(
    image.toString('hex'),
    `eeee${'fffefffdffffffffffffffffff1f00'}00112233445566778899aabbccddeeff${'010203'.padEnd(32, '0')}ee`,
  );
  assert.deepEqual(sample.read(viewOf(image), 2), { ...values, f: Uint8Array.of(1, 2, 3, ...new Array(13).fill(0)) });
});

const BAD = [
  ['a', 256],
  ['a', -1],
  ['b', 65536],
  ['c', 2 ** 32],
  ['c', 1.5],
  ['d', 2 ** 53],
  ['d', -1],
  ['d', Number.NaN],
  ['d', Number.POSITIVE_INFINITY],
  ['f', new Uint8Array(17)],
] as const;

for (const [name, value] of BAD) {
  test(`sample.${name} refuses ${String(value)} by name`, () => {
    const image = Buffer.alloc(47);
    assert.throws(
      () => sample.write(viewOf(image), 0, { [name]: value }),
      (error: unknown) => error instanceof FieldRangeError && error.field === `sample.${name}`,
    );
    assert.ok(image.every((byte) => byte === 0));
  });
}

test('a 64-bit field above 2^53-1 reads as Infinity, not as a rounded number', () => {
  const image = Buffer.alloc(47);
  image.writeBigUInt64LE(2n ** 53n, 7);
  assert.equal(sample.read(viewOf(image), 0).d, Number.POSITIVE_INFINITY);
  image.writeBigUInt64LE(2n ** 53n - 1n, 7);
  assert.equal(sample.read(viewOf(image), 0).d, Number.MAX_SAFE_INTEGER);
});

test('omitted fields keep their bytes', () => {
  const image = Buffer.alloc(47, 0x77);
  sample.write(viewOf(image), 0, { c: 1 });
  assert.equal(image.subarray(0, 8).toString('hex'), '77777701000000' + '77');
});

test('a struct whose fields do not add up cannot be declared', () => {
  assert.throws(() => struct('wrong', 5, { a: u32('a') }), /fields take 4 bytes, declared are 5/);
});

/** The wire forms of maps: golden replies, random maps there and back, and what kernels refuse. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { FileEntry } from '../../../src/format/entries/file.js';
import { decodeEntry } from '../../../src/format/entries/reader.js';
import type { Fmap } from '../../../src/format/fmap.js';
import { stripLength } from '../../../src/format/fmap.js';
import { dExtentStruct, decodeD, dHeaderStruct, encodeD, fmapOfD, mapBackingId } from '../../../src/format/kernel/d.js';
import { D_LIMITS, D_RULES } from '../../../src/format/kernel/dRules.js';
import { encodeGetDaxdev } from '../../../src/format/kernel/getDaxdev.js';
import type { KernelRule } from '../../../src/format/kernel/rule.js';
import {
  dFindings,
  kernelFindings,
  kernelRuleRows,
  type V2Revision,
  v2Findings,
} from '../../../src/format/kernel/rules.js';
import {
  decodeV2,
  encodeV2,
  fmapOfV2,
  v2ExtentStruct,
  v2HeaderStruct,
  v2InterleavedStruct,
} from '../../../src/format/kernel/v2.js';
import { V2_RULES } from '../../../src/format/kernel/v2Rules.js';
import { LOG_ENTRY_SIZE } from '../../../src/format/logEntry.js';
import { viewOf } from '../../../src/format/struct.js';
import { ALLOCATION_UNIT } from '../../../src/format/superblock.js';
import { makeRandom } from '../../../src/fs/allocate/random.js';
import { goldenBytes, goldenFile } from '../../support/golden.js';
import { entryOffset } from '../../support/patch.js';

const MIB = 1024 ** 2;
const PMD = 2 * MIB;

for (const [image, slot] of [
  ['g2', 3],
  ['g2', 5],
  ['g2', 6],
  ['g3', 1],
] as const) {
  test(`the reply for entry ${slot} of ${image} is that of the reference's server`, () => {
    const golden = readFileSync(goldenFile(`${image}.fmap${slot}.bin`));
    const entry = goldenEntry(image, slot);
    assert.deepEqual(encodeV2(entry.fmap, entry.size, false), golden);
    assert.deepEqual(fmapOfV2(decodeV2(golden)), entry.fmap);
    assert.deepEqual(v2Findings(golden, 'first'), []);
  });
}

function goldenEntry(name: string, slot: number): FileEntry {
  const image = goldenBytes(name);
  const data = image.subarray(entryOffset(slot), entryOffset(slot) + LOG_ENTRY_SIZE);
  const { entry } = decodeEntry({ data, view: viewOf(data) }, 0, slot, 0, ALLOCATION_UNIT);
  assert.equal(entry?.type, 'FILE');
  return entry as FileEntry;
}

test('random maps survive both forms, and kernels take them', () => {
  const seed = Number(process.env.FAMFS_TEST_SEED ?? Date.now() % 1e9);
  const random = makeRandom(seed);
  for (let round = 0; round < 2000; round++) {
    const { fmap, size } = randomMap((most) => Math.floor(random() * most));
    const where = `seed ${seed} round ${round}`;
    assert.deepEqual(fmapOfV2(decodeV2(encodeV2(fmap, size, round % 2 === 0))), fmap, where);
    assert.deepEqual(fmapOfD(decodeD(encodeD(fmap, mapBackingId(round))), size), fmap, where);
    assert.deepEqual(kernelFindings(fmap, size, 'v2'), [], where);
    assert.deepEqual(kernelFindings(fmap, size, 'd'), [], where);
  }
});

/** A map as this toolkit may make it; `below(n)` is a random number under n. */
function randomMap(below: (most: number) => number): { fmap: Fmap; size: number } {
  const count = 1 + below(16);
  const place = () => ({ daxdev: below(24), deviceOffset: (1 + below(1e6)) * PMD });
  if (below(2) === 0) {
    const extents = Array.from({ length: count }, () => ({ ...place(), length: (1 + below(1000)) * PMD }));
    const total = extents.reduce((sum, { length }) => sum + length, 0);
    return { fmap: { layout: 'simple', extents }, size: total - below(PMD) };
  }
  const chunkSize = PMD * 2 ** below(4);
  const size = 1 + below(count * chunkSize * 50);
  const length = stripLength(size, chunkSize, count);
  const extents = Array.from({ length: count }, () => ({ ...place(), length }));
  return { fmap: { layout: 'interleaved', chunkSize, extents }, size };
}

const SIMPLE: Fmap = {
  layout: 'simple',
  extents: [
    { daxdev: 0, deviceOffset: 10 * MIB, length: 2 * MIB },
    { daxdev: 0, deviceOffset: 20 * MIB, length: 4 * MIB },
  ],
};
const STRIPED: Fmap = {
  layout: 'interleaved',
  chunkSize: PMD,
  extents: [10, 20, 30].map((at) => ({ daxdev: 0, deviceOffset: at * MIB, length: 4 * MIB })),
};
const HEAD = v2HeaderStruct.size;
const H = v2HeaderStruct.offsets;
const E = v2ExtentStruct.offsets;
const I = v2InterleavedStruct.offsets;
const simple = (change: (image: Buffer) => Buffer | unknown) => changed(encodeV2(SIMPLE, 6 * MIB, false), change);
const striped = (change: (image: Buffer) => Buffer | unknown) => changed(encodeV2(STRIPED, 12 * MIB, false), change);

function changed(image: Buffer, change: (image: Buffer) => Buffer | unknown): Buffer {
  const result = change(image);
  return Buffer.isBuffer(result) ? result : image;
}

/** what, message, rule, errno, revision */
const V2_BAD: readonly (readonly [string, Buffer, string, string, V2Revision?])[] = [
  ['an empty message', Buffer.alloc(0), 'V2_MESSAGE_SHORT', 'EIO'],
  ['half a header', Buffer.alloc(16), 'V2_MESSAGE_SHORT', 'EIO'],
  ['a header alone', simple((i) => i.subarray(0, 32)), 'V2_MESSAGE_SHORT', 'EIO'],
  ['a message over 32 KiB', Buffer.concat([simple(() => 0), Buffer.alloc(32_768)]), 'V2_MESSAGE_LONG', 'EIO'],
  [
    'a message over 16 MiB',
    Buffer.concat([simple(() => 0), Buffer.alloc(2 ** 24)]),
    'V2_MESSAGE_LONG',
    'EFBIG',
    'probe',
  ],
  ['the second extent cut', simple((i) => i.subarray(0, 79)), 'V2_MESSAGE_CUT', 'EINVAL'],
  ['a strip cut', striped((i) => i.subarray(0, i.length - 1)), 'V2_MESSAGE_CUT', 'EINVAL'],
  ['2^32-1 strips', striped((i) => i.writeUInt32LE(0xffffffff, HEAD + I.stripCount)), 'V2_MESSAGE_CUT', 'EINVAL'],
  ['no extents', simple((i) => i.writeUInt32LE(0, H.extentCount)), 'V2_EXTENTS_NONE', 'EINVAL'],
  ['33 extents', manyExtents(33), 'V2_EXTENTS_MANY', 'E2BIG'],
  ['33 extents in 2026', manyExtents(33), 'V2_EXTENTS_MANY', 'ERANGE', 'v10'],
  ['2^32-1 extents', simple((i) => i.writeUInt32LE(0xffffffff, H.extentCount)), 'V2_EXTENTS_MANY', 'E2BIG'],
  ['extent type 2', simple((i) => i.writeUInt32LE(2, H.extentType)), 'V2_EXTENT_TYPE', 'EINVAL'],
  ['an offset of 4 KiB', simple((i) => i.writeBigUInt64LE(4096n, HEAD + E.offset)), 'V2_ALIGNMENT', 'EINVAL'],
  ['a length of 4 KiB', simple((i) => i.writeBigUInt64LE(4096n, HEAD + E.length)), 'V2_ALIGNMENT', 'EINVAL'],
  ['daxdev 24', simple((i) => i.writeUInt32LE(24, HEAD + E.daxdev)), 'V2_DEVICE', 'EINVAL'],
  ['daxdev 1 of the first', simple((i) => i.writeUInt32LE(1, HEAD + E.daxdev)), 'V2_DEVICE', 'EINVAL', 'first'],
  ['daxdev 64 in 2026', simple((i) => i.writeUInt32LE(64, HEAD + E.daxdev)), 'V2_DEVICE', 'EINVAL', 'v10'],
  ['no strips', striped((i) => i.writeUInt32LE(0, HEAD + I.stripCount)), 'V2_STRIPS', 'EINVAL'],
  ['33 strips', manyStrips(33), 'V2_STRIPS', 'EINVAL'],
  ['0 bytes', striped((i) => i.writeBigUInt64LE(0n, HEAD + I.bytes)), 'V2_BYTES', 'EINVAL'],
  ['chunk 1 MiB in 2026', striped((i) => i.writeUInt32LE(MIB, HEAD + I.chunkSize)), 'V2_CHUNK', 'EINVAL', 'v10'],
  ['short strips', striped((i) => i.writeBigUInt64LE(12_582_913n, H.fileSize)), 'V2_STRIP_COVERAGE', 'EINVAL'],
  ['fewer bytes than the file', striped((i) => i.writeBigUInt64LE(1n, HEAD + I.bytes)), 'V2_COVERAGE', 'EINVAL'],
  ['short extents', simple((i) => i.writeBigUInt64LE(6_291_457n, H.fileSize)), 'V2_COVERAGE', 'EINVAL'],
];

function manyExtents(count: number): Buffer {
  const extents = Array.from({ length: count }, () => ({ daxdev: 0, deviceOffset: PMD, length: PMD }));
  return encodeV2({ layout: 'simple', extents }, PMD, false);
}

function manyStrips(count: number): Buffer {
  const extents = Array.from({ length: count }, () => ({ daxdev: 0, deviceOffset: PMD, length: PMD }));
  return encodeV2({ layout: 'interleaved', chunkSize: PMD, extents }, PMD, false);
}

for (const [what, image, rule, errno, revision = 'table'] of V2_BAD) {
  test(`form V2 refuses ${what}: ${rule} ${errno}`, () => {
    const [first] = v2Findings(image, revision);
    assert.equal(first?.rule, rule);
    assert.equal(first?.errno, errno);
  });
}

test('form V2 takes the limits', () => {
  assert.deepEqual(v2Findings(manyExtents(32), 'table'), []);
  assert.deepEqual(v2Findings(manyStrips(32), 'table'), []);
  const last = simple((i) => i.writeUInt32LE(63, HEAD + E.daxdev));
  assert.deepEqual(v2Findings(last, 'v10'), []);
  assert.deepEqual(
    v2Findings(
      striped((i) => i.writeUInt32LE(MIB, HEAD + I.chunkSize)),
      'table',
    ),
    [],
  );
});

const DH = dHeaderStruct.offsets;
const DE = dExtentStruct.offsets;
const simpleD = (change: (image: Buffer) => Buffer | unknown) => changed(encodeD(SIMPLE, mapBackingId(0)), change);
const cyclic = (change: (image: Buffer) => Buffer | unknown) => changed(encodeD(STRIPED, mapBackingId(0)), change);
const SECOND = 32 + 48;

const D_BAD: readonly (readonly [string, Buffer, string, string | null])[] = [
  ['an empty message', Buffer.alloc(0), 'D_MESSAGE_SIZE', 'EINVAL'],
  ['a byte too many', Buffer.concat([simpleD(() => 0), Buffer.alloc(1)]), 'D_MESSAGE_SIZE', 'EINVAL'],
  ['an extent cut', simpleD((i) => i.subarray(0, -1)), 'D_MESSAGE_SIZE', 'EINVAL'],
  ['no extents', simpleD((i) => i.fill(0, DH.extentCount, DH.flags).subarray(0, 32)), 'D_EXTENTS_NONE', 'EIO'],
  ['1639 extents', manyD(1639), 'D_EXTENTS_MANY', null],
  ['no CREATE', simpleD((i) => i.writeUInt32LE(0, DH.flags)), 'D_FLAGS', 'EINVAL'],
  ['an unknown flag', simpleD((i) => i.writeUInt32LE(5, DH.flags)), 'D_FLAGS', 'EINVAL'],
  ['reserved bits of the header', simpleD((i) => i.writeUInt8(1, DH.reserved2 + 7)), 'D_RESERVED', 'EIO'],
  ['reserved bits of an extent', simpleD((i) => i.writeUInt8(1, SECOND + DE.reserved1)), 'D_RESERVED', 'EIO'],
  ['the id 0', simpleD((i) => i.writeBigUInt64LE(0n, DH.backingId)), 'D_MAP_ID', 'EIO'],
  ['the daxdev id 0', simpleD((i) => i.writeBigUInt64LE(0n, SECOND + DE.backingId)), 'D_BACKING_ID', 'EIO'],
  ['the daxdev id 65', simpleD((i) => i.writeBigUInt64LE(65n, SECOND + DE.backingId)), 'D_BACKING_ID', 'EIO'],
  ['a length of 0', simpleD((i) => i.writeBigUInt64LE(0n, SECOND + DE.length)), 'D_LENGTH', 'EIO'],
  ['a length of 512', simpleD((i) => i.writeBigUInt64LE(512n, SECOND + DE.length)), 'D_ALIGNMENT', 'EIO'],
  ['an address of 512', simpleD((i) => i.writeBigUInt64LE(512n, SECOND + DE.address)), 'D_ALIGNMENT', 'EIO'],
  ['an overflow', simpleD((i) => i.writeBigUInt64LE(2n ** 64n - 4096n, SECOND + DE.address)), 'D_OVERFLOW', 'EIO'],
  ['an overlap', simpleD((i) => i.writeBigUInt64LE(4096n, SECOND + DE.fileOffset)), 'D_OVERLAP', 'EIO'],
  [
    'a cycle with a longer chunk',
    cyclic((i) => i.writeBigUInt64LE(4194304n, 32 + 96 + DE.length)),
    'D_CYCLE',
    'EINVAL',
  ],
  ['a cycle with a gap', cyclic((i) => i.writeBigUInt64LE(8388608n, 32 + 96 + DE.fileOffset)), 'D_CYCLE', 'EINVAL'],
];

function manyD(count: number): Buffer {
  const extents = Array.from({ length: count }, () => ({ daxdev: 0, deviceOffset: PMD, length: PMD }));
  return encodeD({ layout: 'simple', extents }, mapBackingId(0));
}

for (const [what, image, rule, errno] of D_BAD) {
  test(`form D refuses ${what}: ${rule} ${errno}`, () => {
    const [first] = dFindings(image, D_LIMITS);
    assert.equal(first?.rule, rule);
    assert.equal(first?.errno, errno);
  });
}

test('form D takes 1638 extents, and a map with a gap that is found at access only', () => {
  assert.deepEqual(dFindings(manyD(1638), D_LIMITS), []);
  const gap = simpleD((i) => i.writeBigUInt64LE(BigInt(4 * MIB), SECOND + DE.fileOffset));
  assert.deepEqual(dFindings(gap, D_LIMITS), []);
  const [finding] = dFindings(gap, { ...D_LIMITS, fileSize: 6 * MIB });
  assert.deepEqual([finding?.rule, finding?.errno, finding?.when], ['D_COVERAGE', 'EIO', 'access']);
});

test('strips that are shorter than form D takes them to be are found', () => {
  const short: Fmap = { ...STRIPED, extents: STRIPED.extents.map((e, i) => (i === 1 ? { ...e, length: PMD } : e)) };
  assert.deepEqual(
    kernelFindings(short, 12 * MIB, 'd').map(({ rule }) => rule),
    ['D_STRIP_LENGTH'],
  );
});

test('values that no message can hold are findings, not crashes', () => {
  const huge: Fmap = {
    layout: 'simple',
    extents: [{ daxdev: Number.POSITIVE_INFINITY, deviceOffset: PMD, length: PMD }],
  };
  assert.deepEqual(
    kernelFindings(huge, PMD, 'v2').map(({ rule }) => rule),
    ['V2_FIELD'],
  );
  assert.deepEqual(
    kernelFindings(huge, PMD, 'd').map(({ rule }) => rule),
    ['D_FIELD'],
  );
});

test('every rule has a message that breaks it here, and a name of its own', () => {
  const tested = new Set([...V2_BAD, ...D_BAD].map(([, , rule]) => rule));
  tested.add('D_COVERAGE');
  const names = kernelRuleRows().map(({ rule }) => rule);
  assert.equal(new Set(names).size, names.length);
  assert.deepEqual(
    names.filter((name) => !tested.has(name)),
    [],
  );
  const known: readonly KernelRule<never, never>[] = [...V2_RULES, ...D_RULES];
  assert.equal(known.length, names.length);
});

test('GET_DAXDEV names a slot and a path', () => {
  const reply = encodeGetDaxdev(5, '/dev/dax1.0');
  assert.equal(reply.length, 280);
  assert.equal(reply.readUInt16LE(0), 5);
  assert.equal(reply.toString('latin1', 24, 36), '/dev/dax1.0\0');
  assert.throws(() => encodeGetDaxdev(0, 'x'.repeat(256)), /at most 255 bytes/);
  assert.equal(encodeGetDaxdev(0, 'x'.repeat(255)).length, 280);
});

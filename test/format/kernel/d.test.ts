/** What kernels with form d answer: as real ones answered damaged messages. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dForm } from '../../../src/format/kernel/d.js';
import { encodeD, mapBackingId } from '../../../src/format/kernel/dMessage.js';
import type { MapFacts } from '../../../src/format/kernel/facts.js';
import { judgeFile } from '../../../src/format/kernel/forms.js';
import { cyclicD, dExtent, D_EXTENT as E, extents, D_HEADER as H, MIB, PMD, SIMPLE, STRIPED, simpleD } from './maps.js';

const many = (count: number) => encodeD(extents(count), mapBackingId(0));
const u64 = (field: number, value: bigint) => (image: Buffer) => image.writeBigUInt64LE(value, field);

const FOUR: MapFacts = { daxdevs: Array.from({ length: 4 }, () => ({ size: undefined, present: true })) };

/** what, message, rule, errno */
const REFUSED: readonly (readonly [string, Buffer, string, string, MapFacts?])[] = [
  ['an empty message', Buffer.alloc(0), 'D_MESSAGE_SIZE', 'EINVAL'],
  ['31 bytes', Buffer.alloc(31, 255), 'D_MESSAGE_SIZE', 'EINVAL'],
  ['a byte too many', Buffer.concat([simpleD(), Buffer.alloc(1)]), 'D_MESSAGE_SIZE', 'EINVAL'],
  ['an extent cut', simpleD((i) => i.subarray(0, -1)), 'D_MESSAGE_SIZE', 'EINVAL'],
  ['one extent more than there are', simpleD((i) => i.writeUInt32LE(3, H.extentCount)), 'D_MESSAGE_SIZE', 'EINVAL'],
  // the header, in the order in which it is checked
  ['reserved bits of the header', simpleD((i) => i.writeUInt8(1, H.reserved2 + 7)), 'D_HEADER_RESERVED', 'EINVAL'],
  ['a header of ones', Buffer.alloc(32, 255), 'D_HEADER_RESERVED', 'EINVAL'],
  ['reserved bits and no extents', Buffer.alloc(32).fill(1, 16, 17), 'D_HEADER_RESERVED', 'EINVAL'],
  ['no extents', simpleD((i) => i.fill(0, H.extentCount, H.flags).subarray(0, 32)), 'D_EXTENTS_NONE', 'EIO'],
  ['no extents and no flags', Buffer.alloc(32), 'D_EXTENTS_NONE', 'EIO'],
  ['no CREATE', simpleD((i) => i.writeUInt32LE(0, H.flags)), 'D_FLAGS', 'EINVAL'],
  ['CYCLIC without CREATE', cyclicD((i) => i.writeUInt32LE(2, H.flags)), 'D_FLAGS', 'EINVAL'],
  ['an unknown flag', simpleD((i) => i.writeUInt32LE(5, H.flags)), 'D_FLAGS', 'EINVAL'],
  ['the highest flag', simpleD((i) => i.writeUInt32LE(0x80000001, H.flags)), 'D_FLAGS', 'EINVAL'],
  ['1366 extents', many(1366), 'D_EXTENTS_MANY', 'EINVAL'],
  ['1638 extents', many(1638), 'D_EXTENTS_MANY', 'EINVAL'],
  // extents
  ['reserved bits of an extent', simpleD((i) => i.writeUInt8(1, dExtent(1) + E.reserved1)), 'D_RESERVED', 'EIO'],
  ['a length of 0', simpleD(u64(dExtent(1) + E.length, 0n)), 'D_LENGTH', 'EIO'],
  ['a length of 512', simpleD(u64(dExtent(1) + E.length, 512n)), 'D_ALIGNMENT', 'EIO'],
  ['a device offset of 512', simpleD(u64(dExtent(1) + E.deviceOffset, 512n)), 'D_ALIGNMENT', 'EIO'],
  ['a file offset of 2^60 + 512', simpleD(u64(dExtent(1) + E.fileOffset, 2n ** 60n + 512n)), 'D_ALIGNMENT', 'EIO'],
  ['a device offset of 2^64 - 4096', simpleD(u64(dExtent(1) + E.deviceOffset, 2n ** 64n - 4096n)), 'D_OVERFLOW', 'EIO'],
  ['a file offset of 2^63', simpleD(u64(dExtent(1) + E.fileOffset, 2n ** 63n)), 'D_OVERFLOW', 'EIO'],
  [
    'a file offset whose end is 2^63',
    simpleD(u64(dExtent(1) + E.fileOffset, 2n ** 63n - 4194304n)),
    'D_OVERFLOW',
    'EIO',
  ],
  ['a length of 2^63', simpleD(u64(dExtent(1) + E.length, 2n ** 63n)), 'D_OVERFLOW', 'EIO'],
  ['the daxdev id 65', simpleD(u64(dExtent(1) + E.backingId, 65n)), 'D_BACKING_ID', 'EIO'],
  ['the daxdev id 5 of 4', simpleD(u64(dExtent(1) + E.backingId, 5n)), 'D_BACKING_ID', 'EIO', FOUR],
  ['the daxdev id 2^32 + 1', simpleD(u64(dExtent(1) + E.backingId, 2n ** 32n + 1n)), 'D_BACKING_ID', 'EIO'],
  ['an overlap', simpleD(u64(dExtent(1) + E.fileOffset, 4096n)), 'D_OVERLAP', 'EIO'],
  ['the same file offset twice', simpleD(u64(dExtent(1) + E.fileOffset, 0n)), 'D_OVERLAP', 'EIO'],
  ['the id of a registered daxdev', simpleD(u64(H.backingId, 1n)), 'D_MAP_ID', 'EEXIST'],
  // cycles: geometry first, extent by extent
  ['a cycle with a longer chunk', cyclicD(u64(dExtent(2) + E.length, 4194304n)), 'D_CYCLE', 'EINVAL'],
  ['a cycle with a gap', cyclicD(u64(dExtent(2) + E.fileOffset, 8388608n)), 'D_CYCLE', 'EINVAL'],
  ['a cycle that begins late', cyclicD(u64(dExtent(0) + E.fileOffset, 2097152n)), 'D_CYCLE', 'EINVAL'],
  ['a cycle with an overlap', cyclicD(u64(dExtent(1) + E.fileOffset, 0n)), 'D_CYCLE', 'EINVAL'],
  [
    'a cycle with a gap and reserved bits in the same extent',
    cyclicD((i) => i.writeUInt8(1, dExtent(1) + E.reserved1) && i.writeBigUInt64LE(0n, dExtent(1) + E.fileOffset)),
    'D_CYCLE',
    'EINVAL',
  ],
  ['reserved bits in a cycle', cyclicD((i) => i.writeUInt8(1, dExtent(1) + E.reserved1)), 'D_RESERVED', 'EIO'],
];

for (const [what, image, rule, errno, facts = {}] of REFUSED)
  test(`form d refuses ${what}: ${rule} ${errno}`, () => {
    const [first] = dForm.decode(image).judge(facts);
    assert.deepEqual([first?.class, first?.rule, first?.errno], ['REFUSED', rule, errno]);
  });

const swapped = (image: Buffer) =>
  Buffer.concat([image.subarray(0, 32), image.subarray(dExtent(1)), image.subarray(32, dExtent(1))]);

/** Accepted, and not harmful as far as is known. */
const ACCEPTED: readonly (readonly [string, Buffer])[] = [
  ['two extents', simpleD()],
  ['a cycle of three', cyclicD()],
  ['1365 extents', many(1365)],
  ['the map id 0', simpleD(u64(H.backingId, 0n))],
  ['a hole', simpleD(u64(dExtent(1) + E.fileOffset, BigInt(4 * MIB)))],
  ['extents in any order', swapped(simpleD())],
  ['the id 0, which is a hole', simpleD(u64(dExtent(1) + E.backingId, 0n))],
  [
    'a hole of 2^62 bytes',
    simpleD((i) => u64(dExtent(1) + E.backingId, 0n)(i) && u64(dExtent(1) + E.length, 2n ** 62n)(i)),
  ],
  ['a file offset of 2^62', simpleD(u64(dExtent(1) + E.fileOffset, 2n ** 62n))],
  ['the highest file offset', simpleD(u64(dExtent(1) + E.fileOffset, 2n ** 63n - 4194304n - 4096n))],
];

for (const [what, image] of ACCEPTED)
  test(`form d accepts ${what}`, () => assert.deepEqual(dForm.decode(image).judge({}), []));

/** Accepted; what follows. */
const LATER: readonly (readonly [string, Buffer, MapFacts, string, string, string | null])[] = [
  ['a length of 2^62', simpleD(u64(dExtent(1) + E.length, 2n ** 62n)), {}, 'D_BOUNDS', 'DANGEROUS', 'EFAULT'],
  [
    'a device offset of 2^53',
    simpleD(u64(dExtent(1) + E.deviceOffset, 2n ** 53n)),
    {},
    'D_BOUNDS',
    'DANGEROUS',
    'EFAULT',
  ],
  [
    'an extent that ends beyond its daxdev',
    simpleD(),
    { daxdevs: [{ size: 24 * MIB - 1, present: true }] },
    'D_BOUNDS',
    'DANGEROUS',
    'EFAULT',
  ],
  [
    'a strip whose second chunk is beyond its daxdev',
    cyclicD(),
    { daxdevs: [{ size: 32 * MIB, present: true }], fileSize: 12 * MIB },
    'D_BOUNDS',
    'DANGEROUS',
    'EFAULT',
  ],
  [
    'a gap in a file',
    simpleD(u64(dExtent(1) + E.fileOffset, BigInt(4 * MIB))),
    { fileSize: 6 * MIB },
    'D_COVERAGE',
    'ACCESS',
    'EIO',
  ],
  ['a file longer than its extents', simpleD(), { fileSize: 6 * MIB + 1 }, 'D_COVERAGE', 'ACCESS', 'EIO'],
  [
    'a hole in a file',
    simpleD(u64(dExtent(1) + E.backingId, 0n)),
    { fileSize: 6 * MIB },
    'D_COVERAGE',
    'ACCESS',
    'EIO',
  ],
  [
    'extents with pages in common',
    simpleD(u64(dExtent(1) + E.deviceOffset, BigInt(11 * MIB))),
    {},
    'D_SHARED',
    'DANGEROUS',
    null,
  ],
  [
    'strips with pages in common in their second chunks',
    cyclicD(u64(dExtent(1) + E.deviceOffset, BigInt(12 * MIB))),
    { fileSize: 12 * MIB },
    'D_SHARED',
    'DANGEROUS',
    null,
  ],
  ['pages that another file has too', simpleD(), { sharedWith: ['other'] }, 'D_SHARED', 'DANGEROUS', null],
  [
    'a strip that is shorter than the kernel assumes',
    cyclicD(),
    {
      fileSize: 12 * MIB,
      fmap: {
        ...STRIPED,
        extents: STRIPED.extents.map((extent, i) => (i === 1 ? { ...extent, length: PMD } : extent)),
      },
    },
    'D_STRIP_LENGTH',
    'DANGEROUS',
    null,
  ],
];

for (const [what, image, facts, rule, kind, errno] of LATER)
  test(`form d accepts ${what}: ${rule} ${kind}`, () => {
    const [first] = dForm.decode(image).judge(facts);
    assert.deepEqual([first?.rule, first?.class, first?.errno], [rule, kind, errno]);
  });

test('a file that the extents cover exactly, on a daxdev that ends with them, is accepted', () => {
  const daxdevs = [{ size: 34 * MIB, present: true }];
  assert.deepEqual(dForm.decode(simpleD()).judge({ daxdevs, fileSize: 6 * MIB }), []);
  assert.deepEqual(judgeFile('d', { fmap: STRIPED, size: 12 * MIB, slot: 7 }, { daxdevs }).findings, []);
});

test('of a strip, a kernel maps what the file has there, to the byte', () => {
  // chunks 0 and 3 on strip 0, chunk 1 and half of chunk 4 on strip 1, which is moved to the end, chunk 2 on strip 2
  const image = cyclicD(u64(dExtent(1) + E.deviceOffset, BigInt(40 * MIB)));
  const on = (size: number) => ({ daxdevs: [{ size, present: true }], fileSize: 9 * MIB });
  assert.deepEqual(dForm.decode(image).judge(on(43 * MIB)), []);
  const [finding] = dForm.decode(image).judge(on(43 * MIB - 1));
  assert.deepEqual([finding?.rule, finding?.message.includes('strip 1 ends at 0x2b00000')], ['D_BOUNDS', true]);
});

test('the first extent that breaks a rule gives the answer', () => {
  const image = cyclicD((i) => {
    i.writeUInt8(1, dExtent(0) + E.reserved1);
    i.writeBigUInt64LE(0n, dExtent(1) + E.fileOffset);
  });
  assert.deepEqual(
    dForm
      .decode(image)
      .judge({})
      .map(({ rule }) => rule),
    ['D_RESERVED', 'D_CYCLE', 'D_OVERLAP'],
  );
});

test('every rule has a message that breaks it here', () => {
  const tested = new Set([...REFUSED.map(([, , rule]) => rule), ...LATER.map(([, , , rule]) => rule)]);
  const names = dForm.rules().map(({ rule }) => rule);
  assert.equal(new Set(names).size, names.length);
  assert.deepEqual(
    names.filter((name) => !tested.has(name)),
    [],
  );
});

test('strips that are shorter than the kernel assumes are found in the map of a file', () => {
  const short = { ...STRIPED, extents: STRIPED.extents.map((e, i) => (i === 1 ? { ...e, length: PMD } : e)) };
  const { findings } = judgeFile('d', { fmap: short, size: 12 * MIB, slot: 0 }, {});
  assert.deepEqual(
    findings.map(({ rule }) => rule),
    ['D_STRIP_LENGTH'],
  );
  assert.deepEqual(judgeFile('d', { fmap: SIMPLE, size: 6 * MIB, slot: 0 }, {}).findings, []);
});

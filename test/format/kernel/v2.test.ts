/** What kernels with form v2 answer: as their sources say, and as real ones answered damaged messages. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fmap } from '../../../src/format/fmap.js';
import type { MapFacts } from '../../../src/format/kernel/facts.js';
import { judgeFile } from '../../../src/format/kernel/forms.js';
import { v2Form } from '../../../src/format/kernel/v2.js';
import { encodeV2 } from '../../../src/format/kernel/v2Message.js';
import { V2_REVISIONS, type V2RevisionName } from '../../../src/format/kernel/v2Revisions.js';
import {
  V2_EXTENT as E,
  extents,
  V2_HEADER as H,
  V2_HEAD as HEAD,
  V2_INTERLEAVED as I,
  MIB,
  PMD,
  SIMPLE,
  STRIPED,
  simpleV2,
  stripedV2,
  strips,
  v2Strip,
} from './maps.js';

const REVISIONS = Object.keys(V2_REVISIONS) as V2RevisionName[];
const OF_2025 = ['first', 'table'] as const;
const OF_V10 = ['v10', 'v10-multi'] as const;

const judge = (image: Buffer, revision: V2RevisionName, facts: MapFacts = {}) =>
  v2Form.decode(image).judge({ ...facts, revision });

/** what, message, rule, errno, revisions */
type Refusal = readonly [string, Buffer, string, string, readonly V2RevisionName[]];

const manyExtents = (count: number) => encodeV2(extents(count), PMD, true);
const manyStrips = (count: number) => encodeV2(strips(count), PMD, false);
const longer = (image: Buffer, length: number) => Buffer.concat([image, Buffer.alloc(length - image.length)]);
const stated = (image: Buffer, length: number) => {
  image.writeUInt32LE(length, H.messageSize);
  return image;
};

const REFUSED: readonly Refusal[] = [
  // sizes of the message
  ['an empty message', Buffer.alloc(0), 'V2_MESSAGE_SHORT', 'EIO', [...OF_2025, 'probe']],
  ['an empty message', Buffer.alloc(0), 'V2_MESSAGE_SHORT', 'EINVAL', OF_V10],
  ['half a header', Buffer.alloc(16), 'V2_MESSAGE_SHORT', 'EIO', OF_2025],
  ['half a header', Buffer.alloc(16), 'V2_MESSAGE_SHORT', 'EINVAL', OF_V10],
  ['31 bytes', simpleV2((i) => i.subarray(0, 31)), 'V2_MESSAGE_SHORT', 'EINVAL', OF_V10],
  ['a header alone', simpleV2((i) => i.subarray(0, 32)), 'V2_MESSAGE_SHORT', 'EIO', OF_2025],
  ['a header alone', simpleV2((i) => i.subarray(0, 32)), 'V2_MESSAGE_CUT', 'EINVAL', [...OF_V10, 'probe']],
  ['55 bytes', simpleV2((i) => i.subarray(0, 55)), 'V2_MESSAGE_SHORT', 'EIO', OF_2025],
  ['55 bytes', simpleV2((i) => i.subarray(0, 55)), 'V2_MESSAGE_CUT', 'EINVAL', [...OF_V10, 'probe']],
  ['32769 bytes', longer(simpleV2(), 32_769), 'V2_MESSAGE_LONG', 'EIO', REVISIONS],
  ['4097 bytes', longer(simpleV2(), 4097), 'V2_MESSAGE_LONG', 'EIO', [...OF_V10, 'probe']],
  ['4097 bytes without extents', longer(Buffer.alloc(32), 4097), 'V2_MESSAGE_LONG', 'EIO', [...OF_V10, 'probe']],
  ['more bytes than it states', longer(stated(simpleV2(), 5000), 5001), 'V2_MESSAGE_LONG', 'EIO', ['probe']],
  ['more than 16 MiB', longer(simpleV2(), 2 ** 24 + 1), 'V2_MESSAGE_HUGE', 'EFBIG', ['probe']],
  ['more than 16 MiB stated', stated(simpleV2(), 2 ** 24 + 1), 'V2_MESSAGE_HUGE', 'EFBIG', ['probe']],
  // numbers of extents
  ['no extents', simpleV2((i) => i.writeUInt32LE(0, H.extentCount)), 'V2_EXTENTS_NONE', 'EINVAL', OF_2025],
  ['no extents', simpleV2((i) => i.writeUInt32LE(0, H.extentCount)), 'V2_EXTENTS_NONE', 'ERANGE', [...OF_V10, 'probe']],
  ['a bare header without extents', Buffer.alloc(32), 'V2_EXTENTS_NONE', 'ERANGE', [...OF_V10, 'probe']],
  ['no extents, and garbage', Buffer.alloc(80, 255).fill(0, 8, 12), 'V2_EXTENTS_NONE', 'ERANGE', OF_V10],
  ['33 extents', manyExtents(33), 'V2_EXTENTS_MANY', 'E2BIG', OF_2025],
  ['33 extents', manyExtents(33), 'V2_EXTENTS_MANY', 'ERANGE', OF_V10],
  ['2^32-1 extents', simpleV2((i) => i.writeUInt32LE(2 ** 32 - 1, H.extentCount)), 'V2_EXTENTS_MANY', 'E2BIG', OF_2025],
  [
    '2^32-1 extents',
    simpleV2((i) => i.writeUInt32LE(2 ** 32 - 1, H.extentCount)),
    'V2_MESSAGE_CUT',
    'EINVAL',
    ['probe'],
  ],
  // what the extents are
  ['extent type 2', simpleV2((i) => i.writeUInt32LE(2, H.extentType)), 'V2_EXTENT_TYPE', 'EINVAL', REVISIONS],
  ['an interleaved map', stripedV2(), 'V2_INTERLEAVED', 'EINVAL', ['probe']],
  ['the second extent cut', simpleV2((i) => i.subarray(0, 79)), 'V2_MESSAGE_CUT', 'EINVAL', REVISIONS],
  ['a strip cut', stripedV2((i) => i.subarray(0, -1)), 'V2_MESSAGE_CUT', 'EINVAL', [...OF_2025, ...OF_V10]],
  [
    '2^32-1 strips',
    stripedV2((i) => i.writeUInt32LE(2 ** 32 - 1, HEAD + I.stripCount)),
    'V2_MESSAGE_CUT',
    'EINVAL',
    [...OF_2025, ...OF_V10],
  ],
  [
    'no strips',
    stripedV2((i) => i.writeUInt32LE(0, HEAD + I.stripCount)),
    'V2_STRIPS',
    'EINVAL',
    [...OF_2025, ...OF_V10],
  ],
  ['33 strips', manyStrips(33), 'V2_STRIPS', 'EINVAL', [...OF_2025, ...OF_V10]],
  ['a chunk of 1 MiB', stripedV2((i) => i.writeUInt32LE(MIB, HEAD + I.chunkSize)), 'V2_CHUNK', 'EINVAL', OF_V10],
  ['0 bytes', stripedV2((i) => i.writeBigUInt64LE(0n, HEAD + I.bytes)), 'V2_BYTES', 'EINVAL', [...OF_2025, ...OF_V10]],
  [
    'an offset of 4 KiB',
    simpleV2((i) => i.writeBigUInt64LE(4096n, HEAD + E.deviceOffset)),
    'V2_ALIGNMENT',
    'EINVAL',
    REVISIONS,
  ],
  [
    'a length of 4 KiB',
    simpleV2((i) => i.writeBigUInt64LE(4096n, HEAD + E.length)),
    'V2_ALIGNMENT',
    'EINVAL',
    REVISIONS,
  ],
  [
    'an offset of 2^62 + 4096',
    simpleV2((i) => i.writeBigUInt64LE(2n ** 62n + 4096n, HEAD + E.deviceOffset)),
    'V2_ALIGNMENT',
    'EINVAL',
    REVISIONS,
  ],
  ['daxdev 24', simpleV2((i) => i.writeUInt32LE(24, HEAD + E.daxdev)), 'V2_DEVICE', 'EINVAL', REVISIONS],
  ['daxdev 2^32-1', simpleV2((i) => i.writeUInt32LE(2 ** 32 - 1, HEAD + E.daxdev)), 'V2_DEVICE', 'EINVAL', REVISIONS],
  ['daxdev 1', simpleV2((i) => i.writeUInt32LE(1, HEAD + E.daxdev)), 'V2_DEVICE', 'EINVAL', ['first', 'v10', 'probe']],
  // coverage
  [
    'strips a byte short',
    stripedV2((i) => i.writeBigUInt64LE(12_582_913n, H.fileSize)),
    'V2_STRIP_COVERAGE',
    'EINVAL',
    [...OF_2025, ...OF_V10],
  ],
  [
    'extents a byte short',
    simpleV2((i) => i.writeBigUInt64LE(6_291_457n, H.fileSize)),
    'V2_COVERAGE',
    'EINVAL',
    REVISIONS,
  ],
  ['a size of 2^63', simpleV2((i) => i.writeBigUInt64LE(2n ** 63n, H.fileSize)), 'V2_COVERAGE', 'EINVAL', REVISIONS],
  [
    'an interleaved size of 2^64-1, which is -1 there',
    stripedV2((i) => i.writeBigUInt64LE(2n ** 64n - 1n, H.fileSize)),
    'V2_COVERAGE',
    'EINVAL',
    [...OF_2025, ...OF_V10],
  ],
  [
    'lengths whose sum is 0 in 64 bits',
    simpleV2((i) => {
      i.writeBigUInt64LE(2n ** 63n, HEAD + E.length);
      i.writeBigUInt64LE(2n ** 63n, HEAD + 24 + E.length);
    }),
    'V2_COVERAGE',
    'EINVAL',
    REVISIONS,
  ],
];

for (const [what, image, rule, errno, revisions] of REFUSED)
  for (const revision of revisions)
    test(`form v2, ${revision}, refuses ${what}: ${rule} ${errno}`, () => {
      const [first] = judge(image, revision);
      assert.deepEqual([first?.class, first?.rule, first?.errno], ['REFUSED', rule, errno]);
    });

/** what, message, revisions */
const ACCEPTED: readonly (readonly [string, Buffer, readonly V2RevisionName[]])[] = [
  ['two extents', simpleV2(), REVISIONS],
  ['three strips', stripedV2(), [...OF_2025, ...OF_V10]],
  ['32 extents', manyExtents(32), REVISIONS],
  ['32 strips', manyStrips(32), [...OF_2025, ...OF_V10]],
  ['33 extents', manyExtents(33), ['probe']],
  ['100 extents', manyExtents(100), ['probe']],
  ['170 extents, which take more than a page', manyExtents(170), ['probe']],
  ['a chunk of 1 MiB', stripedV2((i) => i.writeUInt32LE(MIB, HEAD + I.chunkSize)), OF_2025],
  ['a chunk of 6 MiB', encodeV2({ ...STRIPED, chunkSize: 3 * PMD } as Fmap, 2 * MIB, false), OF_V10],
  ['daxdev 23', simpleV2((i) => i.writeUInt32LE(23, HEAD + E.daxdev)), ['table', 'v10-multi']],
  ['4096 bytes', longer(simpleV2(), 4096), REVISIONS],
  ['32768 bytes', longer(simpleV2(), 32_768), OF_2025],
  ['as many bytes as it states', longer(stated(simpleV2(), 5000), 5000), ['probe']],
];

for (const [what, image, revisions] of ACCEPTED)
  for (const revision of revisions)
    test(`form v2, ${revision}, accepts ${what}`, () => assert.deepEqual(judge(image, revision), []));

/** what, message, facts, rule, class, errno */
const LATER: readonly (readonly [string, Buffer, MapFacts, string, string, string | null])[] = [
  [
    'a chunk size of 0, by which the kernel divides',
    stripedV2((i) => i.writeUInt32LE(0, HEAD + I.chunkSize)),
    {},
    'V2_CHUNK_ZERO',
    'DANGEROUS',
    null,
  ],
  [
    'fewer bytes of an interleaved extent than the file has',
    stripedV2((i) => i.writeBigUInt64LE(BigInt(12 * MIB - 1), HEAD + I.bytes)),
    {},
    'V2_BYTES_SHORT',
    'DANGEROUS',
    'EIO',
  ],
  [
    'a strip that is shorter than the chunks on it',
    stripedV2((i) => {
      i.writeBigUInt64LE(BigInt(2 * MIB), v2Strip(0) + E.length);
      i.writeBigUInt64LE(BigInt(6 * MIB), v2Strip(1) + E.length);
    }),
    {},
    'V2_STRIP_LENGTH',
    'DANGEROUS',
    null,
  ],
  [
    'an offset of 2^62',
    simpleV2((i) => i.writeBigUInt64LE(2n ** 62n, HEAD + E.deviceOffset)),
    {},
    'V2_BOUNDS',
    'DANGEROUS',
    'EFAULT',
  ],
  [
    'a length of 2^62',
    simpleV2((i) => i.writeBigUInt64LE(2n ** 62n, HEAD + E.length)),
    {},
    'V2_BOUNDS',
    'DANGEROUS',
    'EFAULT',
  ],
  [
    'an extent that ends beyond its daxdev',
    simpleV2(),
    { daxdevs: [{ size: 24 * MIB - 1, present: true }] },
    'V2_BOUNDS',
    'DANGEROUS',
    'EFAULT',
  ],
  [
    'extents that have pages in common',
    simpleV2(
      (i) =>
        i.writeBigUInt64LE(BigInt(18 * MIB), HEAD + E.deviceOffset).toString() &&
        i.writeBigUInt64LE(BigInt(4 * MIB), HEAD + E.length),
    ),
    {},
    'V2_SHARED',
    'DANGEROUS',
    null,
  ],
  ['pages that another file has too', simpleV2(), { sharedWith: ['other'] }, 'V2_SHARED', 'DANGEROUS', null],
  [
    'a daxdev that GET_DAXDEV cannot give',
    simpleV2(),
    { daxdevs: [{ size: undefined, present: false }] },
    'V2_DAXDEV',
    'ACCESS',
    'EIO',
  ],
];

for (const [what, image, facts, rule, kind, errno] of LATER)
  for (const revision of ['table', ...OF_V10] as const)
    test(`form v2, ${revision}, accepts ${what}: ${rule} ${kind}`, () => {
      const [first] = judge(image, revision, facts);
      assert.deepEqual([first?.rule, first?.class, first?.errno], [rule, kind, errno]);
    });

test('an extent may end where its daxdev ends, and a strip where the file ends on it', () => {
  assert.deepEqual(judge(simpleV2(), 'v10', { daxdevs: [{ size: 24 * MIB, present: true }] }), []);
  // 5 chunks of which the last is half full, on 3 strips: 2, 1.5 and 1 chunks
  const lengths = [4 * MIB, 4 * MIB, 2 * MIB];
  const fmap = {
    ...STRIPED,
    extents: STRIPED.extents.map((extent, i) => ({ ...extent, length: lengths[i] as number })),
  };
  assert.deepEqual(judge(encodeV2(fmap, 9 * MIB, false), 'v10'), []);
});

test('what a refused map would do is not reported', () => {
  const image = stripedV2((i) => i.writeUInt32LE(0, HEAD + I.chunkSize));
  image.writeUInt32LE(24, v2Strip(0) + E.daxdev);
  assert.deepEqual(
    judge(image, 'v10').map(({ rule }) => rule),
    ['V2_DEVICE'],
  );
});

test('every rule has a message that breaks it here, in each revision that has the rule', () => {
  const tested = new Set([
    ...REFUSED.flatMap(([, , rule, , revisions]) => revisions.map((revision) => `${rule} ${revision}`)),
    ...LATER.flatMap(([, , , rule]) => ['table', ...OF_V10].map((revision) => `${rule} ${revision}`)),
  ]);
  const rules = v2Form.rules();
  assert.equal(new Set(rules.map(({ rule }) => rule)).size, rules.length);
  // access and danger do not depend on the revision, but for what probe does not accept
  const wanted = rules.flatMap(({ rule, class: kind, errnos }) =>
    REVISIONS.filter((name) => errnos[name] !== undefined && (kind === 'REFUSED' || name === 'table')).map(
      (name) => `${rule} ${name}`,
    ),
  );
  assert.deepEqual(
    wanted.filter((name) => !tested.has(name)),
    [],
  );
});

test('what is judged is what is sent: a revision that states the size judges a message with it', () => {
  for (const revision of REVISIONS) {
    const { image, findings } = judgeFile('v2', { fmap: SIMPLE, size: 6 * MIB, slot: 0 }, { revision });
    assert.equal(image.readUInt32LE(H.messageSize), V2_REVISIONS[revision].statesSize ? image.length : 0);
    assert.deepEqual(findings, v2Form.decode(image).judge({ revision }));
  }
});

/** What kernels check in a GET_FMAP reply, and what they answer (docs/kernel-maps.md). */
import { EXTENT_INTERLEAVED, EXTENT_SIMPLE } from '../entries/fileStruct.js';
import { hex } from '../fieldText.js';
import { type DeviceRange, deviceRules, mappedBytesOfStrip } from './deviceRules.js';
import type { MapFacts } from './facts.js';
import type { Errno, MessageRule } from './rule.js';
import type { V2Extent, V2Interleaved, V2Reply } from './v2Message.js';
import type { V2Revision } from './v2Revisions.js';

/** A kernel that uses form v2, and what is known beside the message. */
export interface V2Kernel {
  readonly revision: V2Revision;
  readonly facts: MapFacts;
}

type Rule = MessageRule<V2Reply, V2Kernel>;

const PMD = 0x200000;
const MOST_EXTENTS = 32;
const MOST_STRIPS = 32;

const EINVAL = (): Errno => 'EINVAL';
const ofInterleaved =
  (errno: Errno | null) =>
  ({ revision }: V2Kernel) =>
    revision.interleaved ? errno : undefined;

/** In the order in which they are applied. A reply is copied into the buffer before anything in it is read. */
const MESSAGE_RULES: readonly Rule[] = [
  {
    rule: 'V2_MESSAGE_HUGE',
    errno: ({ revision }) => (revision.buffer(Number.POSITIVE_INFINITY) === undefined ? 'EFBIG' : undefined),
    summary: 'the message has at most 16 MiB',
    *broken({ length, header }, { revision }) {
      const needed = Math.max(length, header?.messageSize ?? 0);
      if (revision.buffer(needed) === undefined) yield `it needs ${needed} bytes`;
    },
  },
  {
    rule: 'V2_MESSAGE_LONG',
    errno: () => 'EIO',
    summary:
      "the message fits the kernel's buffer: 32768 bytes in 2025, 4096 in v10, with the size probe what it states",
    *broken({ length, header }, { revision }) {
      const room = revision.buffer(header?.messageSize ?? 0) ?? length;
      if (length > room) yield `it has ${length} bytes, the buffer ${room}`;
    },
  },
  {
    rule: 'V2_MESSAGE_SHORT',
    errno: ({ revision }) => revision.tooShort,
    summary: 'the message has a whole header of 32 bytes; in 2025, 56 bytes with one simple extent',
    *broken({ length }, { revision: { shortest } }) {
      if (length < shortest) yield `it has ${length} bytes, not ${shortest}`;
    },
  },
  {
    rule: 'V2_EXTENTS_NONE',
    errno: ({ revision }) => revision.none,
    summary: 'there is at least one extent',
    *broken({ header }) {
      if (header?.extentCount === 0) yield 'it has none';
    },
  },
  {
    rule: 'V2_EXTENTS_MANY',
    errno: ({ revision }) => revision.tooMany,
    summary: `there are at most ${MOST_EXTENTS} extents`,
    *broken({ header }) {
      if (header !== undefined && header.extentCount > MOST_EXTENTS) yield `it has ${header.extentCount}`;
    },
  },
  {
    rule: 'V2_EXTENT_TYPE',
    errno: EINVAL,
    summary: 'the extent type is 0 (simple) or 1 (interleaved)',
    *broken({ header }) {
      const type = header?.extentType;
      if (type !== undefined && type !== EXTENT_SIMPLE && type !== EXTENT_INTERLEAVED) yield `it is ${type}`;
    },
  },
  {
    rule: 'V2_INTERLEAVED',
    errno: ({ revision }) => (revision.interleaved ? undefined : 'EINVAL'),
    summary: 'the extents are simple',
    *broken({ header }) {
      if (header?.extentType === EXTENT_INTERLEAVED) yield 'they are interleaved';
    },
  },
  {
    rule: 'V2_MESSAGE_CUT',
    errno: EINVAL,
    summary: 'the message holds every extent and every strip in full',
    *broken({ header, whole, length }) {
      if (header !== undefined && !whole) yield `its ${length} bytes end within them`;
    },
  },
  {
    rule: 'V2_STRIPS',
    errno: ofInterleaved('EINVAL'),
    summary: `an interleaved extent has 1 to ${MOST_STRIPS} strips`,
    *broken({ interleaved }) {
      for (const [i, { stripCount }] of interleaved.entries())
        if (stripCount < 1 || stripCount > MOST_STRIPS) yield `interleaved extent ${i} has ${stripCount}`;
    },
  },
  {
    rule: 'V2_CHUNK',
    errno: ({ revision }) => (revision.checksChunk ? 'EINVAL' : undefined),
    summary: 'the chunk size is a multiple of 2 MiB',
    *broken({ interleaved }) {
      for (const { chunkSize } of interleaved) if (chunkSize % PMD !== 0) yield `it is ${hex(chunkSize)}`;
    },
  },
  {
    rule: 'V2_BYTES',
    errno: ofInterleaved('EINVAL'),
    summary: 'the number of bytes of an interleaved extent is not 0',
    *broken({ interleaved }) {
      for (const [i, { bytes }] of interleaved.entries()) if (bytes === 0n) yield `that of interleaved extent ${i} is`;
    },
  },
  {
    rule: 'V2_ALIGNMENT',
    errno: EINVAL,
    summary: 'every offset and every length is a multiple of 2 MiB',
    *broken(reply) {
      for (const [name, { deviceOffset, length }] of extentsOf(reply)) {
        if (deviceOffset % BigInt(PMD) !== 0n) yield `offset of ${name} is ${hex(deviceOffset)}`;
        if (length % BigInt(PMD) !== 0n) yield `length of ${name} is ${hex(length)}`;
      }
    },
  },
  {
    rule: 'V2_DEVICE',
    errno: EINVAL,
    summary: 'the kernel accepts the index of every daxdev: only 0, or 0 to 23',
    *broken(reply, { revision: { daxdevs } }) {
      for (const [name, { daxdev }] of extentsOf(reply))
        if (daxdev >= daxdevs) yield `${name} is on daxdev ${daxdev}, the highest is ${daxdevs - 1}`;
    },
  },
  {
    rule: 'V2_STRIP_COVERAGE',
    errno: ofInterleaved('EINVAL'),
    summary: 'the strips of an interleaved map are together as long as the file',
    *broken(reply) {
      if (stripsFallShort(reply)) yield shortfall(reply, totalOf(reply));
    },
  },
  {
    rule: 'V2_COVERAGE',
    errno: EINVAL,
    summary: 'the extents, or the strips, are together as long as the file',
    *broken(reply) {
      const { header, whole, simple, interleaved } = reply;
      if (header === undefined || !whole || simple.length + interleaved.length === 0 || stripsFallShort(reply)) return;
      // the kernel's sum has 64 bits
      const total = BigInt.asUintN(64, totalOf(reply));
      if (total < header.fileSize) yield shortfall(reply, total);
    },
  },
];

const LATER_RULES: readonly Rule[] = [
  {
    rule: 'V2_DAXDEV',
    class: 'ACCESS',
    errno: () => 'EIO',
    summary: 'the kernel can get every daxdev that the map names (GET_DAXDEV)',
    *broken(reply, { facts: { daxdevs } }) {
      if (daxdevs === undefined) return;
      for (const [name, { daxdev }] of extentsOf(reply))
        if (daxdevs[daxdev]?.present !== true) yield `${name} is on daxdev ${daxdev}, which is not here`;
    },
  },
  {
    rule: 'V2_CHUNK_ZERO',
    class: 'DANGEROUS',
    errno: ofInterleaved(null),
    summary: 'the chunk size is not 0, by which the kernel divides at the first access',
    *broken({ interleaved }) {
      for (const [i, { chunkSize }] of interleaved.entries())
        if (chunkSize === 0) yield `that of interleaved extent ${i} is`;
    },
  },
  {
    rule: 'V2_BYTES_SHORT',
    class: 'DANGEROUS',
    errno: ofInterleaved('EIO'),
    summary: 'the bytes that interleaved extents state are together as many as the file has',
    *broken({ header, interleaved }) {
      const total = interleaved.reduce((sum, { bytes }) => sum + bytes, 0n);
      if (header !== undefined && interleaved.length > 0 && total < header.fileSize)
        yield `they state ${total}, the file has ${header.fileSize}; what lies past them cannot be reached`;
    },
  },
  {
    rule: 'V2_STRIP_LENGTH',
    class: 'DANGEROUS',
    errno: ofInterleaved(null),
    summary: "each strip holds the chunks that the kernel maps there; past its end it reaches other files' bytes",
    *broken(reply) {
      for (const [i, extent] of reply.interleaved.entries())
        for (const [k, strip] of extent.strips.entries()) {
          const mapped = mappedOf(reply, i, k);
          if (strip.length < mapped) yield `${stripName(reply, i, k)} has ${strip.length} bytes, not ${mapped}`;
        }
    },
  },
];

/** In the order in which they are applied: the first that refuses gives the errno. */
export const V2_RULES: readonly Rule[] = [...MESSAGE_RULES, ...LATER_RULES, ...deviceRules('V2', rangesOf)];

/** All extents, or all strips of all interleaved extents, with a name for messages. */
function* extentsOf(reply: V2Reply): Generator<[string, V2Extent]> {
  for (const [i, extent] of reply.simple.entries()) yield [`extent ${i}`, extent];
  for (const [i, { strips }] of reply.interleaved.entries())
    for (const [k, strip] of strips.entries()) yield [stripName(reply, i, k), strip];
}

function stripName({ interleaved }: V2Reply, i: number, k: number): string {
  return interleaved.length === 1 ? `strip ${k}` : `strip ${k} of interleaved extent ${i}`;
}

function totalOf({ simple, interleaved }: V2Reply): bigint {
  const all = [...simple, ...interleaved.flatMap(({ strips }) => strips)];
  return all.reduce((sum, { length }) => sum + length, 0n);
}

/** Judged only where nothing is missing: the rest would be short for another reason. */
function stripsFallShort(reply: V2Reply): boolean {
  const { header, whole, interleaved } = reply;
  if (header === undefined || !whole || interleaved.length === 0) return false;
  // the kernel counts down from the size in a signed number of 64 bits
  return BigInt.asIntN(64, header.fileSize - totalOf(reply)) > 0n;
}

function shortfall({ header }: V2Reply, total: bigint): string {
  return `they have ${total} bytes, the file has ${header?.fileSize}`;
}

/** Bytes from the start of a strip that the kernel maps. */
function mappedOf({ header, interleaved }: V2Reply, i: number, k: number): bigint {
  const { bytes, chunkSize, strips } = interleaved[i] as V2Interleaved;
  if (header === undefined || chunkSize === 0) return 0n;
  const before = interleaved.slice(0, i).reduce((sum, extent) => sum + extent.bytes, 0n);
  const rest = header.fileSize > before ? header.fileSize - before : 0n;
  return mappedBytesOfStrip(rest < bytes ? rest : bytes, BigInt(chunkSize), strips.length, k);
}

function rangesOf(reply: V2Reply): DeviceRange[] {
  return Array.from(extentsOf(reply), ([name, { daxdev, deviceOffset, length }]) => {
    return { name, daxdev, start: deviceOffset, end: deviceOffset + length };
  });
}

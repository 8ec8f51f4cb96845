/** Checks that kernels make on a GET_FMAP reply, and their answers (docs/kernel-maps.md). */
import { EXTENT_INTERLEAVED, EXTENT_SIMPLE } from '../entries/fileStruct.js';
import { hex } from '../fieldText.js';
import { type DeviceRange, deviceRules, mappedBytesOfStrip } from './deviceRules.js';
import type { MapFacts } from './facts.js';
import { type Errno, type MessageRule, MOST_NAMED, NONE } from './rule.js';
import type { V2Interleaved, V2Reply } from './v2Message.js';
import type { V2Revision } from './v2Revisions.js';

/** A kernel that uses form v2, and what is known besides the message. */
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

/** In the order of the kernel. A reply is copied into the buffer before anything in it is read. */
const MESSAGE_RULES: readonly Rule[] = [
  {
    rule: 'V2_MESSAGE_HUGE',
    errno: ({ revision }) => (revision.buffer(Number.POSITIVE_INFINITY) === undefined ? 'EFBIG' : undefined),
    summary: 'the message has at most 16 MiB',
    broken({ length, header }, { revision }) {
      const needed = Math.max(length, header?.messageSize ?? 0);
      return revision.buffer(needed) === undefined ? [`it needs ${needed} bytes`] : NONE;
    },
  },
  {
    rule: 'V2_MESSAGE_LONG',
    errno: () => 'EIO',
    summary:
      "the message fits the kernel's buffer: 32768 bytes in 2025, 4096 in v10, with the size probe what it states",
    broken({ length, header }, { revision }) {
      const room = revision.buffer(header?.messageSize ?? 0) ?? length;
      return length > room ? [`it has ${length} bytes, the buffer ${room}`] : NONE;
    },
  },
  {
    rule: 'V2_MESSAGE_SHORT',
    errno: ({ revision }) => revision.tooShort,
    summary: 'the message has a whole header of 32 bytes; in 2025, 56 bytes with one simple extent',
    broken({ length }, { revision: { shortest } }) {
      return length < shortest ? [`it has ${length} bytes, not ${shortest}`] : NONE;
    },
  },
  {
    rule: 'V2_EXTENTS_NONE',
    errno: ({ revision }) => revision.none,
    summary: 'there is at least one extent',
    broken({ header }) {
      return header?.extentCount === 0 ? ['it has none'] : NONE;
    },
  },
  {
    rule: 'V2_EXTENTS_MANY',
    errno: ({ revision }) => revision.tooMany,
    summary: `there are at most ${MOST_EXTENTS} extents`,
    broken({ header }) {
      const count = header?.extentCount ?? 0;
      return count > MOST_EXTENTS ? [`it has ${count}`] : NONE;
    },
  },
  {
    rule: 'V2_EXTENT_TYPE',
    errno: EINVAL,
    summary: 'the extent type is 0 (simple) or 1 (interleaved)',
    broken({ header }) {
      const type = header?.extentType;
      const known = type === undefined || type === EXTENT_SIMPLE || type === EXTENT_INTERLEAVED;
      return known ? NONE : [`it is ${type}`];
    },
  },
  {
    rule: 'V2_INTERLEAVED',
    errno: ({ revision }) => (revision.interleaved ? undefined : 'EINVAL'),
    summary: 'the extents are simple',
    broken({ header }) {
      return header?.extentType === EXTENT_INTERLEAVED ? ['they are interleaved'] : NONE;
    },
  },
  {
    rule: 'V2_MESSAGE_CUT',
    errno: EINVAL,
    summary: 'the message holds every extent and every strip in full',
    broken({ header, whole, length }) {
      return header === undefined || whole ? NONE : [`its ${length} bytes end within them`];
    },
  },
  {
    rule: 'V2_STRIPS',
    errno: ofInterleaved('EINVAL'),
    summary: `an interleaved extent has 1 to ${MOST_STRIPS} strips`,
    broken: ({ interleaved }) =>
      eachBroken(interleaved, ({ stripCount }, i) => {
        return stripCount < 1 || stripCount > MOST_STRIPS ? `interleaved extent ${i} has ${stripCount}` : undefined;
      }),
  },
  {
    rule: 'V2_CHUNK',
    errno: ({ revision }) => (revision.checksChunk ? 'EINVAL' : undefined),
    summary: 'the chunk size is a multiple of 2 MiB',
    broken: ({ interleaved }) =>
      eachBroken(interleaved, ({ chunkSize }) => (chunkSize % PMD === 0 ? undefined : `it is ${hex(chunkSize)}`)),
  },
  {
    rule: 'V2_BYTES',
    errno: ofInterleaved('EINVAL'),
    summary: 'the number of bytes of an interleaved extent is not 0',
    broken: ({ interleaved }) =>
      eachBroken(interleaved, ({ bytes }, i) => (bytes === 0n ? `that of interleaved extent ${i} is` : undefined)),
  },
  {
    rule: 'V2_ALIGNMENT',
    errno: EINVAL,
    summary: 'every offset and every length is a multiple of 2 MiB',
    broken: (reply) =>
      eachBroken(reply.extents, ({ deviceOffset, length }, i) => {
        if ((deviceOffset | length) % BigInt(PMD) === 0n) return undefined;
        return `${nameOf(reply, i)} has ${hex(length)} at ${hex(deviceOffset)}`;
      }),
  },
  {
    rule: 'V2_DEVICE',
    errno: EINVAL,
    summary: 'the kernel accepts the index of every daxdev: only 0, or 0 to 23',
    broken: (reply, { revision: { daxdevs } }) =>
      eachBroken(reply.extents, ({ daxdev }, i) => {
        if (daxdev < daxdevs) return undefined;
        return `${nameOf(reply, i)} is on daxdev ${daxdev}, the highest is ${daxdevs - 1}`;
      }),
  },
  {
    rule: 'V2_STRIP_COVERAGE',
    errno: ofInterleaved('EINVAL'),
    summary: 'the strips of an interleaved map are together as long as the file',
    broken: (reply) => (stripsFallShort(reply) ? [shortfall(reply, totalOf(reply))] : NONE),
  },
  {
    rule: 'V2_COVERAGE',
    errno: EINVAL,
    summary: 'the extents, or the strips, are together as long as the file',
    broken(reply) {
      const { header, whole, extents } = reply;
      if (header === undefined || !whole || extents.length === 0 || stripsFallShort(reply)) return NONE;
      // the kernel's sum has 64 bits
      const total = BigInt.asUintN(64, totalOf(reply));
      return total < header.fileSize ? [shortfall(reply, total)] : NONE;
    },
  },
];

const LATER_RULES: readonly Rule[] = [
  {
    rule: 'V2_DAXDEV',
    class: 'ACCESS',
    errno: () => 'EIO',
    summary: 'the kernel can get every daxdev that the map names (GET_DAXDEV)',
    broken: (reply, { facts: { daxdevs } }) =>
      eachBroken(reply.extents, ({ daxdev }, i) => {
        if (daxdevs === undefined || daxdevs[daxdev]?.present === true) return undefined;
        return `${nameOf(reply, i)} is on daxdev ${daxdev}, which is not on this host`;
      }),
  },
  {
    rule: 'V2_CHUNK_ZERO',
    class: 'DANGEROUS',
    errno: ofInterleaved(null),
    summary: 'the chunk size is not 0, by which the kernel divides at the first access',
    broken: ({ interleaved }) =>
      eachBroken(interleaved, ({ chunkSize }, i) =>
        chunkSize === 0 ? `that of interleaved extent ${i} is` : undefined,
      ),
  },
  {
    rule: 'V2_BYTES_SHORT',
    class: 'DANGEROUS',
    errno: ofInterleaved('EIO'),
    summary: 'the bytes that interleaved extents state are together as many as the file has',
    broken({ header, interleaved }) {
      if (header === undefined || interleaved.length === 0) return NONE;
      const total = interleaved.reduce((sum, { bytes }) => sum + bytes, 0n);
      if (total >= header.fileSize) return NONE;
      return [`they state ${total}, the file has ${header.fileSize}; what lies past them cannot be reached`];
    },
  },
  {
    rule: 'V2_STRIP_LENGTH',
    class: 'DANGEROUS',
    errno: ofInterleaved(null),
    summary: "each strip holds the chunks that the kernel maps there; past its end it reaches other files' bytes",
    broken: (reply) =>
      reply.interleaved.flatMap((extent, i) =>
        eachBroken(extent.strips, (strip, k) => {
          const mapped = mappedOf(reply, i, k);
          return strip.length < mapped
            ? `${stripName(reply, i, k)} has ${strip.length} bytes, not ${mapped}`
            : undefined;
        }),
      ),
  },
];

/** In the order of the kernel: the first rule that refuses gives the errno. */
export const V2_RULES: readonly Rule[] = [
  ...MESSAGE_RULES,
  ...LATER_RULES,
  ...deviceRules<V2Reply, V2Kernel>('V2', { ranges: rangesOf, nameOf }),
];

/** The texts for items that break a rule; NONE, without a new array, if there are none. */
function eachBroken<T>(items: readonly T[], brokenBy: (item: T, i: number) => string | undefined): readonly string[] {
  let broken = NONE;
  for (let i = 0; i < items.length; i++) {
    const how = brokenBy(items[i] as T, i);
    if (how !== undefined) broken = [...broken, how];
    if (broken.length > MOST_NAMED) break;
  }
  return broken;
}

/** The name of an extent, or of a strip of an interleaved extent. */
function nameOf(reply: V2Reply, extent: number): string {
  let k = extent;
  for (const [i, { strips }] of reply.interleaved.entries()) {
    if (k < strips.length) return stripName(reply, i, k);
    k -= strips.length;
  }
  return `extent ${extent}`;
}

function stripName({ interleaved }: V2Reply, i: number, k: number): string {
  return interleaved.length === 1 ? `strip ${k}` : `strip ${k} of interleaved extent ${i}`;
}

function totalOf({ extents }: V2Reply): bigint {
  let total = 0n;
  for (const { length } of extents) total += length;
  return total;
}

/** Checked only if nothing is cut off, since otherwise the rest would be too short for that reason. */
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

function rangesOf({ extents }: V2Reply): DeviceRange[] {
  return extents.map(({ daxdev, deviceOffset, length }, extent) => {
    return { extent, daxdev, start: deviceOffset, end: deviceOffset + length };
  });
}

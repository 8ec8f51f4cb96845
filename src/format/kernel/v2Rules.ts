/** What kernels with form V2 check in a GET_FMAP reply, and what they answer (docs/kernel-maps.md). */

import { EXTENT_INTERLEAVED, EXTENT_SIMPLE } from '../entries/fileStruct.js';
import { hex } from '../fieldText.js';
import type { Extent } from '../fmap.js';
import type { KernelRule } from './rule.js';
import { type V2Reply, v2ExtentStruct, v2HeaderStruct } from './v2.js';

/** How the revisions of the patches differ. */
export interface V2Limits {
  /** daxdevs in the kernel's table */
  readonly slots: number;
  /** what too many extents are */
  readonly tooMany: string;
  /** whether the chunk size must be a multiple of 2 MiB */
  readonly chunkChecked: boolean;
  /** bytes of the longest message */
  readonly longest: number;
  /** what a longer one is */
  readonly tooLong: string;
  /** whether the header states the message's size */
  readonly statesSize: boolean;
}

const KEPT_SHORT = { longest: 32_768, tooLong: 'EIO' } as const;

/** `first`: one daxdev, 2025; `table`: with the table of daxdevs; `v10`: 2026; `probe`: the size probe, July 2026. */
export const V2_REVISIONS = {
  first: { slots: 1, tooMany: 'E2BIG', chunkChecked: false, statesSize: false, ...KEPT_SHORT },
  table: { slots: 24, tooMany: 'E2BIG', chunkChecked: false, statesSize: false, ...KEPT_SHORT },
  v10: { slots: 64, tooMany: 'ERANGE', chunkChecked: true, statesSize: true, ...KEPT_SHORT },
  probe: {
    slots: 64,
    tooMany: 'ERANGE',
    chunkChecked: true,
    statesSize: true,
    longest: 16 * 1024 * 1024,
    tooLong: 'EFBIG',
  },
} as const satisfies Record<string, V2Limits>;

export type V2Revision = keyof typeof V2_REVISIONS;

const PMD = 0x200000;
const MOST_EXTENTS = 32;
const MOST_STRIPS = 32;
const SHORTEST = v2HeaderStruct.size + v2ExtentStruct.size;

type Rule = KernelRule<V2Reply, V2Limits>;

/** In the order in which they are looked at: the first that is broken gives the errno. */
export const V2_RULES: readonly Rule[] = [
  {
    rule: 'V2_MESSAGE_SHORT',
    errno: () => 'EIO',
    summary: `the message has at least ${SHORTEST} bytes: header and one simple extent`,
    *broken({ length }) {
      if (length < SHORTEST) yield `it has ${length} bytes`;
    },
  },
  {
    rule: 'V2_MESSAGE_LONG',
    errno: ({ tooLong }) => tooLong,
    summary: 'the message has at most 32768 bytes (EIO), or 16 MiB with the size probe (EFBIG)',
    *broken({ length }, { longest }) {
      if (length > longest) yield `it has ${length} bytes`;
    },
  },
  {
    rule: 'V2_EXTENTS_NONE',
    errno: () => 'EINVAL',
    summary: 'there is at least one extent',
    *broken({ header }) {
      if (header?.extentCount === 0) yield 'it has none';
    },
  },
  {
    rule: 'V2_EXTENTS_MANY',
    errno: ({ tooMany }) => tooMany,
    summary: `there are at most ${MOST_EXTENTS} extents`,
    *broken({ header }) {
      if (header !== undefined && header.extentCount > MOST_EXTENTS) yield `it has ${header.extentCount}`;
    },
  },
  {
    rule: 'V2_EXTENT_TYPE',
    errno: () => 'EINVAL',
    summary: 'the extent type is 0 (simple) or 1 (interleaved)',
    *broken({ header }) {
      const type = header?.extentType;
      if (type !== undefined && type !== EXTENT_SIMPLE && type !== EXTENT_INTERLEAVED) yield `it is ${type}`;
    },
  },
  {
    rule: 'V2_MESSAGE_CUT',
    errno: () => 'EINVAL',
    summary: 'the message holds the whole header, every extent and every strip',
    *broken({ header, whole, length }) {
      if (header !== undefined && !whole) yield `its ${length} bytes end within them`;
    },
  },
  {
    rule: 'V2_STRIPS',
    errno: () => 'EINVAL',
    summary: `an interleaved extent has 1 to ${MOST_STRIPS} strips`,
    *broken({ interleaved }) {
      for (const [i, { stripCount }] of interleaved.entries())
        if (stripCount < 1 || stripCount > MOST_STRIPS) yield `interleaved extent ${i} has ${stripCount}`;
    },
  },
  {
    rule: 'V2_CHUNK',
    errno: () => 'EINVAL',
    summary: 'from 2026 on: the chunk size is a multiple of 2 MiB',
    *broken({ interleaved }, { chunkChecked }) {
      for (const { chunkSize } of chunkChecked ? interleaved : [])
        if (chunkSize === 0 || chunkSize % PMD !== 0) yield `it is ${hex(chunkSize)}`;
    },
  },
  {
    rule: 'V2_BYTES',
    errno: () => 'EINVAL',
    summary: 'the number of bytes of an interleaved extent is not 0',
    *broken({ interleaved }) {
      for (const [i, { bytes }] of interleaved.entries()) if (bytes === 0) yield `that of interleaved extent ${i} is`;
    },
  },
  {
    rule: 'V2_ALIGNMENT',
    errno: () => 'EINVAL',
    summary: 'every offset and every length is a multiple of 2 MiB',
    *broken(reply) {
      for (const [name, { deviceOffset: offset, length }] of pieces(reply)) {
        if (offset % PMD !== 0) yield `offset of ${name} is ${hex(offset)}`;
        if (length % PMD !== 0) yield `length of ${name} is ${hex(length)}`;
      }
    },
  },
  {
    rule: 'V2_DEVICE',
    errno: () => 'EINVAL',
    summary: "every device index is below the slots of the kernel's table: 1, 24, or 64 from 2026 on",
    *broken(reply, { slots }) {
      for (const [name, { daxdev }] of pieces(reply))
        if (daxdev >= slots) yield `${name} is on daxdev ${daxdev}, slots are ${slots}`;
    },
  },
  {
    rule: 'V2_STRIP_COVERAGE',
    errno: () => 'EINVAL',
    summary: 'the strips of an interleaved map are together as long as the file',
    *broken(reply) {
      if (reply.interleaved.length > 0)
        yield* shortfall(reply, lengthsOf(reply.interleaved.flatMap(({ strips }) => strips)));
    },
  },
  {
    rule: 'V2_COVERAGE',
    errno: () => 'EINVAL',
    summary: 'the extents are together as long as the file',
    *broken(reply) {
      const heads = reply.interleaved.map(({ bytes }) => bytes);
      yield* shortfall(reply, reply.interleaved.length > 0 ? heads : lengthsOf(reply.simple));
    },
  },
];

/** All extents, or all strips of all interleaved extents, with a name for messages. */
function* pieces({ simple, interleaved }: V2Reply): Generator<[string, Extent]> {
  for (const [i, extent] of simple.entries()) yield [`extent ${i}`, extent];
  for (const [i, { strips }] of interleaved.entries())
    for (const [k, strip] of strips.entries())
      yield [interleaved.length === 1 ? `strip ${k}` : `strip ${k} of interleaved extent ${i}`, strip];
}

function lengthsOf(extents: readonly Extent[]): number[] {
  return extents.map(({ length }) => length);
}

/** Judged only where nothing is missing: the rest would be short for another reason. */
function* shortfall({ header, whole }: V2Reply, lengths: readonly number[]): Generator<string> {
  if (header === undefined || !whole || lengths.length === 0) return;
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (!(total >= header.fileSize)) yield `they have ${total} bytes, the file has ${header.fileSize}`;
}

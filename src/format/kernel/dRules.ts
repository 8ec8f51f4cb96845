/** What kernels with form D check in an extent map, and what they answer (docs/kernel-maps.md). */
import { hex } from '../fieldText.js';
import { MAX_DAXDEVS } from '../superblock.js';
import { D_FLAG_CREATE, D_FLAG_CYCLIC, type DExtent, type DNotification, dExtentStruct, dHeaderStruct } from './d.js';
import type { KernelRule } from './rule.js';

/** What else the kernel, or we, know beside the message. */
export interface DLimits {
  /** daxdevs that are registered, under the ids 1 to this */
  readonly daxdevs: number;
  /** bytes of the file, where known */
  readonly fileSize: number | undefined;
}

export const D_LIMITS: DLimits = { daxdevs: MAX_DAXDEVS, fileSize: undefined };

const PAGE = 4096;
/** of the draft */
const MOST_EXTENTS = 1638;

type Rule = KernelRule<DNotification, DLimits>;
const EINVAL = () => 'EINVAL';
const EIO = () => 'EIO';

/** In the order in which they are looked at: the first that is broken gives the errno. */
export const D_RULES: readonly Rule[] = [
  {
    rule: 'D_MESSAGE_SIZE',
    errno: EINVAL,
    summary: 'the message has exactly 32 bytes and 48 for each extent',
    *broken({ header, length }) {
      const expected = dHeaderStruct.size + (header?.extentCount ?? 0) * dExtentStruct.size;
      if (length !== expected) yield `it has ${length}${header === undefined ? '' : `, not ${expected}`}`;
    },
  },
  {
    rule: 'D_FLAGS',
    errno: EINVAL,
    summary: 'no flags but CREATE and CYCLIC are set, and CREATE is',
    *broken({ header }) {
      if (header === undefined) return;
      const known = (header.flags & ~(D_FLAG_CREATE | D_FLAG_CYCLIC)) === 0;
      if (!known || (header.flags & D_FLAG_CREATE) === 0) yield `they are ${hex(header.flags)}`;
    },
  },
  {
    rule: 'D_EXTENTS_NONE',
    errno: EIO,
    summary: 'there is at least one extent',
    *broken({ header }) {
      if (header?.extentCount === 0) yield 'it has none';
    },
  },
  {
    rule: 'D_EXTENTS_MANY',
    errno: () => undefined,
    summary: `there are at most ${MOST_EXTENTS} extents`,
    *broken({ header }) {
      if (header !== undefined && header.extentCount > MOST_EXTENTS) yield `it has ${header.extentCount}`;
    },
  },
  {
    rule: 'D_RESERVED',
    errno: EIO,
    summary: 'reserved fields are 0',
    *broken({ header, extents }) {
      if (header !== undefined && (header.reserved1 !== 0 || header.reserved2 !== 0))
        yield 'those of the header are not';
      for (const [i, { reserved1, reserved2 }] of extents.entries())
        if (reserved1 !== 0 || reserved2 !== 0) yield `those of extent ${i} are not`;
    },
  },
  {
    rule: 'D_MAP_ID',
    errno: EIO,
    summary: 'the id of the map is not 0, which is reserved',
    *broken({ header }) {
      if (header?.backingId === 0) yield 'it is';
    },
  },
  {
    rule: 'D_LENGTH',
    errno: EIO,
    summary: 'no extent has the length 0',
    *broken({ extents }) {
      for (const [i, { length }] of extents.entries()) if (length === 0) yield `extent ${i} has`;
    },
  },
  {
    rule: 'D_ALIGNMENT',
    errno: EIO,
    summary: 'offsets, lengths and addresses are multiples of 4096',
    *broken({ extents }) {
      // a value over 2^53 reads as Infinity and is for the next rule
      for (const [i, extent] of extents.entries())
        for (const key of ['fileOffset', 'length', 'address'] as const)
          if (Number.isFinite(extent[key]) && extent[key] % PAGE !== 0)
            yield `${key} of extent ${i} is ${hex(extent[key])}`;
    },
  },
  {
    rule: 'D_OVERFLOW',
    errno: EIO,
    summary: 'no offset or address plus length overflows',
    *broken({ extents }) {
      for (const [i, { fileOffset, address, length }] of extents.entries())
        if (!Number.isSafeInteger(fileOffset + length) || !Number.isSafeInteger(address + length))
          yield `extent ${i} ends above 2^53-1`;
    },
  },
  {
    rule: 'D_BACKING_ID',
    errno: EIO,
    summary: 'every extent names the id of a registered daxdev',
    *broken({ extents }, { daxdevs }) {
      for (const [i, { backingId }] of extents.entries())
        if (!(backingId >= 1 && backingId <= daxdevs))
          yield `extent ${i} names ${backingId}, registered are 1..${daxdevs}`;
    },
  },
  {
    rule: 'D_OVERLAP',
    errno: EIO,
    summary: 'extents do not overlap in the file',
    *broken({ extents }) {
      const sorted = [...extents.entries()].sort(([, a], [, b]) => a.fileOffset - b.fileOffset);
      for (let i = 1; i < sorted.length; i++) {
        const [first, before] = sorted[i - 1] as [number, DExtent];
        const [second, extent] = sorted[i] as [number, DExtent];
        if (before.fileOffset + before.length > extent.fileOffset) yield `extents ${first} and ${second} do`;
      }
    },
  },
  {
    rule: 'D_CYCLE',
    errno: EINVAL,
    summary: 'the extents of a CYCLIC map are of one length and follow each other from 0 on',
    *broken({ header, extents }) {
      if (header === undefined || (header.flags & D_FLAG_CYCLIC) === 0) return;
      const chunk = extents[0]?.length ?? 0;
      for (const [i, { fileOffset, length }] of extents.entries())
        if (length !== chunk || fileOffset !== i * chunk) yield `extent ${i} is ${hex(length)} at ${hex(fileOffset)}`;
    },
  },
  {
    rule: 'D_COVERAGE',
    errno: EIO,
    summary: 'the extents cover the file, which the kernel does not check',
    atAccess: true,
    *broken({ header, extents }, { fileSize = 0 }) {
      if (header === undefined || (header.flags & D_FLAG_CYCLIC) !== 0) return;
      const end = coveredFrom0(extents);
      if (end < fileSize) yield `${fileSize - end} of its ${fileSize} bytes, from ${end} on, are not or not all`;
    },
  },
];

/** Bytes from the start of the file on that are covered without a gap. */
function coveredFrom0(extents: readonly DExtent[]): number {
  let end = 0;
  for (const { fileOffset, length } of [...extents].sort((a, b) => a.fileOffset - b.fileOffset))
    if (fileOffset <= end) end = Math.max(end, fileOffset + length);
  return end;
}

/** Checks that kernels with form d make on an extent map, and their answers (docs/kernel-maps.md). */
import { hex } from '../fieldText.js';
import { MAX_DAXDEVS } from '../superblock.js';
import { type DeviceRange, deviceRules, mappedBytesOfStrip } from './deviceRules.js';
import {
  D_FLAG_CREATE,
  D_FLAG_CYCLIC,
  type DExtent,
  type DNotification,
  dExtentStruct,
  dHeaderStruct,
  isCyclic,
} from './dMessage.js';
import type { MapFacts } from './facts.js';
import { type Errno, type ExtentRule, type ExtentRules, type MessageRule, NONE } from './rule.js';

/** What is known besides the message; all kernels behave the same. */
export interface DKernel {
  readonly facts: MapFacts;
}

type Rule = MessageRule<DNotification, DKernel>;

const PAGE = 4096n;
const MOST_EXTENTS = 1365;
/** the highest file offset, and the highest sum of two: they are signed */
const LARGEST = 2n ** 63n - 1n;

const EINVAL = (): Errno => 'EINVAL';
const EIO = (): Errno => 'EIO';

/** In the order of the kernel, before any extent is examined. */
const HEADER_RULES: readonly Rule[] = [
  {
    rule: 'D_HEADER_RESERVED',
    errno: EINVAL,
    summary: 'reserved fields of the header are 0',
    broken({ header }) {
      const zero = header === undefined || (header.reserved1 === 0n && header.reserved2 === 0n);
      return zero ? NONE : ['they are not'];
    },
  },
  {
    rule: 'D_EXTENTS_NONE',
    errno: EIO,
    summary: 'there is at least one extent',
    broken({ header }) {
      return header?.extentCount === 0 ? ['it has none'] : NONE;
    },
  },
  {
    rule: 'D_FLAGS',
    errno: EINVAL,
    summary: 'CREATE is set, and no flag but CREATE and CYCLIC',
    broken({ header }) {
      if (header === undefined) return NONE;
      const known = (header.flags & ~(D_FLAG_CREATE | D_FLAG_CYCLIC)) === 0;
      return known && (header.flags & D_FLAG_CREATE) !== 0 ? NONE : [`they are ${hex(header.flags)}`];
    },
  },
  {
    rule: 'D_EXTENTS_MANY',
    errno: EINVAL,
    summary: `there are at most ${MOST_EXTENTS} extents`,
    broken({ header }) {
      const count = header?.extentCount ?? 0;
      return count > MOST_EXTENTS ? [`it has ${count}`] : NONE;
    },
  },
  {
    rule: 'D_MESSAGE_SIZE',
    errno: EINVAL,
    summary: 'the message has exactly 32 bytes, and 48 for each extent',
    broken({ header, length }) {
      const expected = dHeaderStruct.size + (header?.extentCount ?? 0) * dExtentStruct.size;
      return length === expected ? NONE : [`it has ${length}${header === undefined ? '' : `, not ${expected}`}`];
    },
  },
];

/** The kernel applies all of these to one extent before the next. */
const EXTENT_RULES: readonly ExtentRule<DNotification, DKernel>[] = [
  {
    rule: 'D_CYCLE',
    errno: EINVAL,
    summary: 'extents of a CYCLIC map have one length, and follow each other from offset 0 without a gap',
    brokenBy(notification, i) {
      if (!isCyclic(notification)) return undefined;
      const { fileOffset, length } = extentAt(notification, i);
      const chunk = extentAt(notification, 0).length;
      if (length === chunk && fileOffset === BigInt(i) * chunk) return undefined;
      return `extent ${i} has ${hex(length)} at ${hex(fileOffset)}`;
    },
  },
  {
    rule: 'D_RESERVED',
    errno: EIO,
    summary: 'reserved fields of an extent are 0',
    brokenBy(notification, i) {
      const { reserved1, reserved2 } = extentAt(notification, i);
      return reserved1 === 0n && reserved2 === 0n ? undefined : `those of extent ${i} are not`;
    },
  },
  {
    rule: 'D_LENGTH',
    errno: EIO,
    summary: 'no extent has the length 0',
    brokenBy: (notification, i) => (extentAt(notification, i).length === 0n ? `extent ${i} has` : undefined),
  },
  {
    rule: 'D_ALIGNMENT',
    errno: EIO,
    summary: 'file offset, length and device offset are multiples of 4096',
    brokenBy(notification, i) {
      const { fileOffset, length, deviceOffset } = extentAt(notification, i);
      if ((fileOffset | length | deviceOffset) % PAGE === 0n) return undefined;
      return `extent ${i} has ${hex(length)} at ${hex(fileOffset)}, on the daxdev at ${hex(deviceOffset)}`;
    },
  },
  {
    rule: 'D_OVERFLOW',
    errno: EIO,
    summary: 'file offset or device offset, plus length, is below 2^63',
    brokenBy(notification, i) {
      const { fileOffset, length, deviceOffset } = extentAt(notification, i);
      if (fileOffset + length <= LARGEST && deviceOffset + length <= LARGEST) return undefined;
      return `extent ${i} has ${hex(length)} at ${hex(fileOffset)}, on the daxdev at ${hex(deviceOffset)}`;
    },
  },
  {
    rule: 'D_BACKING_ID',
    errno: EIO,
    summary: 'every extent names the id of a registered daxdev, or 0 for a hole',
    brokenBy(notification, i, { facts }) {
      const { backingId } = extentAt(notification, i);
      if (backingId === 0n || isRegistered(backingId, facts)) return undefined;
      return `extent ${i} names ${backingId}`;
    },
  },
  {
    rule: 'D_OVERLAP',
    errno: EIO,
    summary: 'extents do not overlap in the file',
    brokenBy({ extents }, i) {
      const { fileOffset, length } = extents[i] as DExtent;
      for (let k = 0; k < i; k++) {
        const other = extents[k] as DExtent;
        if (fileOffset < other.fileOffset + other.length && other.fileOffset < fileOffset + length)
          return `extents ${k} and ${i} do`;
      }
      return undefined;
    },
  },
];

const EACH_EXTENT: ExtentRules<DNotification, DKernel> = {
  // neither the kernel nor this code examines more than these
  count: ({ extents }) => Math.min(extents.length, MOST_EXTENTS),
  eachExtent: EXTENT_RULES,
};

const LATER_RULES: readonly Rule[] = [
  {
    rule: 'D_MAP_ID',
    errno: () => 'EEXIST',
    summary: 'the id of the map is not that of a registered daxdev',
    broken({ header }, { facts }) {
      const taken = header !== undefined && isRegistered(header.backingId, facts);
      return taken ? [`it is ${header.backingId}`] : NONE;
    },
  },
  {
    rule: 'D_COVERAGE',
    class: 'ACCESS',
    errno: EIO,
    summary: 'the extents cover the file',
    broken(notification, { facts: { fileSize } }) {
      if (fileSize === undefined || isCyclic(notification)) return NONE;
      const end = coveredFrom0(notification.extents);
      return end < fileSize ? [`from byte ${end} of ${fileSize}, they do not, or not everywhere`] : NONE;
    },
  },
  {
    rule: 'D_STRIP_LENGTH',
    class: 'DANGEROUS',
    errno: () => null,
    summary: "each strip holds the chunks that the kernel maps there; past its end it reaches other files' bytes",
    broken(notification, { facts: { fmap, fileSize } }) {
      if (fmap?.layout !== 'interleaved' || fileSize === undefined || !isCyclic(notification)) return NONE;
      return fmap.extents.flatMap(({ length }, i) => {
        const mapped = mappedOf(notification, i, fileSize);
        return length < mapped ? [`strip ${i} has ${length} bytes, not ${mapped}`] : NONE;
      });
    },
  },
];

/** In the order of the kernel: the first rule that refuses gives the errno. */
export const D_RULES = [
  ...HEADER_RULES,
  EACH_EXTENT,
  ...LATER_RULES,
  ...deviceRules<DNotification, DKernel>('D', { ranges: rangesOf, nameOf }),
] as const;

function extentAt({ extents }: DNotification, i: number): DExtent {
  return extents[i] as DExtent;
}

function isRegistered(backingId: bigint, { daxdevs }: MapFacts): boolean {
  if (backingId < 1n || backingId > BigInt(MAX_DAXDEVS)) return false;
  return daxdevs === undefined || daxdevs[Number(backingId) - 1]?.present === true;
}

/** Bytes of the file, from its start, that extents on daxdevs cover without a gap. */
function coveredFrom0(extents: readonly DExtent[]): bigint {
  const mapped = extents.filter(({ backingId }) => backingId !== 0n);
  mapped.sort((a, b) => (a.fileOffset < b.fileOffset ? -1 : 1));
  let end = 0n;
  for (const { fileOffset, length } of mapped)
    if (fileOffset <= end && fileOffset + length > end) end = fileOffset + length;
  return end;
}

/** Bytes from the start of strip `i` of a CYCLIC map that the kernel maps for a file of `fileSize` bytes. */
function mappedOf({ extents }: DNotification, i: number, fileSize: number): bigint {
  return mappedBytesOfStrip(BigInt(fileSize), (extents[i] as DExtent).length, extents.length, i);
}

/** What is mapped: all of each extent, or, if the file's size is known, the part of each strip that the file needs. */
function rangesOf(notification: DNotification, { facts: { fileSize } }: DKernel): DeviceRange[] {
  const cyclic = isCyclic(notification);
  const ranges: DeviceRange[] = [];
  for (const [extent, { backingId, deviceOffset, length }] of notification.extents.entries()) {
    if (backingId === 0n) continue;
    const mapped = cyclic && fileSize !== undefined ? mappedOf(notification, extent, fileSize) : length;
    ranges.push({ extent, daxdev: Number(backingId) - 1, start: deviceOffset, end: deviceOffset + mapped });
  }
  return ranges;
}

function nameOf(notification: DNotification, extent: number): string {
  return `${isCyclic(notification) ? 'strip' : 'extent'} ${extent}`;
}

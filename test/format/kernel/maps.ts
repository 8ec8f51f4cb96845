/** Maps and messages that the tests of forms change. */

import type { Fmap } from '../../../src/format/fmap.js';
import { dExtentStruct, dHeaderStruct, encodeD, mapBackingId } from '../../../src/format/kernel/dMessage.js';
import { encodeV2, v2ExtentStruct, v2HeaderStruct, v2InterleavedStruct } from '../../../src/format/kernel/v2Message.js';

export const MIB = 1024 ** 2;
export const PMD = 2 * MIB;

/** two extents, 6 MiB */
export const SIMPLE: Fmap = {
  layout: 'simple',
  extents: [
    { daxdev: 0, deviceOffset: 10 * MIB, length: 2 * MIB },
    { daxdev: 0, deviceOffset: 20 * MIB, length: 4 * MIB },
  ],
};

/** three strips of two chunks, 12 MiB */
export const STRIPED: Fmap = {
  layout: 'interleaved',
  chunkSize: PMD,
  extents: [10, 20, 30].map((at) => ({ daxdev: 0, deviceOffset: at * MIB, length: 4 * MIB })),
};

/** So many extents of 2 MiB, one after the other; `count` * 2 MiB in all. */
export function extents(count: number): Fmap {
  const all = Array.from({ length: count }, (_, i) => ({ daxdev: 0, deviceOffset: (i + 1) * PMD, length: PMD }));
  return { layout: 'simple', extents: all };
}

export function strips(count: number): Fmap {
  return { layout: 'interleaved', chunkSize: PMD, extents: extents(count).extents };
}

type Change = (image: Buffer) => Buffer | unknown;

function changed(image: Buffer, change: Change): Buffer {
  const result = change(image);
  return Buffer.isBuffer(result) ? result : image;
}

/** The v2 reply for SIMPLE or STRIPED, changed in place, or replaced by what the change returns. */
export const simpleV2 = (change: Change = () => 0) => changed(encodeV2(SIMPLE, 6 * MIB, false), change);
export const stripedV2 = (change: Change = () => 0) => changed(encodeV2(STRIPED, 12 * MIB, false), change);
/** The notification of form d for the same. */
export const simpleD = (change: Change = () => 0) => changed(encodeD(SIMPLE, mapBackingId(0)), change);
export const cyclicD = (change: Change = () => 0) => changed(encodeD(STRIPED, mapBackingId(0)), change);

/** bytes before the first extent, and the offsets of fields, for changes */
export const V2_HEAD = v2HeaderStruct.size;
export const V2_HEADER = v2HeaderStruct.offsets;
export const V2_EXTENT = v2ExtentStruct.offsets;
export const V2_INTERLEAVED = v2InterleavedStruct.offsets;
/** byte at which strip `i` of STRIPED begins */
export const v2Strip = (i: number) => V2_HEAD + v2InterleavedStruct.size + i * v2ExtentStruct.size;
export const D_HEADER = dHeaderStruct.offsets;
export const D_EXTENT = dExtentStruct.offsets;
/** byte at which extent `i` of a notification begins */
export const dExtent = (i: number) => dHeaderStruct.size + i * dExtentStruct.size;

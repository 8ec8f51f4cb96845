/** Reads the map of a FILE entry and judges it by the format's own rules; the daxdevs are not looked at here. */

import type { FaultSink } from './fault.js';
import { checkZero, decimalAt, hex, hexAt } from './fieldText.js';
import { roundUp, stripLength } from './fmap.js';
import {
  EXTENT_INTERLEAVED,
  EXTENT_SIMPLE,
  type Extent,
  extentStruct,
  type Fmap,
  fileStruct,
  interleavedStruct,
  MAX_SIMPLE_EXTENTS,
  MAX_STRIPS,
} from './logEntry.js';
import { readU64 } from './struct.js';

const FILE = fileStruct.offsets;
const EXTENT = extentStruct.offsets;
const STRIPED = interleavedStruct.offsets;

/**
 * Reads the map of the FILE payload at `at` and judges it against the file's size and the allocation unit (bytes). A
 * wrong count yields no more than 16 extents, which are then not judged one by one.
 */
export function readFmap(view: DataView, at: number, size: number, unit: number, sink: FaultSink): Fmap {
  let countsSound = true;
  const fmap = readExtentList(view, at, (code, field, found, allowed) => {
    countsSound = false;
    sink(code, field, found, allowed);
  });
  if (countsSound) checkFmap(fmap, size, unit, sink);
  return fmap;
}

function readExtentList(view: DataView, at: number, sink: FaultSink): Fmap {
  const type = view.getUint32(at + FILE.extentType, true);
  const count = view.getUint32(at + FILE.extentCount, true);
  if (type === EXTENT_SIMPLE) return readSimple(view, at + FILE.extents, count, sink);
  if (type === EXTENT_INTERLEAVED) return readInterleaved(view, at + FILE.extents, count, sink);
  sink('EXTENT_TYPE', 'file.extentType', type, '0 (simple) or 1 (interleaved)');
  return { kind: 'simple', extents: [] };
}

function readSimple(view: DataView, at: number, count: number, sink: FaultSink): Fmap {
  if (count < 1 || count > MAX_SIMPLE_EXTENTS)
    sink('EXTENT_COUNT', 'file.extentCount', count, `1..${MAX_SIMPLE_EXTENTS}`);
  const readable = Math.min(count, MAX_SIMPLE_EXTENTS);
  const extents = readExtents(view, at, readable);
  checkZero(
    view,
    at + readable * extentStruct.size,
    at + interleavedStruct.size,
    'file: bytes behind the last extent',
    sink,
  );
  return { kind: 'simple', extents };
}

function readInterleaved(view: DataView, at: number, count: number, sink: FaultSink): Fmap {
  if (count !== 1) sink('EXTENT_COUNT', 'file.extentCount', count, '1 for an interleaved file');
  const stripCount = readU64(view, at + STRIPED.stripCount);
  const chunkSize = readU64(view, at + STRIPED.chunkSize);
  if (stripCount < 1 || stripCount > MAX_STRIPS)
    sink('STRIP_COUNT', 'interleaved_extent.stripCount', decimalAt(view, at + STRIPED.stripCount), `1..${MAX_STRIPS}`);
  const readable = Math.min(stripCount, MAX_STRIPS);
  const strips = at + STRIPED.strips;
  const extents = readExtents(view, strips, readable);
  checkZero(
    view,
    strips + readable * extentStruct.size,
    at + interleavedStruct.size,
    'file: bytes behind the last strip',
    sink,
  );
  if (!isChunkSize(chunkSize)) {
    const found = hexAt(view, at + STRIPED.chunkSize);
    sink('CHUNK_SIZE', 'interleaved_extent.chunkSize', found, 'a power of two and a multiple of the allocation unit');
  }
  return { kind: 'interleaved', chunkSize, extents };
}

function readExtents(view: DataView, at: number, count: number): Extent[] {
  const extents: Extent[] = [];
  for (let i = 0; i < count; i++) {
    const base = at + i * extentStruct.size;
    extents.push({
      deviceIndex: readU64(view, base + EXTENT.deviceIndex),
      offset: readU64(view, base + EXTENT.offset),
      length: readU64(view, base + EXTENT.length),
    });
  }
  return extents;
}

function isChunkSize(chunkSize: number): boolean {
  return chunkSize > 0 && Number.isSafeInteger(chunkSize) && Number.isInteger(Math.log2(chunkSize));
}

function checkFmap(fmap: Fmap, size: number, unit: number, sink: FaultSink): void {
  const name = fmap.kind === 'simple' ? 'extent' : 'strip';
  let total = 0;
  for (let i = 0; i < fmap.extents.length; i++) {
    const extent = fmap.extents[i] as Extent;
    total += extent.length;
    if (extent.offset === 0 || extent.offset % unit !== 0)
      sink('EXTENT_OFFSET', `${name}[${i}].offset`, hex(extent.offset), `a multiple of ${hex(unit)} that is not 0`);
    if (extent.length === 0 || extent.length % unit !== 0)
      sink('EXTENT_LENGTH', `${name}[${i}].length`, hex(extent.length), `a multiple of ${hex(unit)} that is not 0`);
  }
  if (fmap.extents.length === 0) return;
  if (fmap.kind === 'interleaved') checkInterleaved(fmap.chunkSize, fmap.extents, size, unit, sink);
  else checkCoverage(total, size, unit, sink);
}

function checkCoverage(total: number, size: number, unit: number, sink: FaultSink): void {
  const needed = roundUp(size, unit);
  if (total < needed) sink('COVERAGE_SHORT', 'file.size', size, `at most ${total}, the bytes that its extents hold`);
  else if (total > needed)
    sink('COVERAGE_EXCESS', 'file.extents', hex(total), `${hex(needed)}, the size in allocation units`);
}

function checkInterleaved(
  chunkSize: number,
  strips: readonly Extent[],
  size: number,
  unit: number,
  sink: FaultSink,
): void {
  if (!isChunkSize(chunkSize)) return;
  if (chunkSize % unit !== 0)
    sink('CHUNK_SIZE', 'interleaved_extent.chunkSize', hex(chunkSize), `a multiple of ${hex(unit)}`);
  const expected = stripLength(size, chunkSize, strips.length);
  const covered =
    strips.reduce((least, strip) => Math.min(least, strip.length), Number.POSITIVE_INFINITY) * strips.length;
  if (covered < size) sink('COVERAGE_SHORT', 'file.size', size, `at most ${covered}, the bytes that its strips hold`);
  for (let i = 0; i < strips.length; i++) {
    const { length } = strips[i] as Extent;
    if (length !== expected)
      sink(
        'STRIP_LENGTH',
        `strip[${i}].length`,
        hex(length),
        `${hex(expected)} for this size, chunk and number of strips`,
      );
  }
}

/** Reads the map of a FILE entry and checks it against the rules of the format, but not against the daxdevs. */

import type { Fault } from '../fault.js';
import { checkUnused, decimalAt, hex, hexAt } from '../fieldText.js';
import { MAX_SIMPLE_EXTENTS, MAX_STRIPS, roundUp, stripLength } from '../fmap.js';
import { readU64 } from '../struct.js';
import { HUGE_PAGE } from '../superblock.js';
import type { EntryCursor } from './cursor.js';
import { EXTENT_INTERLEAVED, EXTENT_SIMPLE, extentStruct, fileStruct, interleavedStruct } from './fileStruct.js';

const FILE = fileStruct.offsets;
const EXTENT = extentStruct.offsets;
const STRIPED = interleavedStruct.offsets;

/**
 * Reads the map of the FILE payload at `at` into the cursor, and checks it against the size in the cursor and the allocation unit
 * (bytes). If the count is wrong, at most 16 extents are read, and they are not checked.
 * @param end position after the last nonzero byte of the payload
 */
export function readFmap(cursor: EntryCursor, view: DataView, at: number, end: number, unit: number): void {
  const type = view.getUint32(at + FILE.extentType, true);
  const count = view.getUint32(at + FILE.extentCount, true);
  cursor.interleaved = type === EXTENT_INTERLEAVED;
  const first = cursor.faults.length;
  if (type === EXTENT_SIMPLE) readSimple(cursor, view, at + FILE.extents, count, end);
  else if (type === EXTENT_INTERLEAVED) readInterleaved(cursor, view, at + FILE.extents, count, end);
  else cursor.report('EXTENT_TYPE', 'file.extentType', type, '0 (simple) or 1 (interleaved)');
  if (areCountsSound(cursor.faults, first)) checkFmap(cursor, unit);
}

/** Junk after the last extent does not make the extents unusable. */
function areCountsSound(faults: readonly Fault[], first: number): boolean {
  for (let i = first; i < faults.length; i++) if (faults[i]?.code !== 'ENTRY_RESERVED') return false;
  return true;
}

function readSimple(cursor: EntryCursor, view: DataView, at: number, count: number, end: number): void {
  if (count < 1 || count > MAX_SIMPLE_EXTENTS)
    cursor.report('EXTENT_COUNT', 'file.extentCount', count, `1..${MAX_SIMPLE_EXTENTS}`);
  const readable = Math.min(count, MAX_SIMPLE_EXTENTS);
  readExtents(cursor, view, at, readable);
  checkUnused(at + readable * extentStruct.size, end, 'file: bytes after the last extent', cursor.report);
}

function readInterleaved(cursor: EntryCursor, view: DataView, at: number, count: number, end: number): void {
  if (count !== 1) cursor.report('EXTENT_COUNT', 'file.extentCount', count, '1 for an interleaved file');
  const stripCount = readU64(view, at + STRIPED.stripCount);
  const chunkSize = readU64(view, at + STRIPED.chunkSize);
  if (stripCount < 1 || stripCount > MAX_STRIPS)
    cursor.report(
      'STRIP_COUNT',
      'interleaved_extent.stripCount',
      decimalAt(view, at + STRIPED.stripCount),
      `1..${MAX_STRIPS}`,
    );
  const readable = Math.min(stripCount, MAX_STRIPS);
  const strips = at + STRIPED.strips;
  readExtents(cursor, view, strips, readable);
  checkUnused(strips + readable * extentStruct.size, end, 'file: bytes after the last strip', cursor.report);
  cursor.chunkSize = chunkSize;
  if (!isChunkSize(chunkSize)) {
    const found = hexAt(view, at + STRIPED.chunkSize);
    cursor.report(
      'CHUNK_SIZE',
      'interleaved_extent.chunkSize',
      found,
      'a power of two and a multiple of the allocation unit',
    );
  }
}

function readExtents(cursor: EntryCursor, view: DataView, at: number, count: number): void {
  for (let i = 0; i < count; i++) {
    const base = at + i * extentStruct.size;
    cursor.addExtent(
      readU64(view, base + EXTENT.daxdev),
      readU64(view, base + EXTENT.deviceOffset),
      readU64(view, base + EXTENT.length),
    );
  }
}

function isChunkSize(chunkSize: number): boolean {
  return chunkSize > 0 && Number.isSafeInteger(chunkSize) && Number.isInteger(Math.log2(chunkSize));
}

function checkFmap(cursor: EntryCursor, unit: number): void {
  const { extentCount, interleaved, offsets, lengths, report } = cursor;
  const name = interleaved ? 'strip' : 'extent';
  for (let i = 0; i < extentCount; i++) {
    const offset = offsets[i] as number;
    const length = lengths[i] as number;
    if (offset === 0 || offset % unit !== 0)
      report('EXTENT_OFFSET', `${name}[${i}].offset`, hex(offset), `a multiple of ${hex(unit)} that is not 0`);
    if (length === 0 || length % unit !== 0)
      report('EXTENT_LENGTH', `${name}[${i}].length`, hex(length), `a multiple of ${hex(unit)} that is not 0`);
  }
  if (extentCount === 0) return;
  if (interleaved) checkInterleaved(cursor, unit);
  else checkCoverage(cursor);
}

function checkCoverage({ size, extentCount, lengths, report }: EntryCursor): void {
  let total = 0;
  for (let i = 0; i < extentCount; i++) total += lengths[i] as number;
  // writers may allocate in units of 2 MiB even if the allocation unit is smaller
  const most = roundUp(size, HUGE_PAGE);
  if (total < size) report('COVERAGE_SHORT', 'file.size', size, `at most ${total}, the length of its extents`);
  else if (total > most)
    report('COVERAGE_EXCESS', 'file.extents', hex(total), `at most ${hex(most)}, the size in units of 2 MiB`);
}

function checkInterleaved({ size, chunkSize, extentCount, lengths, report }: EntryCursor, unit: number): void {
  if (!isChunkSize(chunkSize)) return;
  if (chunkSize % unit !== 0)
    report('CHUNK_SIZE', 'interleaved_extent.chunkSize', hex(chunkSize), `a multiple of ${hex(unit)}`);
  if (size < chunkSize)
    report('CHUNK_EXCESS', 'interleaved_extent.chunkSize', hex(chunkSize), `at most ${size}, the size of the file`);
  const expected = stripLength(size, chunkSize, extentCount);
  let covered = Number.POSITIVE_INFINITY;
  for (let i = 0; i < extentCount; i++) covered = Math.min(covered, (lengths[i] as number) * extentCount);
  if (covered < size) report('COVERAGE_SHORT', 'file.size', size, `at most ${covered}, the length of its strips`);
  for (let i = 0; i < extentCount; i++) {
    const length = lengths[i] as number;
    if (length !== expected)
      report(
        'STRIP_LENGTH',
        `strip[${i}].length`,
        hex(length),
        `${hex(expected)} for this size, chunk and number of strips`,
      );
  }
}

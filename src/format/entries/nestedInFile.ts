/** Where the extents of a FILE payload lie, whatever its counts say. */
import { MAX_SIMPLE_EXTENTS, MAX_STRIPS } from '../fmap.js';
import type { Nested } from '../rawFields.js';
import { readU64 } from '../struct.js';
import { EXTENT_INTERLEAVED, extentStruct, fileStruct, interleavedStruct } from './fileStruct.js';

const FIELD = 'extents';

/**
 * The extents, or the interleaved record with its strips: as many as are counted, and more where bytes follow that are not 0. An
 * unknown extent type is read as simple.
 */
export function nestedInFile(view: DataView, at: number): Nested[] {
  const { extentType, extentCount, extents } = fileStruct.offsets;
  const first = at + extents;
  if (view.getUint32(at + extentType, true) !== EXTENT_INTERLEAVED)
    return extentsAt(view, first, view.getUint32(at + extentCount, true), MAX_SIMPLE_EXTENTS, 'extent');
  const { name } = interleavedStruct;
  const { stripCount, strips } = interleavedStruct.offsets;
  return [
    { field: FIELD, name, struct: interleavedStruct, offset: first, without: ['strips'] },
    ...extentsAt(view, first + strips, readU64(view, first + stripCount), MAX_STRIPS, 'strip'),
  ];
}

function extentsAt(view: DataView, at: number, counted: number, most: number, name: string): Nested[] {
  let count = most;
  while (count > counted && isZero(view, at + (count - 1) * extentStruct.size)) count--;
  return Array.from({ length: count }, (_, i) => ({
    field: FIELD,
    name: `${name}[${i}]`,
    struct: extentStruct,
    offset: at + i * extentStruct.size,
  }));
}

function isZero(view: DataView, at: number): boolean {
  for (let i = 0; i < extentStruct.size; i++) if (view.getUint8(at + i) !== 0) return false;
  return true;
}

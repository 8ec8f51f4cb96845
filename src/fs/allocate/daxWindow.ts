/** Mapping a file range through a DAX window, as a virtiofs client does with SETUPMAPPING and REMOVEMAPPING. */

import type { Fmap } from '../../format/fmap.js';
import { type Piece, resolveRange } from '../../format/fmap.js';

/** One mapping command. All in bytes. */
export type WindowOperation =
  | ({ readonly operation: 'setup'; readonly windowOffset: number } & Piece)
  | { readonly operation: 'remove'; readonly windowOffset: number; readonly length: number };

export interface DaxWindow {
  /** bytes; a multiple of the granularity, at least one */
  readonly size: number;
  /** bytes; a power of two from 4096: mappings begin at multiples of it, in the file and in the window */
  readonly granularity: number;
}

/**
 * The commands with which a client of `window` reads bytes [offset, offset + length) of a file from start to end. The range is
 * widened to whole granules as far as the map goes, and the oldest granule is removed when the window is full. At the end,
 * everything is removed.
 */
export function* planWindow(
  fmap: Fmap,
  offset: number,
  length: number,
  { size, granularity }: DaxWindow,
): Generator<WindowOperation> {
  const places = Math.floor(size / granularity);
  const first = Math.floor(offset / granularity);
  const last = Math.ceil((offset + length) / granularity) - 1;
  const placeOf = (granule: number) => ((granule - first) % places) * granularity;
  for (let granule = first; granule <= last; granule++) {
    if (granule - first >= places) yield removal(fmap, granule - places, placeOf(granule), granularity);
    for (const piece of resolveRange(fmap, granule * granularity, granularity))
      yield {
        operation: 'setup',
        windowOffset: placeOf(granule) + piece.fileOffset - granule * granularity,
        ...piece,
      };
  }
  for (let granule = Math.max(first, last - places + 1); granule <= last; granule++)
    yield removal(fmap, granule, placeOf(granule), granularity);
}

/** Removes the mapping of a granule: the whole granule, or less where the map ends within it. */
function removal(fmap: Fmap, granule: number, windowOffset: number, granularity: number): WindowOperation {
  const pieces = resolveRange(fmap, granule * granularity, granularity);
  const length = [...pieces].reduce((sum, piece) => sum + piece.length, 0);
  return { operation: 'remove', windowOffset, length };
}

/** How large the holes of a pool are. */

import type { Range } from './range.js';

/** Holes with lengths in one range. */
export interface HoleClass {
  /** bytes, a power of two: the least length of the class */
  readonly least: number;
  /** bytes: every hole of the class is shorter */
  readonly below: number;
  readonly count: number;
  /** bytes of all holes of the class */
  readonly bytes: number;
}

/** The holes by powers of two of their length, ascending, from the first nonempty class to the last. */
export function holeClasses(holes: Iterable<Range>): HoleClass[] {
  const counts: number[] = [];
  const sums: number[] = [];
  for (const { start, end } of holes) {
    const power = Math.floor(Math.log2(end - start));
    counts[power] = (counts[power] ?? 0) + 1;
    sums[power] = (sums[power] ?? 0) + end - start;
  }
  const first = counts.findIndex((count) => count !== undefined);
  return Array.from({ length: first < 0 ? 0 : counts.length - first }, (_, i) => {
    const power = first + i;
    return { least: 2 ** power, below: 2 ** (power + 1), count: counts[power] ?? 0, bytes: sums[power] ?? 0 };
  });
}

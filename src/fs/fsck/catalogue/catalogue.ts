/**
 * The catalogue of everything that can be wrong with a famfs, one row per code. A check of fsck is a row here and the code that
 * finds it. A code without a row does not compile, nor does a row whose words use values that its code does not have.
 */
import type { Finding } from '../../finding/finding.js';
import type { FindingTally } from '../../finding/tally.js';
import type { FindingCode } from '../../finding/values.js';
import { entryRows } from './entry.js';
import { kernelRows } from './kernel.js';
import { logRows } from './log.js';
import { poolRows } from './pool.js';
import { referenceRows } from './reference.js';
import type { FindingRow, RowsOf, Severity } from './row.js';
import { superblockRows } from './superblock.js';
import { namespaceRows, spaceRows } from './tree.js';

export const CATALOGUE = {
  ...superblockRows,
  ...logRows,
  ...entryRows,
  ...namespaceRows,
  ...spaceRows,
  ...poolRows,
  ...kernelRows,
  ...referenceRows,
} as const satisfies RowsOf<FindingCode>;

/** All codes, in the order of the catalogue. */
export const FINDING_CODES = Object.keys(CATALOGUE) as readonly FindingCode[];

/** The value found and the values allowed, a sentence without its final stop. */
export function messageOf({ code, values, place }: Finding): string {
  // code and values belong together, but the compiler cannot see that once they are separated
  const row = CATALOGUE[code] as FindingRow<never>;
  return row.message(values as never, place);
}

/** Number of findings of a severity, kept or not. */
export function countOf(severity: Severity, tally: FindingTally): number {
  return tally.count((code) => CATALOGUE[code].severity === severity);
}

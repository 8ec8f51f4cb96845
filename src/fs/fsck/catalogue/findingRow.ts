/** A finding with its words from the catalogue, as JSON and the library show it. */
import type { Finding } from '../../finding/finding.js';
import type { FindingCode } from '../../finding/values.js';
import { CATALOGUE, messageOf } from './catalogue.js';
import type { RepairKind, Severity } from './row.js';

/** One finding; fields of the place that do not apply are left out. */
export interface FindingRow {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** log entry */
  readonly slot?: number;
  /** last log entry of a run with one cause; `slot` is the first */
  readonly lastSlot?: number;
  readonly path?: string;
  /** index in the pool; null: above 2^53-1 */
  readonly daxdev?: number | null;
  /** bytes from the start of the daxdev; null: above 2^53-1 */
  readonly deviceOffset?: number | null;
  /** bytes; null: above 2^53-1 */
  readonly length?: number | null;
  /** number of log entries in the run that are affected; 1 if it is not a run */
  readonly count: number;
  /** the value found and the values allowed; the fields depend on the code; null: above 2^53-1 */
  readonly values: { readonly [name: string]: unknown };
  /** the values in words */
  readonly message: string;
  readonly advice: string;
  /** whether it can be repaired: with -p, with -y, in some cases, or never */
  readonly repair: RepairKind;
}

export function findingRow(finding: Finding): FindingRow {
  const { code, place, values, count } = finding;
  const { severity, advice, repair } = CATALOGUE[code];
  return { code, severity, ...place, count, values: { ...values }, message: messageOf(finding), advice, repair };
}

import type { Finding, FindingPlace } from '../../fs/finding/finding.js';
import type { FindingCode } from '../../fs/finding/values.js';
import { CATALOGUE, messageOf } from '../../fs/fsck/catalogue/catalogue.js';
import type { RepairKind, Severity } from '../../fs/fsck/catalogue/row.js';
import type { Style } from '../../ui/command.js';
import { hex } from '../../ui/units.js';

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

/** The place, the value found, and the consequences. */
export function findingLine(finding: Finding, style: Style): string {
  const { code, place, count } = finding;
  const { severity, advice } = CATALOGUE[code];
  const paint = severity === 'error' ? style.red : style.yellow;
  const where = placeText(place, count);
  return `${paint(severity)} ${style.bold(code)}${where === '' ? '' : ` (${where})`}: ${messageOf(finding)}. ${advice}`;
}

function placeText({ slot, lastSlot, path, daxdev, deviceOffset }: FindingPlace, count: number): string {
  const parts: string[] = [];
  if (slot !== undefined) parts.push(lastSlot === undefined ? `log entry ${slot}` : slotRange(slot, lastSlot, count));
  if (path !== undefined) parts.push(`'${path}'`);
  if (daxdev !== undefined) parts.push(`daxdev ${daxdev}`);
  if (deviceOffset !== undefined) parts.push(`at ${Number.isFinite(deviceOffset) ? hex(deviceOffset) : 'over 2^53-1'}`);
  return parts.join(', ');
}

function slotRange(first: number, last: number, count: number): string {
  const range = `log entries ${first} to ${last}`;
  return count === last - first + 1 ? range : `${count} of ${range}`;
}

import type { Finding, FindingPlace } from '../../fs/finding/finding.js';
import { CATALOGUE, messageOf } from '../../fs/fsck/catalogue/catalogue.js';
import type { Style } from '../../ui/command.js';
import { hex } from '../../ui/units.js';

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

/** What reading the memory of a pool has found, in JSON and in lines. */

import { counted } from '../../format/counted.js';
import { listed } from '../../format/listed.js';
import type { Volume } from '../../fs/pool/volume.js';
import { filesIn, type PoisonCheck, type PoisonScope } from '../../fs/usage/poison.js';
import type { Style } from '../../ui/command.js';
import { hex, humanBytes } from '../../ui/units.js';

export interface PoisonRow {
  /** what was read */
  readonly scope: PoisonScope;
  /** bytes that can be read */
  readonly bytes: number;
  /** what cannot be read, by daxdev and offset */
  readonly ranges: readonly PoisonedRangeRow[];
  /** indices of the daxdevs that were not read, because they are not on this host */
  readonly unread: readonly number[];
}

interface PoisonedRangeRow {
  /** index in the pool */
  readonly daxdev: number;
  /** bytes from the start of the daxdev */
  readonly deviceOffset: number;
  /** bytes */
  readonly length: number;
  /** paths of the files that have bytes there, relative to the root */
  readonly files: readonly string[];
}

const MOST_LINES = 20;

const READ: Readonly<Record<PoisonScope, string>> = {
  files: 'superblock, log and files',
  all: 'the daxdevs',
};

export function poisonRow(volume: Volume, { scope, bytes, ranges, unread }: PoisonCheck): PoisonRow {
  const files = filesIn(volume, ranges);
  const rows = ranges.flatMap((own, daxdev) =>
    own.map(({ start, end }, i): PoisonedRangeRow => {
      return { daxdev, deviceOffset: start, length: end - start, files: files[daxdev]?.[i] ?? [] };
    }),
  );
  return { scope, bytes, ranges: rows, unread };
}

export function* poisonLines(style: Style, { scope, bytes, ranges, unread }: PoisonRow): Generator<string> {
  yield `read ${humanBytes(bytes)} of ${READ[scope]}${ranges.length === 0 ? ': no poison' : ''}`;
  if (unread.length > 0)
    yield `not read: ${counted(unread.length, 'daxdev')} that this host does not have (${listed(unread.map(String))})`;
  for (const { daxdev, deviceOffset, length, files } of ranges.slice(0, MOST_LINES))
    yield style.red(`poison: ${humanBytes(length)} of daxdev ${daxdev} at ${hex(deviceOffset)}${ownersText(files)}`);
  if (ranges.length > MOST_LINES) yield `and ${counted(ranges.length - MOST_LINES, 'more range')}: --json lists all`;
}

function ownersText(files: readonly string[]): string {
  const [first] = files;
  if (first === undefined) return '';
  const others = files.length === 1 ? '' : ` and ${counted(files.length - 1, 'more file')}`;
  return `, in ${first}${others}`;
}

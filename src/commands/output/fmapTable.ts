/** The maps of files as tables: a summary of each, then its extents or strips. */

import type { FileEntry } from '../../format/entries/file.js';
import type { Context, Style } from '../../ui/command.js';
import { type Column, table } from '../../ui/table.js';
import { exactBytes, hex } from '../../ui/units.js';
import { type ExtentRow, type FmapRow, fmapRow } from './extent.js';
import { numberTable } from './numberTable.js';

/** The layout and place of a file. */
export interface FileMap extends FmapRow {
  /** relative to the root */
  readonly path: string;
  /** bytes */
  readonly size: number;
}

export function fileMap(entry: FileEntry): FileMap {
  const { path, size } = entry;
  return { path, size, ...fmapRow(entry) };
}

/** The number counts extents or strips, from 0. */
type NumberedExtent = ExtentRow & { readonly number: number };

function columns(layout: FmapRow['layout']): Column<NumberedExtent>[] {
  return [
    { key: 'number', label: layout === 'simple' ? 'extent' : 'strip', align: 'right' },
    { key: 'daxdev', label: 'daxdev', align: 'right' },
    { key: 'deviceOffset', label: 'device offset', align: 'right', format: hex },
    { key: 'length', label: 'length', align: 'right', format: hex },
  ];
}

export const EXTENT_LABELS = columns('simple').map(({ label }) => label);
export const STRIP_LABELS = columns('interleaved').map(({ label }) => label);

/** The lines of maps with borders, and a blank line between files. */
export async function borderedMaps(context: Context, style: Style, files: readonly FileMap[]): Promise<string[]> {
  const lines: string[] = [];
  for (const file of files) {
    if (lines.length > 0) lines.push('');
    lines.push(style.bold(file.path), `  ${summaryLine(file)}`);
    const rows = file.extents.map((extent, number) => ({ number, ...extent }));
    lines.push(...(await table(context, style, columns(file.layout), rows)));
  }
  return lines;
}

/** The lines of one map without borders. */
export function* plainMap(style: Style, file: FileMap): Generator<string> {
  yield style.bold(file.path);
  yield `  ${summaryLine(file)}`;
  yield* extentLines(style, file);
}

function extentLines(style: Style, { layout, extents }: FileMap): Iterable<string> {
  const labels = layout === 'simple' ? EXTENT_LABELS : STRIP_LABELS;
  const rows = extents.map(({ daxdev, deviceOffset, length }, number) => {
    return [String(number), String(daxdev), hex(deviceOffset), hex(length)];
  });
  return numberTable(style, labels, rows);
}

function summaryLine({ size, chunkSize, stripeSize, allocated, slack }: FileMap): string {
  const layout =
    chunkSize === null
      ? 'simple'
      : `interleaved, chunk ${exactBytes(chunkSize)}, stripe ${exactBytes(stripeSize ?? 0)}`;
  return `size ${size}, ${layout}, allocated ${allocated}, slack ${slack}`;
}

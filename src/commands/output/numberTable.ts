import type { Style } from '../../ui/command.js';

/** between two columns */
export const GAP = '  ';

/**
 * A table of numbers without borders, in the format of `table` but many times faster, because there may be half a million of
 * them. Rows are read twice. They come in an array if they do in one.
 */
export function numberTable(
  style: Style,
  labels: readonly string[],
  rows: Iterable<readonly string[]>,
): Iterable<string> {
  const widths = labels.map(({ length }) => length);
  for (const row of rows)
    for (let i = 0; i < row.length; i++) widths[i] = Math.max(widths[i] as number, (row[i] as string).length);
  let head = '';
  for (const [i, label] of labels.entries())
    head += (i === 0 ? '' : GAP) + ' '.repeat((widths[i] as number) - label.length) + style.bold(label);
  return Array.isArray(rows) ? [head, ...rows.map((row) => padded(row, widths))] : later(head, rows, widths);
}

function* later(head: string, rows: Iterable<readonly string[]>, widths: readonly number[]): Generator<string> {
  yield head;
  for (const row of rows) yield padded(row, widths);
}

function padded(row: readonly string[], widths: readonly number[]): string {
  let line = '';
  for (let i = 0; i < row.length; i++) line += (i === 0 ? '' : GAP) + (row[i] as string).padStart(widths[i] as number);
  return line;
}

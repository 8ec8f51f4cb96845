import type { Context, Style } from './command.js';
import { hideCodes, showCodes } from './style.js';
import { escapeText, textWidth } from './text.js';

/** One column of a table; `key` names the field of the row it shows. */
export type Column<Row> = { readonly [Key in keyof Row & string]: ColumnOf<Row, Key> }[keyof Row & string];

interface ColumnOf<Row, Key extends keyof Row> {
  readonly key: Key;
  readonly label: string;
  /** left when absent */
  readonly align?: 'left' | 'right';
  /** the cell's text; String() of the field when absent, nothing for undefined and null */
  format?(value: Row[Key], row: Row): string;
  /** colours the text of a cell */
  paint?(text: string, style: Style, row: Row): string;
}

/** More rows than this are written plainly on a terminal too: borders need all of them at once. */
const MOST_BORDERED = 1000;

/**
 * The lines of a table: aligned text, or with light borders on a terminal. Rows are gone through twice, the first time
 * for the widths: a long listing is better no generator, which must be collected, but `{ [Symbol.iterator]: walk }`.
 */
export async function table<Row>(
  context: Pick<Context, 'terminal'>,
  style: Style,
  columns: readonly Column<Row>[],
  rows: Iterable<Row>,
): Promise<Iterable<string>> {
  const again = Object.is(rows[Symbol.iterator](), rows) ? [...rows] : rows;
  const layout = measure(columns, again);
  return context.terminal && layout.count <= MOST_BORDERED
    ? await bordered(style, columns, again)
    : plain(style, columns, again, layout.widths);
}

function measure<Row>(columns: readonly Column<Row>[], rows: Iterable<Row>): { widths: number[]; count: number } {
  const widths = columns.map((column) => textWidth(column.label));
  let count = 0;
  for (const row of rows) {
    count += 1;
    for (const [index, column] of columns.entries()) {
      widths[index] = Math.max(widths[index]!, textWidth(cellText(column, row)));
    }
  }
  return { widths, count };
}

function* plain<Row>(style: Style, columns: readonly Column<Row>[], rows: Iterable<Row>, widths: readonly number[]) {
  const line = (cell: (column: Column<Row>) => { text: string; painted: string }) =>
    columns
      .map((column, index) => {
        const { text, painted } = cell(column);
        const gap = ' '.repeat(widths[index]! - textWidth(text));
        if (column.align === 'right') return gap + painted;
        return index === columns.length - 1 ? painted : painted + gap;
      })
      .join('  ')
      .trimEnd();
  yield line(({ label }) => ({ text: label, painted: style.bold(label) }));
  for (const row of rows) yield line((column) => paintedCell(column, row, style));
}

async function bordered<Row>(style: Style, columns: readonly Column<Row>[], rows: Iterable<Row>): Promise<string[]> {
  const { default: Table } = await import('cli-table3');
  const frame = new Table({
    head: columns.map((column) => showCodes(style.bold(column.label))),
    colAligns: columns.map((column) => column.align ?? 'left'),
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) frame.push(columns.map((column) => showCodes(paintedCell(column, row, style).painted)));
  return hideCodes(frame.toString()).split('\n');
}

function paintedCell<Row>(column: Column<Row>, row: Row, style: Style): { text: string; painted: string } {
  const text = cellText(column, row);
  return { text, painted: column.paint ? column.paint(text, style, row) : text };
}

function cellText<Row>(column: Column<Row>, row: Row): string {
  const value = row[column.key];
  return escapeText(column.format ? column.format(value, row) : String(value ?? ''));
}

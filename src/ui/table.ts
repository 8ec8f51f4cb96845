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

/** With more rows than this, a terminal gets no borders either: they need all rows at once. */
const MOST_BORDERED = 1000;

const GAP = '  ';
/** indent of the lines on which a row continues */
const INDENT = '    ';

/** Columns assumed for a terminal that does not report its width. */
const USUAL_WIDTH = 80;

/**
 * The lines of a table: aligned text or, on a terminal, light borders if they fit. If the terminal is too narrow for the text
 * too, a row continues on indented lines; no cell is ever cut. Rows are read twice, the first time for the widths, so for a long
 * listing pass `{ [Symbol.iterator]: walk }` rather than a generator, which would have to be collected.
 */
export async function table<Row>(
  context: Pick<Context, 'terminal' | 'stdout'>,
  style: Style,
  columns: readonly Column<Row>[],
  rows: Iterable<Row>,
): Promise<Iterable<string>> {
  const again = Object.is(rows[Symbol.iterator](), rows) ? [...rows] : rows;
  const { widths, count } = measure(columns, again);
  if (!context.terminal) return plain(style, [columns], again, [widths]);
  const room = context.stdout.columns || USUAL_WIDTH;
  if (count <= MOST_BORDERED && borderedWidth(widths) <= room) return await bordered(style, columns, again);
  const lines = fold(widths, room);
  const parts = <T>(all: readonly T[]) => lines.map(({ start, end }) => all.slice(start, end));
  return plain(style, parts(columns), again, parts(widths));
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

/** A border before each column and after the last, and a blank on both sides of each cell. */
function borderedWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + 3, 1);
}

/** The columns, from `start` to before `end`, that share a line of `room` characters; at least one does. */
function fold(widths: readonly number[], room: number): { start: number; end: number }[] {
  const lines: { start: number; end: number }[] = [];
  let used = room;
  for (const [index, width] of widths.entries()) {
    const last = lines.at(-1);
    if (last === undefined || used + GAP.length + width > room) {
      used = width + (last === undefined ? 0 : INDENT.length);
      lines.push({ start: index, end: index + 1 });
    } else {
      used += GAP.length + width;
      last.end = index + 1;
    }
  }
  return lines;
}

/** Each row has as many lines as there are lists of columns. */
function* plain<Row>(
  style: Style,
  lines: readonly (readonly Column<Row>[])[],
  rows: Iterable<Row>,
  widths: readonly (readonly number[])[],
): Generator<string> {
  const show = (cell: (column: Column<Row>) => Cell) =>
    lines
      .map((columns, line) => {
        const cells = columns.map((column, i) => padded(cell(column), column, widths[line]![i]!));
        return `${line === 0 ? '' : INDENT}${cells.join(GAP)}`.trimEnd();
      })
      .filter((text, line) => line === 0 || text !== '');
  yield* show(({ label }) => ({ text: label, painted: style.bold(label) }));
  for (const row of rows) yield* show((column) => paintedCell(column, row, style));
}

interface Cell {
  readonly text: string;
  readonly painted: string;
}

function padded<Row>({ text, painted }: Cell, { align }: Column<Row>, width: number): string {
  const gap = ' '.repeat(width - textWidth(text));
  return align === 'right' ? gap + painted : painted + gap;
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

function paintedCell<Row>(column: Column<Row>, row: Row, style: Style): Cell {
  const text = cellText(column, row);
  return { text, painted: column.paint ? column.paint(text, style, row) : text };
}

function cellText<Row>(column: Column<Row>, row: Row): string {
  const value = row[column.key];
  return escapeText(column.format ? column.format(value, row) : String(value ?? ''));
}

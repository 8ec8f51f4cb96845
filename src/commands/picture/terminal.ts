/** The map of a pool in characters: a row for each daxdev, a character for each cell. */
import type { HoleClass } from '../../fs/usage/holeSizes.js';
import type { Context, Style } from '../../ui/command.js';
import { humanBytes } from '../../ui/units.js';
import type { CellRow, MappedDaxdevRow } from './cellRow.js';

/** the parts of a row besides its cells: two bars, a blank and ` 100%` */
const AROUND_CELLS = 8;
const NARROWEST = 20;
const DEFAULT_WIDTH = 80;
/** characters of the longest bar of the histogram */
const LONGEST_BAR = 40;

/** Cells that fit a row of this terminal, or of `width` characters. */
export function cellsPerRow(context: Context, width: number | undefined, daxdevs: number): number {
  const columns = width ?? ((context.terminal && context.stdout.columns) || DEFAULT_WIDTH);
  return Math.max(columns, NARROWEST) - AROUND_CELLS - labelWidth(daxdevs);
}

/** The rows, and the legend of their characters. */
export function* mapRows(
  style: Style,
  daxdevs: readonly MappedDaxdevRow[],
  cellLength: number,
  marked: string | undefined,
): Generator<string> {
  const draw = isColoured(style) ? (cell: CellRow) => block(cell, style) : letter;
  for (const row of daxdevs) {
    const label = String(row.daxdev).padStart(labelWidth(daxdevs.length));
    yield `${label} |${row.cells.map(draw).join('')}| ${percentUsed(row)}`;
  }
  yield `${legend(style, daxdevs, marked)}; a cell is ${humanBytes(cellLength)}`;
}

/** Bars for the number of holes of each size. */
export function* holeBars(style: Style, classes: readonly HoleClass[]): Generator<string> {
  yield style.bold('holes by size');
  if (classes.length === 0) yield '  none: no space is free';
  const most = classes.reduce((count, row) => Math.max(count, row.count), 0);
  const digits = String(most).length;
  for (const { least, below, count, bytes } of classes) {
    const bar = '#'.repeat(Math.ceil((count / most) * LONGEST_BAR));
    const range = `${humanBytes(least).padStart(5)} to ${humanBytes(below).padEnd(5)}`;
    yield `${range} ${String(count).padStart(digits)} ${humanBytes(bytes).padStart(5)}  ${style.green(bar)}`.trimEnd();
  }
}

function labelWidth(daxdevs: number): number {
  return String(Math.max(daxdevs - 1, 0)).length;
}

function percentUsed({ files, free }: MappedDaxdevRow): string {
  const share = files + free === 0 ? 0 : files / (files + free);
  // 0% and 100% are printed only for exactly empty and full daxdevs
  const rounded = share > 0 && share < 1 ? Math.min(Math.max(Math.round(share * 100), 1), 99) : share * 100;
  return `${String(rounded).padStart(3)}%`;
}

function isColoured(style: Style): boolean {
  return style.bold('x') !== 'x';
}

/** The use to draw for a cell: poison wins, then the marked file, then the rarest use. */
type CellClass = 'poisoned' | 'marked' | 'unusable' | 'metadata' | 'full' | 'partly' | 'free';

function classOf({ poisoned, marked, unusable, metadata, files, free, length }: CellRow): CellClass {
  if (poisoned > 0) return 'poisoned';
  if (marked > 0) return 'marked';
  if (unusable > 0 && files + free + metadata === 0) return 'unusable';
  if (metadata > 0 && files === 0) return 'metadata';
  if (files === 0) return free > 0 ? 'free' : 'unusable';
  return files + metadata + unusable === length ? 'full' : 'partly';
}

const LETTERS: Readonly<Record<Exclude<CellClass, 'marked'>, string>> = {
  poisoned: 'X',
  unusable: '!',
  metadata: '=',
  full: '#',
  partly: '+',
  free: '.',
};

/** Without colour: the extent's number in hex for the marked file (it has 16 at most), `*` where several lie in a cell. */
function letter(cell: CellRow): string {
  const cellClass = classOf(cell);
  return cellClass === 'marked' ? extentLetter(cell) : LETTERS[cellClass];
}

function extentLetter({ extent }: CellRow): string {
  return extent === null ? '*' : extent.toString(16);
}

const SHADES = ['░', '▒', '▓'] as const;

function block(cell: CellRow, style: Style): string {
  switch (classOf(cell)) {
    case 'poisoned':
      return style.red('X');
    case 'marked':
      return style.yellow(extentLetter(cell));
    case 'unusable':
      return style.red('!');
    case 'metadata':
      return style.cyan('█');
    case 'full':
      return style.blue('█');
    case 'partly':
      return style.blue(SHADES[Math.min(Math.floor((cell.files / cell.length) * SHADES.length), 2)] as string);
    case 'free':
      return style.dim('·');
  }
}

function legend(style: Style, daxdevs: readonly MappedDaxdevRow[], marked: string | undefined): string {
  const coloured = isColoured(style);
  const parts = coloured
    ? [`${style.cyan('█')} superblock and log`, `${style.blue('█')} files`, `${style.blue('▒')} partly free`]
    : ['= superblock and log', '# files', '+ partly free'];
  parts.push(`${coloured ? style.dim('·') : '.'} free`);
  if (daxdevs.some(({ unusable }) => unusable > 0)) parts.push(`${coloured ? style.red('!') : '!'} unusable`);
  if (daxdevs.some(({ cells }) => cells.some(({ poisoned }) => poisoned > 0))) parts.push(`${style.red('X')} poison`);
  if (marked !== undefined) parts.push(`${style.yellow('0-f')} extents of ${marked}, ${style.yellow('*')} several`);
  return parts.join('  ');
}

/**
 * Every operation of the cache rules that the product asks for, and the schedule that shows it left out; or why none can. The rows
 * are data, which record.ts finds; docs/coherence.md shows them.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/root.js';
import type { Asked, LeftOut } from './world.js';

export const ROWS_FILE = join(ROOT, 'test/coherence/rows.json');

/** An operation that some schedule shows left out. */
export interface NoticedRow extends LeftOut {
  readonly scenario: string;
  readonly seed: number;
  /** what a host then sees, as that schedule has it */
  readonly seen: string;
}

/** One that nothing shows left out, because something else does the same. */
export interface EquivalentRow extends LeftOut {
  readonly why: string;
}

/** One that nothing has shown left out so far, and of which nothing is known that does the same. */
export interface OpenRow extends LeftOut {
  readonly open: true;
}

export type Row = NoticedRow | EquivalentRow | OpenRow;

export function isNoticed(row: Row): row is NoticedRow {
  return 'scenario' in row;
}

export function readRows(): Row[] {
  return JSON.parse(readFileSync(ROWS_FILE, 'utf8')) as Row[];
}

/** One line for each row. */
export function rowsText(rows: readonly Row[]): string {
  return `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`;
}

export function nameOf({ operation, site }: LeftOut): string {
  return `${operation} ${site}`;
}

const TITLES: Readonly<Record<Asked, string>> = {
  invalidate: 'Invalidations',
  writeBack: 'Write-backs',
  fence: 'Fences',
};

/** The rows as tables of Markdown. */
export function tables(rows: readonly Row[]): string {
  const parts = (Object.keys(TITLES) as Asked[]).map((operation) => {
    const own = rows.filter((row) => row.operation === operation).filter(isNoticed);
    const lines = own.map(({ site, scenario, seen }) => `| \`${site}\` | ${cell(scenario)} | ${cell(seen)} |`);
    return [
      `### ${TITLES[operation]}`,
      '',
      '| left out in | schedule | what a host then sees |',
      '| --- | --- | --- |',
      ...lines,
    ].join('\n');
  });
  const same = rows.filter((row) => 'why' in row);
  const open = rows.filter((row) => 'open' in row);
  const lines = same.map(({ operation, site, why }) => `| ${operation} | \`${site}\` | ${cell(why)} |`);
  const noticed = rows.filter(isNoticed).length;
  const left = open.map(({ operation, site }) => `| ${operation} | \`${site}\` |`);
  return [
    `${rows.length} operations: ${noticed} are noticed, ${same.length} are done twice, ${open.length} are not shown yet.`,
    ...parts,
    ['### Done twice', '', '| operation | in | what does the same |', '| --- | --- | --- |', ...lines].join('\n'),
    ...(left.length === 0
      ? []
      : [['### Not shown yet', '', '| operation | in |', '| --- | --- |', ...left].join('\n')]),
  ].join('\n\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '\\<');
}

const BEGIN = '<!-- rows -->\n';
const END = '<!-- end -->';

/** The page with the tables of these rows. */
export function withTables(page: string, rows: readonly Row[]): string {
  const [start, end] = [page.indexOf(BEGIN) + BEGIN.length, page.indexOf(END)];
  return `${page.slice(0, start)}${tables(rows)}\n${page.slice(end)}`;
}

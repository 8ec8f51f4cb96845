/**
 * Every operation of the cache rules that the product asks for, and what shows it left out: what a host then sees, or a rule that is
 * broken. The rows are data, which record.ts finds; docs/coherence.md shows them.
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

/** One that no schedule was found to show, while a rule is broken where it is left out. */
export interface RuleRow extends LeftOut {
  readonly scenario: string;
  /** the rule that is broken, and where */
  readonly broken: string;
}

/** One that nothing shows left out: it keeps the table from being complete. */
export interface OpenRow extends LeftOut {
  readonly open: true;
}

export type Row = NoticedRow | RuleRow | OpenRow;

export function isNoticed(row: Row): row is NoticedRow {
  return 'seen' in row;
}

export function isByRule(row: Row): row is RuleRow {
  return 'broken' in row;
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
  const byRule = rows.filter(isByRule);
  const lines = byRule.map(({ operation, site, broken }) => `| ${operation} | \`${site}\` | ${cell(broken)} |`);
  const noticed = rows.filter(isNoticed).length;
  return [
    `${rows.length} operations: ${noticed} are seen by a host, ${byRule.length} by the rules.`,
    ...parts,
    [
      '### Seen by the rules',
      '',
      '| operation | left out in | rule that is broken |',
      '| --- | --- | --- |',
      ...lines,
    ].join('\n'),
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

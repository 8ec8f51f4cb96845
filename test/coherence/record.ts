/**
 * Finds, for each operation of the cache rules that the scenarios reach, a schedule that shows it left out, and writes the table: run
 * it where test/coherence says that a row no longer holds, or that one is missing.
 *
 *     node out/test/coherence/record.js [WORD]     # rows that are missing, and again those whose name contains the word
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/root.js';
import type { Orders, Scenario } from './scenario.js';
import { SCENARIOS } from './scenarios.js';
import { failureOf, ruleBrokenIn } from './shrink.js';
import { openStage } from './stage.js';
import {
  isNoticed,
  type NoticedRow,
  nameOf,
  ROWS_FILE,
  type Row,
  type RuleRow,
  readRows,
  rowsText,
  withTables,
} from './table.js';
import type { Asked, LeftOut } from './world.js';

/** seeds that are tried of each scenario before the next, round after round */
const ROUNDS = (process.env.FAMFS_TEST_ROUNDS ?? '2,8,40').split(',').map(Number);
/** scenarios of each kind that are tried */
const OF_A_KIND = 3;
/** characters of what is seen */
const SEEN = 100;
const DOCUMENT = join(ROOT, 'docs/coherence.md');

const word = process.argv[2];
const { stage, close } = openStage();
const known = new Map(readRows().map((row) => [nameOf(row), row]));
const reached = new Map<string, { leftOut: LeftOut; by: Scenario[] }>();
const costs = new Map<Scenario, number>();

for (const scenario of SCENARIOS.filter(({ kind }) => kind !== 'cut')) {
  const start = performance.now();
  const onSites: Orders['onSites'] = (operation, sites) => note(scenario, operation as Asked, sites);
  const wrong = await failureOf(stage, scenario, { seed: 1, onSites });
  if (wrong !== undefined) throw new Error(`${scenario.name}: ${wrong}`);
  costs.set(scenario, performance.now() - start);
}
print(`${reached.size} operations are asked for`);
const rows: Row[] = [];
const survivors: string[] = [];
for (const [name, { leftOut, by }] of [...reached].sort(([a], [b]) => (a < b ? -1 : 1))) {
  const before = known.get(name);
  const isAgain = before === undefined || 'open' in before || (word !== undefined && name.includes(word));
  const row = isAgain
    ? ((await search(leftOut, [...by, ...cutLike(by)])) ?? (await searchByRules(leftOut, by)))
    : before;
  if (row === undefined) survivors.push(`${name}: ${by.map((scenario) => scenario.name).join('; ')}`);
  rows.push(row ?? { ...leftOut, open: true });
  if (row !== undefined && row !== before) print(`${name}: ${row.scenario}: ${'seen' in row ? row.seen : row.broken}`);
  writeFileSync(ROWS_FILE, rowsText([...rows, ...[...known].filter(([other]) => other > name).map(([, one]) => one)]));
}
writeFileSync(ROWS_FILE, rowsText(rows));
writeFileSync(DOCUMENT, withTables(readFileSync(DOCUMENT, 'utf8'), rows));
for (const survivor of survivors) print(`NOT NOTICED ${survivor}`);
print(`${rows.length} rows, ${rows.filter(isNoticed).length} seen by a host, ${survivors.length} not noticed`);
close();
process.exitCode = survivors.length > 0 ? 1 : 0;

function note(scenario: Scenario, operation: Asked, sites: readonly string[]): void {
  for (const site of sites) {
    const name = nameOf({ operation, site });
    const by = reached.get(name)?.by ?? [];
    if (!by.includes(scenario)) by.push(scenario);
    reached.set(name, { leftOut: { operation, site }, by });
  }
}

/** Those in which power is lost during what these do: they ask for the same, as far as they come. */
function cutLike(by: readonly Scenario[]): Scenario[] {
  const names = by.filter(({ kind }) => kind === 'lost').map(({ name }) => name.replace(/, then power is lost$/, ''));
  return SCENARIOS.filter(
    ({ kind, name }) => kind === 'cut' && names.includes(name.replace('power is lost during ', '')),
  );
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The cheap ones of each kind, which show most. */
async function search(leftOut: LeftOut, by: readonly Scenario[]): Promise<NoticedRow | undefined> {
  const cheap = by.toSorted((a, b) => (costs.get(a) ?? 0) - (costs.get(b) ?? 0));
  const order = cheap.filter((one) => cheap.filter(({ kind }) => kind === one.kind).indexOf(one) < OF_A_KIND);
  let from = 0;
  for (const to of ROUNDS) {
    for (const scenario of order)
      for (let seed = from; seed < to; seed++) {
        const seen = await failureOf(stage, scenario, { seed, leftOut });
        if (seen !== undefined) return { ...leftOut, scenario: scenario.name, seed, seen: plain(seen) };
      }
    from = to;
  }
  return undefined;
}

/** The first scenario in which a rule is broken without it. */
async function searchByRules(leftOut: LeftOut, by: readonly Scenario[]): Promise<RuleRow | undefined> {
  for (const scenario of by) {
    const broken = await ruleBrokenIn(stage, scenario, { seed: 1, leftOut });
    if (broken !== undefined) return { ...leftOut, scenario: scenario.name, broken };
  }
  return undefined;
}

/** The beginning of it, without this run's folder and bytes that are no text. */
function plain(seen: string): string {
  const text = seen
    .replaceAll(stage.world.folder, '')
    .replace(/\s+/g, ' ')
    .replace(/[^\x20-\x7e]+/g, '?');
  return text.length > SEEN ? `${text.slice(0, SEEN)}...` : text;
}

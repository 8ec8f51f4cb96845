/**
 * Do write-back, invalidation and fence suffice? Hosts without hardware coherence under seeded schedules; and each operation of the
 * rules left out. FAMFS_TEST_SCHEDULES=N runs N schedules of each scenario; without it, and without FAMFS_TEST_LONG, a sample.
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { drawn, makeRandom } from '../../src/fs/allocate/random.js';
import { ROOT } from '../support/root.js';
import type { Habits } from './fabric.js';
import { Rules } from './rules.js';
import type { Orders, Scenario } from './scenario.js';
import { SCENARIOS } from './scenarios.js';
import { environmentOf, failureOf, ruleBrokenIn, shrink } from './shrink.js';
import { openStage } from './stage.js';
import { isByRule, isNoticed, type NoticedRow, nameOf, type RuleRow, readRows, withTables } from './table.js';
import { UNREACHED } from './unreached.js';
import type { Asked } from './world.js';

const {
  FAMFS_TEST_SCHEDULES: asked,
  FAMFS_TEST_LONG: long,
  FAMFS_TEST_SEED: given,
  FAMFS_TEST_SCENARIO: only,
} = process.env;
const isSample = asked === undefined && long === undefined;
const schedules = Number(asked ?? (isSample ? 1 : 10));
// a sample is always the same one, so that the suite passes or fails for its code alone
const first = Number(given ?? (isSample ? 1 : randomInt(2 ** 31)));
/** scenarios and rows of a sample */
const SAMPLE = 12;
/** seeds that may show a row again, where the product was changed */
const SEEDS_OF_A_ROW = 24;
/** where the product asks for an operation, in TypeScript and in C++ */
const ASKS = [
  /(?<![.\w])(readShared|readSharedInto|apply|store|firstNonZero)\((?!slot: )|\.(persist|writeBack|invalidate|fence)\(|invalidate: true/,
  /\b(invalidateLines|writeBackLines|fullFence|refreshLines)\(/,
];

/** what finds the rows again */
const AGAIN = 'run: node out/test/coherence/record.js';

const { stage, close } = openStage();
after(close);
const rows = readRows();

function sample<T>(all: readonly T[]): T[] {
  return isSample ? [...drawn(all, makeRandom(first))].slice(0, SAMPLE) : [...all];
}

const known = new Set(rows.map(nameOf));
const scenarios = only === undefined ? sample(SCENARIOS) : SCENARIOS.filter(({ name }) => name === only);

test(`hosts see what hosts with coherent caches see (${schedules} schedules of ${scenarios.length} scenarios)`, async () => {
  const missing = new Set<string>();
  const onSites: Orders['onSites'] = (operation, sites) => {
    for (const site of sites) {
      const name = nameOf({ operation: operation as Asked, site });
      if (!known.has(name)) missing.add(name);
    }
  };
  for (const scenario of scenarios)
    for (let seed = first; seed < first + schedules; seed++) {
      const orders = { seed, onSites, rules: new Rules(), ...shrunkOrders() };
      if ((await failureOf(stage, scenario, orders)) !== undefined) await report(scenario, orders);
    }
  // a sample must not depend on what it happens to reach
  if (!isSample) assert.deepEqual([...missing].sort(), [], `not in the table; ${AGAIN}`);
});

test('each operation of the rules is noticed where it is left out', async () => {
  for (const row of sample(rows.filter(isNoticed)))
    assert.ok(await isSeen(row), `${nameOf(row)} left out: no schedule shows it; ${AGAIN}`);
});

test('where no schedule shows one left out, a rule is broken', async () => {
  for (const row of sample(rows.filter(isByRule)))
    assert.ok(
      await ruleBrokenIn(stage, scenarioOf(row), { seed: 1, leftOut: row }),
      `${nameOf(row)} left out: no rule is broken; ${AGAIN}`,
    );
});

test('the table is complete', () => {
  assert.deepEqual(
    rows.filter((row) => 'open' in row),
    [],
  );
});

test('every file that asks for one is in the table, or says why it is not reached', () => {
  const places = [...rows.map(({ site }) => site.replace(/ .*/, '')), ...Object.keys(UNREACHED)];
  assert.deepEqual(
    asking().filter((file) => !places.includes(file)),
    [],
  );
  assert.deepEqual(
    Object.keys(UNREACHED).filter((file) => !asking().includes(file)),
    [],
    'asks for none',
  );
});

test('docs/coherence.md shows the table', () => {
  const page = readFileSync(join(ROOT, 'docs/coherence.md'), 'utf8');
  assert.equal(page, withTables(page, rows), AGAIN);
});

function scenarioOf(row: NoticedRow | RuleRow): Scenario {
  const scenario = SCENARIOS.find(({ name }) => name === row.scenario);
  assert.ok(scenario, `${nameOf(row)}: no scenario ${row.scenario}`);
  return scenario;
}

async function isSeen(row: NoticedRow): Promise<boolean> {
  const scenario = scenarioOf(row);
  for (let seed = row.seed; seed < row.seed + SEEDS_OF_A_ROW; seed++)
    if ((await failureOf(stage, scenario, { seed, leftOut: row })) !== undefined) return true;
  return false;
}

/** What the environment says of a schedule that was shrunk. */
function shrunkOrders(): Partial<Orders> {
  const { FAMFS_TEST_WITHOUT: without, FAMFS_TEST_BETWEEN: between } = process.env;
  const [from, to] = between?.split(',').map(Number) ?? [];
  return {
    without: without?.split(',') as (keyof Habits)[] | undefined,
    between: from !== undefined && to !== undefined ? [from, to] : undefined,
  };
}

async function report(scenario: Scenario, failing: Orders): Promise<never> {
  const plain = await shrink(stage, scenario, { ...failing, onSites: undefined });
  const why = await failureOf(stage, scenario, plain);
  assert.fail(`${scenario.name}: ${why}\n${environmentOf(scenario, plain)}`);
}

/** The files that ask for operations, as the table names them. */
function asking(): string[] {
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).sort();
  return files.flatMap((file) => {
    const asks = ASKS[file.endsWith('.ts') ? 0 : file.endsWith('.cc') ? 1 : 2];
    if (asks === undefined) return [];
    const text = readFileSync(join(ROOT, 'src', file), 'utf8');
    return asks.test(text) ? [file.replace(/^native\/cpp\//, 'cpp/')] : [];
  });
}

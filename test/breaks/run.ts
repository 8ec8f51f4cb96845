/**
 * Tries breaks one by one: node out/test/breaks/run.js [--all] [WORD...]. Each is applied to a copy of the checkout, and its killer
 * must fail. With --all, the whole suite runs on those that survive. Words select breaks by file or killer.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { Break } from './break.js';
import { BREAKS } from './index.js';
import { type Verdict, Workshop } from './workshop.js';

interface Result {
  readonly row: Break;
  readonly verdict: Verdict;
}

const { values, positionals: words } = parseArgs({
  options: { all: { type: 'boolean', default: false } },
  allowPositionals: true,
});
/** killers that pass without any break */
const sound = new Set<string>();
const print = (line: string) => process.stdout.write(`${line}\n`);

const rows = BREAKS.filter(
  ({ file, killer }) => words.length === 0 || words.some((word) => file.includes(word) || killer.includes(word)),
);
const mistakes = rows.filter(({ equivalent }) => equivalent === undefined);
const results = await inWorkshops(mistakes);
report(results);
process.exitCode = results.every(({ verdict }) => verdict === 'noticed') ? 0 : 1;

async function inWorkshops(todo: readonly Break[]): Promise<Result[]> {
  const queue = [...todo];
  const done: Result[] = [];
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), queue.length) }, () => work(queue, done)));
  return done;
}

async function work(queue: Break[], done: Result[]): Promise<void> {
  const workshop = new Workshop();
  try {
    for (let row = queue.shift(); row !== undefined; row = queue.shift()) {
      const verdict = await tryRow(workshop, row).catch((error: Error) => {
        print(error.message);
        return 'unsound' as const;
      });
      done.push({ row, verdict });
      print(`${verdict.padEnd(8)}  ${row.file}: ${row.why} (${row.killer})`);
    }
  } finally {
    workshop.close();
  }
}

async function tryRow(workshop: Workshop, row: Break): Promise<Verdict> {
  if (!(await isSound(workshop, row))) return 'unsound';
  const tries = [() => workshop.runKiller(row)];
  if (values.all) tries.push(() => workshop.runSuite());
  return workshop.try(row, tries);
}

/** Whether the killer passes without any break. */
async function isSound(workshop: Workshop, row: Break): Promise<boolean> {
  const key = `${row.killer} ${row.title}`;
  if (!sound.has(key) && (await workshop.runKiller(row)) === 'survived') sound.add(key);
  return sound.has(key);
}

function report(all: readonly Result[]): void {
  const noticed = all.filter(({ verdict }) => verdict === 'noticed').length;
  const files = new Set(all.map(({ row }) => row.file)).size;
  print(`${noticed} of ${all.length} breaks in ${files} files are noticed, ${rows.length - all.length} are equivalent`);
  for (const { row, verdict } of all)
    if (verdict !== 'noticed') print(`${verdict}: ${row.file}: ${row.why}\n  ${row.from}\n  ${row.to}`);
}

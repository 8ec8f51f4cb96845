/**
 * The long run: node out/test/crash/long.js [STATES] [SEED]. Runs every scenario once for each seed, starting at SEED, until that
 * many states were judged. With --each, STATES are those of each command that replaces a log or a daxdev, or of the scenarios that
 * --only names. There are as many processes as processors (FAMFS_CRASH_PROCESSES), and each runs one scenario at a time.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeHome } from './home.js';
import { ALL_SCENARIOS, REPLACING } from './scenarios/index.js';
import type { Answer, Task } from './worker.js';

const SAMPLES = 12;
const SINGLES = 16;
/** times as many, with --each, in scenarios of which a run has less than one in FEW of the wanted states */
const DENSER = 4;
const FEW = 8;
const MOST_FINDINGS = 5;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { each: { type: 'boolean', default: false }, only: { type: 'string', multiple: true, default: [] } },
});
const wanted = Number(positionals[0] ?? (values.each ? 2000 : 10_000));
const first = Number(positionals[1] ?? 1);
const processes = Number(process.env.FAMFS_CRASH_PROCESSES ?? availableParallelism());
const scenarios = chosen();
const { home, remove } = makeHome();
const judged = new Map(scenarios.map(({ name }) => [name, { runs: 0, states: 0, found: new Map<string, number>() }]));
const started = performance.now();
let findings = 0;

try {
  const queue = tasks();
  await Promise.all(Array.from({ length: processes }, () => work(queue)));
  for (const [name, { runs, states, found }] of judged) {
    const outcomes = [...found].map(([outcome, count]) => `${outcome} ${count}`).join(', ');
    process.stdout.write(`${name}: ${states} states in ${runs} runs (${outcomes})\n`);
  }
  report();
} finally {
  remove();
}
process.exitCode = findings > 0 ? 1 : 0;

function* tasks(): Generator<Task> {
  for (let seed = first; ; seed++) {
    const open = scenarios.filter(({ name }) => !values.each || (judged.get(name)?.states ?? 0) < wanted);
    if (open.length === 0) return;
    for (const { name } of open) {
      if ((!values.each && total() >= wanted) || findings >= MOST_FINDINGS) return;
      const { runs, states } = judged.get(name) ?? { runs: 0, states: 0 };
      const denser = values.each && runs > 0 && states / runs < wanted / FEW ? DENSER : 1;
      const effort = { seed, samples: denser * SAMPLES, singles: denser * SINGLES };
      const index = ALL_SCENARIOS.findIndex((scenario) => scenario.name === name);
      yield { home: join(home, `${seed}-${index}`), index, effort };
    }
    report();
  }
}

function chosen(): typeof ALL_SCENARIOS {
  const { each, only } = values;
  const unknown = only.filter((name) => ALL_SCENARIOS.every((scenario) => scenario.name !== name));
  if (unknown.length > 0) throw new Error(`no scenario has the name ${unknown.join(', ')}`);
  if (only.length > 0) return ALL_SCENARIOS.filter(({ name }) => only.includes(name));
  return each ? REPLACING : ALL_SCENARIOS;
}

/** Lets one process do tasks until there are none left. */
async function work(queue: Iterable<Task>): Promise<void> {
  const worker = fork(join(import.meta.dirname, 'worker.js'));
  const ended = once(worker, 'exit').then(
    ([status, signal]): Answer => ({ finding: `a process ended: ${signal ?? status}` }),
  );
  for (const task of queue) {
    const answer = await Promise.race([ask(worker, task), ended]);
    const row = judged.get(ALL_SCENARIOS[task.index]?.name ?? '');
    if (row !== undefined) {
      Object.assign(row, { runs: row.runs + 1, states: row.states + (answer.states ?? 0) });
      for (const [outcome, count] of answer.found ?? []) row.found.set(outcome, (row.found.get(outcome) ?? 0) + count);
    }
    if (answer.finding === undefined) continue;
    findings++;
    process.stdout.write(`${answer.finding}\n`);
    if (worker.exitCode !== null || worker.signalCode !== null) return;
  }
  worker.disconnect();
}

async function ask(worker: ChildProcess, task: Task): Promise<Answer> {
  worker.send(task);
  const [answer] = await once(worker, 'message');
  return answer as Answer;
}

function total(): number {
  return [...judged.values()].reduce((sum, { states }) => sum + states, 0);
}

function report(): void {
  const seconds = (performance.now() - started) / 1000;
  process.stdout.write(`${total()} states, ${findings} findings, ${seconds.toFixed(0)} s\n`);
}

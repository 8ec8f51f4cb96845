/**
 * The long run: node out/test/crash/long.js [STATES] [SEED]. Runs every scenario once for each seed, starting at SEED, until that
 * many states were judged. There are as many processes as processors, and each runs one scenario at a time.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { makeHome } from './home.js';
import { ALL_SCENARIOS } from './scenarios/index.js';
import type { Answer, Task } from './worker.js';

const SAMPLES = 12;
const SINGLES = 16;
const MOST_FINDINGS = 5;

const wanted = Number(process.argv[2] ?? 10_000);
const first = Number(process.argv[3] ?? 1);
const { home, remove } = makeHome();
const judged = new Map(ALL_SCENARIOS.map(({ name }) => [name, { runs: 0, states: 0 }]));
const started = performance.now();
let findings = 0;

try {
  const queue = tasks();
  await Promise.all(Array.from({ length: availableParallelism() }, () => work(queue)));
  for (const [name, { runs, states }] of judged) process.stdout.write(`${name}: ${states} states in ${runs} runs\n`);
  report();
} finally {
  remove();
}
process.exitCode = findings > 0 ? 1 : 0;

function* tasks(): Generator<Task> {
  for (let seed = first; ; seed++) {
    for (const index of ALL_SCENARIOS.keys()) {
      if (total() >= wanted || findings >= MOST_FINDINGS) return;
      const effort = { seed, samples: SAMPLES, singles: SINGLES };
      yield { home: join(home, `${seed}-${index}`), index, effort };
    }
    report();
  }
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
    if (row !== undefined) Object.assign(row, { runs: row.runs + 1, states: row.states + (answer.states ?? 0) });
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

/** All states that recordings give, over many seeds: node out/test/crash/long.js [STATES] [SEED] */
import { mkdtempSync, rmSync } from 'node:fs';
import { OWN_UUID } from '../sandbox.js';
import { runScenario } from './scenario.js';
import { SCENARIOS } from './scenarios.js';

const wanted = Number(process.argv[2] ?? 10_000);
const first = Number(process.argv[3] ?? 1);
const folder = mkdtempSync('/dev/shm/famfs-crash-');
const judged = new Map<string, number>();
const started = performance.now();

try {
  for (let seed = first, total = 0; total < wanted; seed++) {
    for (const scenario of SCENARIOS) {
      const outcome = await runScenario(folder, OWN_UUID, scenario, { seed, samples: 6, most: 1000 });
      judged.set(scenario.name, (judged.get(scenario.name) ?? 0) + outcome.judged);
      total += outcome.judged;
    }
    report();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function report(): void {
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const total = [...judged.values()].reduce((sum, count) => sum + count, 0);
  const each = [...judged].map(([name, count]) => `${name} ${count}`).join(', ');
  process.stdout.write(`${total} states in ${seconds} s: ${each}\n`);
}

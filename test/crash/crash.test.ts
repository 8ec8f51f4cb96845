/** A sample of what a crash can leave; npm run test:crash-long looks at all that it records, over many seeds. */
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { OWN_UUID } from '../sandbox.js';
import { runScenario } from './scenario.js';
import { SCENARIOS } from './scenarios.js';

const folder = mkdtempSync(join(tmpdir(), 'famfs-crash-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const seed = randomInt(2 ** 32);

for (const scenario of SCENARIOS) {
  test(`a crash in ${scenario.name} (seed ${seed})`, async () => {
    await runScenario(folder, OWN_UUID, scenario, { seed, samples: 3, most: 12 });
  });
}

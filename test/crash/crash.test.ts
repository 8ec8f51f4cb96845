/** What a crash of each writer can leave; npm run test:crash-long tries more mixtures and seeds. */
import { randomInt } from 'node:crypto';
import { after, test } from 'node:test';
import { makeHome } from './home.js';
import { runScenario } from './scenario.js';
import { SCENARIOS } from './scenarios/index.js';

const seed = Number(process.env.FAMFS_TEST_SEED ?? randomInt(2 ** 32));
const { home, remove } = makeHome();
after(remove);

for (const scenario of SCENARIOS) {
  test(`a crash in ${scenario.name} (seed ${seed})`, async (context) => {
    const { operations, states } = await runScenario(home, scenario, { seed, samples: 1, singles: 3 });
    context.diagnostic(`${states} states of ${operations} operations`);
  });
}

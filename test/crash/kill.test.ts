/** One real kill of each of two commands; npm run test:crash-long kills all victims many times. */
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { drawn, makeRandom } from '../../src/fs/allocate/random.js';
import { Sandbox } from '../support/sandbox.js';
import { killOnce } from './kill.js';
import { VICTIMS } from './victims/index.js';

const KILLS = 2;
const seed = Number(process.env.FAMFS_TEST_SEED ?? randomInt(2 ** 32));

for (const victim of [...drawn(VICTIMS, makeRandom(seed))].slice(0, KILLS)) {
  test(`a killed ${victim.name} leaves a sound or repairable file system (seed ${seed})`, async () => {
    await killOnce(new Sandbox(), victim, makeRandom(seed));
  });
}

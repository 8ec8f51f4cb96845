/** Many kills: node --test out/test/crash/longKills.js, FAMFS_KILLS of them (default 300). */
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { makeRandom } from '../../src/fs/allocate/random.js';
import { Sandbox } from '../support/sandbox.js';
import { killOnce } from './kill.js';
import { VICTIMS } from './victims/index.js';

const kills = Math.ceil(Number(process.env.FAMFS_KILLS ?? 300) / VICTIMS.length);
const seed = randomInt(2 ** 32);

for (const victim of VICTIMS) {
  test(`${kills} kills of ${victim.name} (seed ${seed})`, async (context) => {
    const random = makeRandom(seed);
    const sandbox = new Sandbox();
    let middle = 0;
    for (let i = 0; i < kills; i++) if (await killOnce(sandbox, victim, random)) middle++;
    context.diagnostic(`${middle} of ${kills} came in the middle of the work`);
  });
}

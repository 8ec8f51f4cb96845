/** Kills in number: node --test out/test/crash/longKills.js, FAMFS_KILLS of them (300). */
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { makeRandom } from '../../src/fs/random.js';
import { Sandbox } from '../sandbox.js';
import { killOnce } from './kill.js';

const kills = Number(process.env.FAMFS_KILLS ?? 300);
const seed = randomInt(2 ** 32);

test(`${kills} kills (seed ${seed})`, async (context) => {
  const random = makeRandom(seed);
  const sandbox = new Sandbox();
  let middle = 0;
  for (let i = 0; i < kills; i++) if (await killOnce(sandbox, random)) middle++;
  context.diagnostic(`${middle} of ${kills} kills came in the middle of the appends`);
});

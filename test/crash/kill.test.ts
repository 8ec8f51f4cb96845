import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { makeRandom } from '../../src/fs/random.js';
import { Sandbox } from '../sandbox.js';
import { killOnce } from './kill.js';

const KILLS = 4;
const seed = randomInt(2 ** 32);

test(`a creat that is killed ${KILLS} times leaves nothing that -p does not repair (seed ${seed})`, async () => {
  const random = makeRandom(seed);
  const sandbox = new Sandbox();
  for (let i = 0; i < KILLS; i++) await killOnce(sandbox, random);
});

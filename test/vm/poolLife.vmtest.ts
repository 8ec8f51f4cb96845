import { after, before } from 'node:test';
import { POOL_SIZES, testPoolLife } from '../scenarios/hosts/poolLife.js';
import { Guest } from './guest.js';

let guest: Guest;

before(async () => {
  guest = await Guest.boot({ devices: POOL_SIZES.length, sizes: POOL_SIZES, timeLimit: 600 });
});

after(() => Guest.closeAll());

testPoolLife(() => guest);

import { after, before } from 'node:test';
import { SIZES, testDiscovery } from '../scenarios/hosts/discovery.js';
import { Guest } from './guest.js';

/** alignment of soft-reserved memory */
const ALIGN = 2 * 1024 ** 2;

let guest: Guest;

before(async () => {
  guest = await Guest.boot({ devices: SIZES.length, sizes: SIZES });
});

after(() => Guest.closeAll());

testDiscovery(() => guest, { align: ALIGN, kind: 'device' });

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { type TwoHosts, testTwoHosts } from '../scenarios/hosts/twoHosts.js';
import { Guest } from './guest.js';
import { testMountedHosts } from './mountedHosts.js';

/** MiB */
const SIZE = 1024;

const backing = mkdtempSync(join(tmpdir(), 'famfs-backing-'));
let hosts: TwoHosts;

before(async () => {
  const boot = (hostname: string) => Guest.boot({ devices: 1, sizes: [SIZE], backing, hostname });
  const [master, client] = await Promise.all([boot('master'), boot('client')]);
  hosts = { master, client, memory: join(backing, 'dimm0') };
});

after(async () => {
  await Guest.closeAll();
  rmSync(backing, { recursive: true });
});

testTwoHosts(() => hosts);
testMountedHosts(() => hosts);

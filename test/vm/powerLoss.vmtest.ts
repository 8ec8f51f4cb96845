import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { DeviceFile } from '../scenarios/hosts/deviceFile.js';
import { loseAll } from '../scenarios/hosts/powerLoss.js';
import { Guest, saveGuest } from './guest.js';
import { product } from './paths.js';

const KILLS = 30;
const WORKERS = 2;
/** MiB: room for everything that is made between two runs of mkfs */
const SIZE = 4096;
const BULK = 100;
/** ms that mkfs needs on an idle machine, after it has invalidated the old superblock */
const MKFS_TIME = 130;

const folder = mkdtempSync(join(tmpdir(), 'famfs-power-'));
const saved = join(folder, 'saved');
const found = new Map<string, number>();

before(async () => {
  const identity = join(folder, 'system_uuid');
  writeFileSync(identity, '11111111-2222-4333-8444-555555555555\0');
  const environment = { FAMFS_SYSTEM_UUID_FILE: identity };
  await saveGuest({ devices: 1, sizes: [SIZE], memory: 1024, carry: [...product(), identity], environment }, saved);
});

after(async () => {
  await Guest.closeAll();
  rmSync(folder, { recursive: true });
});

/** Does rounds until there are none left, on its own device. */
async function work(worker: number, rounds: Iterable<number>): Promise<void> {
  const backing = join(folder, `backing${worker}`);
  mkdirSync(backing);
  const start = () => Guest.restore({ saved, backing });
  const checker = await start();
  const memory = new DeviceFile(join(backing, 'dimm0'));
  await loseAll(rounds, start, { checker, memory, bulk: BULK, mkfsTime: MKFS_TIME }, found);
  memory.close();
}

test(`${KILLS} guests that lose power leave a sound or repairable file system, with all that they reported`, async (t) => {
  const rounds = Array.from({ length: KILLS }, (_, round) => round).values();
  await Promise.all(Array.from({ length: WORKERS }, (_, worker) => work(worker, rounds)));
  for (const [finding, times] of [...found].sort()) t.diagnostic(`${finding} ${times}`);
  assert.equal(
    [...found.values()].reduce((sum, times) => sum + times),
    KILLS,
  );
});

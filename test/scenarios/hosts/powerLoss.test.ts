import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { DeviceFile } from './deviceFile.js';
import { ImageHost, makeImages } from './imageHost.js';
import { loseAll } from './powerLoss.js';

/** each victim, judged in both ways */
const KILLS = process.env.FAMFS_TEST_LONG === '1' ? 30 : 6;

const folder = mkdtempSync(join(tmpdir(), 'famfs-images-'));
const images = join(folder, 'dev');
const identity = join(folder, 'system_uuid');
makeImages(images, [32 * 1024]);
writeFileSync(identity, '11111111-2222-4333-8444-555555555555\0');
const checker = new ImageHost(images, identity);
const memory = new DeviceFile(join(images, 'dax0.0'));
after(async () => {
  await checker.close();
  memory.close();
  rmSync(folder, { recursive: true });
});

test('killed writers leave a file system that is sound or can be repaired, with all that they reported', async (t) => {
  const found = new Map<string, number>();
  const rounds = Array.from({ length: KILLS }, (_, round) => round);
  const scene = { checker, memory, bulk: 1500, mkfsTime: 20 };
  await loseAll(rounds, async () => new ImageHost(images, identity), scene, found);
  for (const [finding, times] of [...found].sort()) t.diagnostic(`${finding} ${times}`);
});

import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { entryOffset } from '../../support/patch.js';
import { overwrite } from '../../support/pool.js';
import { firstBytes, type Sandbox, stdinOf } from '../../support/sandbox.js';
import { listing, roomFor } from '../../support/writers.js';
import type { Victim } from '../kill.js';
import { pathsOf } from './look.js';

const FILES = 300;
/** byte of each entry whose lowest bit is flipped */
const BYTE = 60;

/** Many repairs: whatever part was made, it can be undone and made again. */
export const fsck: Victim = {
  name: 'fsck -y',
  async prepare(sandbox, random) {
    const image = await soundImage(sandbox);
    const damaged = firstBytes(image, entryOffset(FILES));
    for (let slot = 0; slot < FILES; slot++) damaged[entryOffset(slot) + BYTE]! ^= 1;
    overwrite(image, 0, damaged);
    const undo = join(sandbox.folder, 'undo-image');
    rmSync(undo, { force: true });
    return {
      argv: ['fsck', '-y', '--undo', undo, image],
      // first the old bytes of all entries are saved, then all are written
      progress: () => recordsOf(undo) + differing(damaged, firstBytes(image, damaged.length)),
      whole: 2 * FILES,
      async judge() {
        if (random() < 0.5) {
          if (existsSync(undo)) await sandbox.run(['undo', '--interrupted', undo]);
          assert.ok(firstBytes(image, damaged.length).equals(damaged), 'undo did not restore every byte');
        }
        const { exitCode, stdout } = await sandbox.run(['fsck', '-y', '--no-undo', image]);
        assert.ok([0, 1].includes(exitCode), stdout);
        await sandbox.ok(['fsck', '-n', image]);
        assert.equal((await pathsOf(sandbox, image)).size, FILES);
      },
    };
  },
};

/** Made once in a sandbox; the judge leaves it sound after every kill. */
async function soundImage(sandbox: Sandbox): Promise<string> {
  const known = join(sandbox.folder, `pool-${FILES}.img`);
  if (existsSync(known)) return known;
  const image = await roomFor(sandbox, FILES);
  await sandbox.ok(['creat', '--from', '-', '--dev', image], { stdin: stdinOf(listing('f', FILES)) });
  return image;
}

function recordsOf(undo: string): number {
  return existsSync(undo) ? readFileSync(undo, 'latin1').split('"offset"').length - 1 : 0;
}

/** How many entries have changed. */
function differing(before: Buffer, now: Buffer): number {
  let count = 0;
  for (let slot = 0; slot < FILES; slot++)
    if (before[entryOffset(slot) + BYTE] !== now[entryOffset(slot) + BYTE]) count++;
  return count;
}

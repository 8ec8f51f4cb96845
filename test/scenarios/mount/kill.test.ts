/** Servers that are killed: what was closed is there after the next mount, and the file system is sound. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { PoolSandbox } from '../../support/pool.js';
import { Random } from '../../support/random.js';
import { isRunning, makeMountPoint, mount, needsFuse, sh, unmount } from '../../support/realMount.js';
import { until } from '../../support/servedStand.js';

const ROUNDS = process.env.FAMFS_TEST_LONG ? 50 : 3;
const SIZE = 300_000;

const sandbox = new PoolSandbox();
await sandbox.makePool(16_384, 16_384);
for (let digit = 0; digit < 10; digit++)
  writeFileSync(join(sandbox.folder, `digit${digit}`), Buffer.alloc(SIZE, String(digit)));

test(
  'each file whose close was reported is there after the next mount; others are whole or not there',
  needsFuse(),
  async (t) => {
    const random = new Random(t);
    const reported: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const point = makeMountPoint(sandbox);
      // sometimes all is kept when the server is killed, sometimes it is in the middle of commits
      const linger = random.pick(['0', '10', '3600000']);
      const pid = mount(sandbox, point, '--linger', linger, '--staging', sandbox.folder);
      const copying = spawn(
        'bash',
        [
          '-c',
          `mkdir ${point}/r${round} || exit 0; for i in $(seq 100); do cat digit$((i % 10)) >${point}/r${round}/$i || exit 0; echo r${round}/$i; done`,
        ],
        { cwd: sandbox.folder, stdio: ['ignore', 'pipe', 'ignore'] },
      );
      const kills = random.within(1, 30);
      let closes = 0;
      const ended = once(copying, 'close');
      for await (const line of createInterface(copying.stdout)) {
        reported.push(line);
        if (++closes === kills) {
          // in the middle of what comes next, or of the commits
          await sleep(random.below(20));
          process.kill(pid, 'SIGKILL');
        }
      }
      assert.ok(closes >= kills, `${closes} files were made, ${kills} wanted`);
      await ended;
      await until('killed', () => !isRunning(pid));
      sh(sandbox, `umount -l ${point}`);
      const { exitCode } = await sandbox.run(['fsck', '-p']);
      assert.ok(exitCode <= 1, `fsck exited ${exitCode}`);
    }
    const point = makeMountPoint(sandbox);
    mount(sandbox, point, '--staging', sandbox.folder);
    const found = readdirSync(point, { recursive: true, encoding: 'utf8' }).filter((path) => /^r\d+\/\d+$/.test(path));
    assert.deepEqual(
      reported.filter((path) => !found.includes(path)),
      [],
    );
    for (const path of found) {
      const digit = String(Number(path.split('/')[1]) % 10);
      assert.ok(readFileSync(join(point, path)).equals(Buffer.alloc(SIZE, digit)), path);
    }
    unmount(sandbox, point);
    await until(
      'all is committed',
      () => !readdirSync(sandbox.folder).some((name) => name.startsWith('famfs-staged-')),
    );
    assert.equal((await sandbox.fsck('-n')).errors, 0);
  },
);

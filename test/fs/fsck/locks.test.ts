/** Repairs and their undo wait for other writers, and belong to the Master. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { GOLDEN_MASTER, goldenImage } from '../../support/golden.js';
import { Head } from '../../support/head.js';
import { pokeHeader } from '../../support/patch.js';
import { MIB, OWN_UUID, Sandbox } from '../../support/sandbox.js';

/** seconds that another process keeps the lock */
const HELD = 1;
/** longer than a command takes that does not wait */
const LONG = 100;

const sandbox = new Sandbox(GOLDEN_MASTER);
const released = join(sandbox.folder, 'released');

const damagedImage = () => goldenImage('g2', sandbox.folder, (image) => pokeHeader(image, 'nextSequence', 14));

/** Another process that holds the exclusive lock for a while, and makes the file `released` before it gives it back. */
async function holdLock(path: string, seconds = HELD): Promise<ChildProcess> {
  rmSync(released, { force: true });
  const holder = spawn('flock', ['-x', path, 'sh', '-c', `echo locked; sleep ${seconds}; : > "$0"`, released], {
    detached: true,
  });
  after(() => kill(holder));
  await once(holder.stdout, 'data');
  return holder;
}

/** Kills a process that holds the lock, and its own, which have the lock too. */
function kill({ pid }: ChildProcess): void {
  spawnSync('kill', ['-KILL', '--', `-${pid}`]);
}

/** Runs a command while another process holds the lock of an image, and checks that it waits until that has given it back. */
async function runsAfterwards(path: string, argv: readonly string[], exitCode: number): Promise<void> {
  await holdLock(path);
  const run = await sandbox.run(argv);
  assert.equal(run.exitCode, exitCode, run.stdout + run.stderr);
  assert.ok(existsSync(released), `${argv.join(' ')} did not wait`);
}

test('fsck -p and undo wait for the lock of a writer', async () => {
  const image = damagedImage();
  const undo = join(sandbox.folder, 'locked.undo');
  await runsAfterwards(image, ['fsck', '-p', '--undo', undo, image], 1);
  await runsAfterwards(image, ['undo', undo], 0);
});

test('fsck -p and undo that do not wait end, with nothing changed', async () => {
  const image = damagedImage();
  const undo = join(sandbox.folder, 'busy.undo');
  const damaged = new Head(image, 10 * MIB);
  const first = await holdLock(image, LONG);
  assert.equal((await sandbox.error(['fsck', '-p', '--no-wait', '--undo', undo, image])).code, 'BUSY');
  assert.ok(damaged.isUnchanged());
  kill(first);
  assert.equal((await sandbox.run(['fsck', '-p', '--undo', undo, image])).exitCode, 1);
  const repaired = new Head(image, 10 * MIB);
  await holdLock(image, LONG);
  assert.equal((await sandbox.error(['undo', '--no-wait', undo])).code, 'BUSY');
  assert.ok(repaired.isUnchanged());
});

test('fsck -n does not wait', async () => {
  const image = damagedImage();
  const holder = await holdLock(image);
  assert.equal((await sandbox.run(['fsck', '-n', image])).exitCode, 4);
  assert.equal(holder.exitCode ?? holder.signalCode, null);
  kill(holder);
});

test('a Client undoes no repair', async () => {
  const image = damagedImage();
  const undo = join(sandbox.folder, 'client.undo');
  assert.equal((await sandbox.run(['fsck', '-p', '--undo', undo, image])).exitCode, 1);
  const repaired = new Head(image, 10 * MIB);
  sandbox.becomeHost(OWN_UUID);
  assert.equal((await sandbox.error(['undo', undo])).code, 'NOT_MASTER');
  assert.ok(repaired.isUnchanged());
  sandbox.becomeHost(GOLDEN_MASTER);
  await sandbox.ok(['undo', undo]);
});

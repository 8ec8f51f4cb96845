/** What fsck says of damage that it does not repair does not depend on its mode. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FAMFS, GUARD } from '../../support/famfs.js';
import { GOLDEN_MASTER, goldenImage } from '../../support/golden.js';
import { Head } from '../../support/head.js';
import { pokeHeader, pokePayload } from '../../support/patch.js';
import { overwrite, PoolSandbox } from '../../support/pool.js';
import { Random } from '../../support/random.js';
import { firstBytes, MIB, Sandbox } from '../../support/sandbox.js';
import type { Damage } from './damages/damage.js';
import { PRIMARY_DAMAGES, SECONDARY_DAMAGES } from './damages/index.js';

/** superblock and the part of the log that is in use */
const HEAD = 3 * MIB;
const NOBODY = 65_534;
/** else a random quarter of the damages */
const LONG = process.env.FAMFS_TEST_LONG !== undefined;
const sandbox = new Sandbox(GOLDEN_MASTER);

const damages = PRIMARY_DAMAGES.flatMap(({ damages: fields }) => Object.values(fields).flat() as Damage[]);

function damaged([, , change, { image = 'g2', size } = {}]: Damage): string {
  const path = goldenImage(image, sandbox.folder, change);
  if (size !== undefined) truncateSync(path, size);
  return path;
}

test('where nothing is repaired, fsck -n, -p and -y have the same exit code, and a shadow tree passes its own check', async (t) => {
  const random = new Random(t);
  const some = damages.filter(([, [code]]) => LONG || code === 'OWNER_RANGE' || random.below(4) === 0);
  const wrong: string[] = [];
  const counts = { unchanged: 0, played: 0 };
  for (const damage of some) {
    const [what] = damage;
    const path = damaged(damage);
    const before = new Head(path, HEAD);
    const tree = join(sandbox.folder, `tree${counts.played}`);
    if ((await sandbox.run(['logplay', '--shadow', tree, '--dev', path])).exitCode === 0) {
      counts.played++;
      const check = await sandbox.run(['logplay', '--shadow', tree, '--check', '--dev', path]);
      if (check.exitCode !== 0) wrong.push(`${what}: ${check.stdout}`);
    }
    const { exitCode } = await sandbox.run(['fsck', '-n', path]);
    for (const mode of ['-p', '-y']) {
      const run = await sandbox.run(['fsck', mode, path]);
      if (!before.isUnchanged()) break;
      counts.unchanged++;
      if (run.exitCode !== exitCode) wrong.push(`${what}: -n ${exitCode}, ${mode} ${run.exitCode} ${run.stderr}`);
    }
  }
  assert.deepEqual(wrong, []);
  for (const [name, count] of Object.entries(counts)) assert.ok(count > some.length / 2, `${name}: only ${count}`);
});

test('the same for secondaries of a pool', async () => {
  const differing: string[] = [];
  const box = new PoolSandbox();
  const [primary = '', second = ''] = await box.makePool(64, 64);
  const sound = firstBytes(second, 4096);
  for (const [what, , change] of Object.values(SECONDARY_DAMAGES.damages).flat()) {
    const bytes = Buffer.from(sound);
    change(bytes);
    overwrite(second, 0, bytes);
    for (const named of [primary, second]) {
      const { exitCode } = await box.run(['fsck', '-n', named]);
      for (const mode of ['-p', '-y']) {
        const run = await box.run(['fsck', mode, named]);
        if (!firstBytes(second, 4096).equals(bytes)) overwrite(second, 0, bytes);
        else if (run.exitCode !== exitCode)
          differing.push(`${what}: -n ${exitCode}, ${mode} ${run.exitCode} ${run.stderr}`);
      }
    }
  }
  assert.deepEqual(differing, []);
});

test('an image that nobody may write to has one exit code, whatever fsck was to do', () => {
  chmodSync(sandbox.folder, 0o755);
  const rows: readonly (readonly [string, Damage[2], number])[] = [
    ['sound', () => {}, 0],
    ['repairable', (image) => pokeHeader(image, 'nextSequence', 14), 4],
    ['beyond repair', (image) => pokePayload(image, 5, 'file', 'uid', 0xffffffff), 4],
  ];
  for (const [what, change, exitCode] of rows) {
    const path = goldenImage('g2', sandbox.folder, change);
    chmodSync(path, 0o444);
    const run = (mode: string) =>
      spawnSync(process.execPath, [FAMFS, 'fsck', mode, path], {
        env: { ...process.env, ...sandbox.env, HOME: sandbox.folder },
        encoding: 'utf8',
        ...(process.geteuid?.() === 0 && { uid: NOBODY, gid: NOBODY }),
        ...GUARD,
      });
    for (const mode of ['-n', '-p', '-y']) {
      const { status, stdout, stderr } = run(mode);
      assert.equal(status, exitCode, `${what} ${mode}: ${stdout}${stderr}`);
      if (mode !== '-n') assert.match(stderr, /is checked, but not repaired: cannot open .*permission denied/);
    }
    rmSync(path);
  }
});

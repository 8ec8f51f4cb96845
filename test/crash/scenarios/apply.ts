/** apply: whatever a crash leaves is nothing or sound, and the same manifest, applied again, makes the rest. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { MIB } from '../../support/sandbox.js';
import type { CrashState, Scenario } from '../scenario.js';
import type { Stand } from '../stand.js';
import { usedFs } from './fileSystems.js';

const MANIFEST = 'manifest.yaml';
const DONE = 'everything';

function write(stand: Stand, text: string): void {
  writeFileSync(stand.path(MANIFEST), text);
}

const apply = ['apply', '--quiet', '--clients-unmounted', `../${MANIFEST}`];

/** The next run makes what is missing; after a report, that is nothing. */
async function judgeNextRun(stand: Stand, { reported }: CrashState): Promise<void> {
  if (reported.length > 0) await stand.ok('plan', `../${MANIFEST}`);
  await stand.ok(...apply);
  await stand.ok('fsck', '-n', 'pool');
}

const newPool: Scenario = {
  name: 'apply of a new pool',
  async prepare(stand) {
    write(
      stand,
      `pool: {daxdevs: [images/pool, images/second], label: crashed, stripes: 2}
files: [{path: data/new, size: 5000, seed: 5}]`,
    );
    return [stand.image('pool', 24 * MIB), stand.image('second', 16 * MIB)];
  },
  async work(stand, report) {
    await stand.ok(...apply);
    report(DONE);
  },
  judge: async (stand, state) => {
    const { exitCode } = await stand.run('fsck', '-p', '--no-undo', 'pool');
    assert.ok([0, 1, 8].includes(exitCode), `fsck -p exits ${exitCode}`);
    await judgeNextRun(stand, state);
    await stand.ok('verify', '-S', '5', 'data/new', '--dev', 'pool');
    return exitCode === 8 ? 'no file system' : 'a file system';
  },
  finds: ['a file system', 'no file system'],
};

const replacing: Scenario = {
  name: 'apply that replaces and changes files',
  async prepare(stand) {
    const images = await usedFs(stand);
    await stand.ok('creat', '--seed', '3', '-s', '9000', 'kept', '--dev', 'pool');
    await stand.ok('creat', '--seed', '4', '-s', '3000', 'data-new', '--dev', 'pool');
    await stand.ok('mkdir', 'data', '--dev', 'pool');
    await stand.ok('mv', '--clients-unmounted', 'data-new', 'data/new', '--dev', 'pool');
    write(
      stand,
      `pool: {daxdevs: [images/pool]}
defaults: {onConflict: replace}
directories: [{path: old, mode: 0700}]
files: [{path: data/new, size: 5000, seed: 5}, {path: old/c, size: 3000, seed: 6}]`,
    );
    return images;
  },
  async work(stand, report) {
    await stand.ok(...apply);
    report(DONE);
  },
  judge: async (stand, state) => {
    const { exitCode } = await stand.run('fsck', '-p', '--no-undo', 'pool');
    assert.ok(exitCode <= 1, `fsck -p exits ${exitCode}`);
    await stand.ok('verify', '-S', '3', 'kept', '--dev', 'pool');
    const isNew = (await stand.run('verify', '-S', '5', 'data/new', '--dev', 'pool')).exitCode === 0;
    if (!isNew) await stand.ok('verify', '-S', '4', 'data/new', '--dev', 'pool');
    const listing = await stand.ok('ls', '-l', '--dev', 'pool', '/');
    assert.equal(/drwx------.* old/.test(listing), isNew, `the files are ${isNew ? 'new' : 'old'}: ${listing}`);
    await judgeNextRun(stand, state);
    return isNew ? 'new' : 'old';
  },
  finds: ['new', 'old'],
};

export const APPLIES: readonly Scenario[] = [newPool, replacing];

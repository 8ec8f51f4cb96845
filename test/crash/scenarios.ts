/** The writers that are stopped after each of their stores, and what each may leave. */
import assert from 'node:assert/strict';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { CrashState } from './recorder.js';
import type { Scenario, Stand } from './scenario.js';

const OLD_FILES = ['old', 'old/a', 'old/b'];

/** A file system with a directory and two files. */
async function oldFs(stand: Stand): Promise<string[]> {
  await stand.ok('mkfs', '--quiet', stand.image('pool'));
  await stand.ok('mkdir', 'old', '--dev', 'pool');
  await stand.ok('creat', '-s', '2M', 'old/a', 'old/b', '--dev', 'pool');
  return ['pool'];
}

async function fresh(stand: Stand): Promise<string[]> {
  stand.image('pool');
  return ['pool'];
}

interface Report {
  readonly fsUuid: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly warnings: number;
  readonly daxdevs: readonly object[];
}

/**
 * What every state must be: sound, or made sound by -p; then everything named is there, and a new file can be made, after
 * which it is still sound.
 */
async function judgeSound(stand: Stand, expected: readonly string[], repair = '-p'): Promise<void> {
  const first = await stand.run(['fsck', '-n', '--json', 'pool']);
  assert.ok([0, 4].includes(first.exitCode), `fsck exits ${first.exitCode}: ${first.stderr}`);
  if (first.exitCode === 4) {
    const repaired = await stand.run(['fsck', repair, '--no-undo', 'pool']);
    assert.equal(repaired.exitCode, 1, `fsck ${repair} exits ${repaired.exitCode}: ${repaired.stdout}`);
    assert.equal((await stand.run(['fsck', '-n', 'pool'])).exitCode, 0, 'not clean after the repair');
  }
  await judgeNames(stand, expected);
  await stand.ok('creat', '-s', '2M', 'after-the-crash', '--dev', 'pool');
  const last = await stand.run(['fsck', '-n', 'pool']);
  assert.equal(last.exitCode, 0, `not clean after a further file: ${last.stdout}`);
  await judgeNames(stand, [...expected, 'after-the-crash']);
}

async function judgeNames(stand: Stand, expected: readonly string[]): Promise<void> {
  const { entries } = JSON.parse(await stand.ok('ls', '-R', '--json', '--dev', 'pool')) as {
    entries: { path: string }[];
  };
  const names = new Set(entries.map(({ path }) => path));
  for (const name of expected) assert.ok(names.has(name), `${name} is lost`);
}

/** A command that appends one entry for each of `made`, in that order. */
function appending(name: string, argv: readonly string[], made: readonly string[]): Scenario {
  return {
    name,
    prepare: oldFs,
    work: async (stand) => void (await stand.ok(...argv, '--dev', 'pool')),
    judge: (stand, { commits }) => judgeSound(stand, [...OLD_FILES, ...made.slice(0, commits)]),
  };
}

const names = (count: number) => Array.from({ length: count }, (_, i) => `f${i}`);

/** mkfs leaves the file system that was there, none, or a new one that is empty and sound. */
function making(name: string, prepare: Scenario['prepare'], argv: readonly string[]): Scenario {
  let old: string | undefined;
  return {
    name,
    async prepare(stand) {
      const images = await prepare(stand);
      const { exitCode, stdout } = await stand.run(['fsck', '-n', '--json', 'pool']);
      old = exitCode === 0 ? (JSON.parse(stdout) as Report).fsUuid : undefined;
      return images;
    },
    work: async (stand) => void (await stand.ok(...argv)),
    async judge(stand) {
      const { exitCode, stdout, stderr } = await stand.run(['fsck', '-n', '--json', 'pool']);
      if (exitCode === 8) return assert.match(stderr, /NO_FAMFS/);
      assert.equal(exitCode, 0, stdout);
      await judgeSound(stand, (JSON.parse(stdout) as Report).fsUuid === old ? OLD_FILES : []);
    },
  };
}

/** A repair that is stopped can be made again. */
function repairing(name: string, damage: (stand: Stand) => void, entries: readonly string[] = OLD_FILES): Scenario {
  return {
    name,
    async prepare(stand) {
      const images = await oldFs(stand);
      damage(stand);
      return images;
    },
    work: async (stand) => assert.equal((await stand.run(['fsck', '-y', '--no-undo', 'pool'])).exitCode, 1),
    judge: (stand) => judgeSound(stand, entries, '-y'),
  };
}

function poke(stand: Stand, offset: number, bytes: readonly number[], image = 'pool'): void {
  const fd = openSync(join(stand.folder, image), 'r+');
  writeSync(fd, Buffer.from(bytes), 0, bytes.length, offset);
  closeSync(fd);
}

const LOG = 0x200000;
const COUNTS = LOG + 32;

/** A pool of two whose secondary is damaged, or that its log has forgotten; what is stopped can be made again. */
function repairingPool(name: string, damage: (stand: Stand) => void): Scenario {
  return {
    name,
    async prepare(stand) {
      await oldFs(stand);
      stand.image('second');
      await stand.ok('daxdev', 'add', '--quiet', 'second', '--dev', 'pool');
      damage(stand);
      return ['pool', 'second'];
    },
    work: async (stand) => assert.equal((await stand.run(['fsck', '-y', '--no-undo', 'pool'])).exitCode, 1),
    async judge(stand) {
      await judgeSound(stand, OLD_FILES, '-y');
      assert.ok([0, 1].includes((await stand.run(['fsck', '-y', '--no-undo', 'pool'])).exitCode));
      const { daxdevs, warnings } = JSON.parse(await stand.ok('fsck', '-n', '--json', 'pool')) as Report;
      assert.deepEqual([daxdevs.length, warnings], [2, 0]);
    },
  };
}

/** A daxdev that joins: the pool is sound with it or without it. */
const daxdevAdd: Scenario = {
  name: 'daxdev add',
  async prepare(stand) {
    await oldFs(stand);
    stand.image('second');
    return ['pool', 'second'];
  },
  work: async (stand) => void (await stand.ok('daxdev', 'add', '--quiet', 'second', '--dev', 'pool')),
  judge: (stand) => judgeSound(stand, OLD_FILES),
};

export const SCENARIOS: readonly Scenario[] = [
  making('mkfs', fresh, ['mkfs', '--quiet', 'pool']),
  making('mkfs over a famfs', oldFs, ['mkfs', '--quiet', '--force', 'pool']),
  appending('mkdir', ['mkdir', '-p', 'x/y/z'], ['x', 'x/y', 'x/y/z']),
  appending('creat', ['creat', '-s', '1M', ...names(6)], names(6)),
  appending('creat striped', ['creat', '-s', '4M', '--stripes', '2', '--chunk', '2M', ...names(2)], names(2)),
  repairing('repair of the header', (stand) => poke(stand, LOG, Array(48).fill(0xff))),
  repairing('repair of the counts', (stand) => poke(stand, COUNTS, Array(16).fill(0))),
  repairing('repair of the device size', (stand) => poke(stand, 112, Array(8).fill(0))),
  repairing('repair of several', (stand) => {
    poke(stand, 112, Array(8).fill(7));
    poke(stand, LOG, Array(48).fill(0));
  }),
  repairingPool('repair of a secondary', (stand) => poke(stand, 8, Array(40).fill(9), 'second')),
  repairingPool('repair of the flags of a secondary', (stand) => poke(stand, 104, [7], 'second')),
  repairingPool('an orphan that is taken in', (stand) => {
    // the entry that added it is the fourth and last
    poke(stand, LOG + 48 + 3 * 544, Array(544).fill(0));
    poke(stand, COUNTS, [3, 0, 0, 0, 0, 0, 0, 0, 3]);
  }),
  daxdevAdd,
];

export type { CrashState };

/** Repairs of fsck: one that was stopped can be repeated or undone, and so can one whose undo was stopped. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Head } from '../../support/head.js';
import type { PoolList } from '../../support/pool.js';
import { MIB } from '../../support/sandbox.js';
import { judgeSound, LATER } from '../judge.js';
import type { Judge, Scenario } from '../scenario.js';
import type { Stand } from '../stand.js';
import { PATIENTS, type Patient } from './patients.js';

const UNDO = 'undo-image';
/** bytes of superblock, log header and used entries: all that repairs write to */
const METADATA = 2 * MIB + 65_536;

/** The repair is stopped. */
function repairing(patient: Patient): Scenario {
  const { name, host, prepare, options } = patient;
  let damaged: readonly Head[];
  return {
    name: `repair of ${name}`,
    host,
    file: UNDO,
    async prepare(stand) {
      const images = await prepare(stand);
      damaged = metadata(stand, images);
      return images;
    },
    async work(stand, report) {
      const { exitCode, stdout, stderr } = await stand.run('fsck', ...options, '--undo', stand.path(UNDO), 'pool');
      assert.equal(exitCode, 1, stdout + stderr);
      report('the repair');
    },
    judge: repairedBy(patient),
    fileJudge: (stand) => judgeUndone(stand, damaged),
    finds: ['repaired', 'undone'],
  };
}

/** The repair was made, and its undo is stopped. */
function undoing(patient: Patient): Scenario {
  const { name, host, prepare, options } = patient;
  let damaged: readonly Head[];
  return {
    name: `undo of a repair of ${name}`,
    host,
    async prepare(stand) {
      const images = await prepare(stand);
      damaged = metadata(stand, images);
      assert.equal((await stand.run('fsck', ...options, '--undo', stand.path(UNDO), 'pool')).exitCode, 1);
      return images;
    },
    async work(stand, report) {
      await stand.ok('undo', stand.path(UNDO));
      report('the restoration');
    },
    // the damage is back once nothing more is written
    judge: (stand, state) => repairedBy(patient)(stand, { ...state, idle: false }),
    fileJudge: (stand) => judgeUndone(stand, damaged),
    finds: ['repaired', 'undone'],
  };
}

function repairedBy({ options, repairs, nodes, daxdevs }: Patient): Judge {
  return async (stand, state) => {
    const paths = await judgeSound(stand, state, { options, repairs, fsckAlone: true });
    assert.equal([...paths].filter((path) => path !== LATER).length, nodes, 'entries that are left');
    const pool = await stand.json<PoolList>('daxdev', 'list', '--dev', 'pool');
    assert.deepEqual([pool.daxdevs.filter(({ state }) => state === 'present').length, pool.orphans], [daxdevs, []]);
    return 'repaired';
  };
}

/** The undo image reverts whatever part of the repair was written; without an undo image, nothing was written. */
async function judgeUndone(stand: Stand, damaged: readonly Head[]): Promise<string> {
  const file = stand.path(UNDO);
  if (existsSync(file)) {
    const { exitCode, stderr } = await stand.run('undo', '--json', '--interrupted', file);
    // if its first record is cut short, nothing was applied
    if (exitCode !== 0) assert.match(stderr, /"code": ?"UNDO_FILE"/);
  }
  assert.ok(
    damaged.every((head) => head.isUnchanged()),
    'it is not as it was before the repair',
  );
  return 'undone';
}

function metadata({ folder }: Stand, images: readonly string[]): Head[] {
  return images.map((image) => new Head(join(folder, image), METADATA));
}

/** one of each kind of repair */
const USUAL = [
  'log header overwritten',
  'one entry not counted',
  'torn last entry',
  'one bit of an entry',
  'device name',
  'several at once',
  'superblock: the whole block',
  'a secondary',
  'an orphan',
];
const UNDONE = ['superblock: the whole block', 'an orphan'];

const patients = (names: readonly string[]) => PATIENTS.filter(({ name }) => names.includes(name));

export const REPAIRS: readonly Scenario[] = [...patients(USUAL).map(repairing), ...patients(UNDONE).map(undoing)];

/** All the others. */
export const MORE_REPAIRS: readonly Scenario[] = [
  ...PATIENTS.filter(({ name }) => !USUAL.includes(name)).map(repairing),
  ...PATIENTS.filter(({ name }) => !UNDONE.includes(name)).map(undoing),
];

/** Repairs of fsck: one that is stopped can be made again, and can be taken back. So can one whose taking back is stopped. */
import assert from 'node:assert/strict';
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { ENTRIES, LOST_SUPERBLOCKS, REPAIRABLE, type Repairable } from '../../fsck/repairable.js';
import { GOLDEN_MASTER, goldenImage } from '../../golden.js';
import { entryOffset } from '../../patch.js';
import type { PoolList } from '../../pool.js';
import { firstBytes, MIB } from '../../sandbox.js';
import { judgeSound } from '../judge.js';
import type { Judge, Scenario } from '../scenario.js';
import type { Stand } from '../stand.js';
import { LOG_COUNTS, poke } from './fileSystems.js';

/** A header may have arrived without its counts. */
const OF_HEADER = ['LOG_HEADER', 'LOG_COUNT'];
/** Of a superblock that is half written, its crc may tell what it was, and the rest is put right field by field. */
const OF_SUPERBLOCK = ['SUPERBLOCK', 'DEVICE_SIZE', 'FLAGS', 'NAME', 'RESERVED'];
const UNDO = 'undo-image';
/** superblock, and log header with the entries that there are: all that repairs write to; bytes */
const METADATA = 2 * MIB + 65_536;

/** What a repair begins with. */
interface Patient {
  readonly name: string;
  readonly host: string;
  /** makes the images, the first of them the primary; returns their names */
  prepare(stand: Stand): Promise<readonly string[]>;
  /** options of fsck: the least that repairs it */
  readonly options: readonly string[];
  /** repairs that may be necessary */
  readonly repairs: readonly string[];
  /** files and directories after the repair, and the judge's own */
  readonly nodes: number;
  /** members of the pool after the repair; 1 unless said */
  readonly daxdevs?: number;
}

/** The repair is stopped. */
function repairing(patient: Patient): Scenario {
  const { name, host, prepare, options } = patient;
  let damaged: Buffer;
  let images: readonly string[];
  return {
    name: `repair of ${name}`,
    host,
    file: UNDO,
    async prepare(stand) {
      images = await prepare(stand);
      damaged = metadata(stand, images);
      return images;
    },
    async work(stand, report) {
      const { exitCode, stdout, stderr } = await stand.run('fsck', ...options, '--undo', stand.path(UNDO), 'pool');
      assert.equal(exitCode, 1, stdout + stderr);
      report('the repair');
    },
    judge: repairedBy(patient),
    fileJudge: (stand) => judgeUndone(stand, images, damaged),
    finds: ['repaired', 'undone'],
  };
}

/** The repair was made, and its taking back is stopped. */
function undoing(patient: Patient): Scenario {
  const { name, host, prepare, options } = patient;
  let damaged: Buffer;
  let images: readonly string[];
  return {
    name: `undo of a repair of ${name}`,
    host,
    async prepare(stand) {
      images = await prepare(stand);
      damaged = metadata(stand, images);
      assert.equal((await stand.run('fsck', ...options, '--undo', stand.path(UNDO), 'pool')).exitCode, 1);
      return images;
    },
    async work(stand, report) {
      await stand.ok('undo', stand.path(UNDO));
      report('the restoration');
    },
    // the damage is back when nothing is written any more
    judge: (stand, state) => repairedBy(patient)(stand, { ...state, idle: false }),
    fileJudge: (stand) => judgeUndone(stand, images, damaged),
    finds: ['repaired', 'undone'],
  };
}

function repairedBy({ options, repairs, nodes, daxdevs = 1 }: Patient): Judge {
  return async (stand, state) => {
    const paths = await judgeSound(stand, state, { options, repairs, fsckAlone: true });
    assert.ok(paths.size === nodes || paths.size === nodes - 1, `${paths.size} entries are left`);
    const pool = await stand.json<PoolList>('daxdev', 'list', '--dev', 'pool');
    assert.deepEqual([pool.daxdevs.filter(({ state }) => state === 'present').length, pool.orphans], [daxdevs, []]);
    return 'repaired';
  };
}

/** Whatever was written of a repair, the undo image takes it back; without one, nothing was written. */
async function judgeUndone(stand: Stand, images: readonly string[], damaged: Buffer): Promise<string> {
  const file = stand.path(UNDO);
  if (existsSync(file)) {
    const { exitCode, stderr } = await stand.run('undo', '--json', file);
    // its first line may be cut short, then nothing was applied
    if (exitCode !== 0) assert.match(stderr, /"code": ?"UNDO_FILE"/);
  }
  assert.ok(metadata(stand, images).equals(damaged), 'it is not as it was before the repair');
  return 'undone';
}

function metadata({ folder }: Stand, images: readonly string[]): Buffer {
  return Buffer.concat(images.map((image) => firstBytes(join(folder, image), METADATA)));
}

function golden({ name, damage, mode, repairs, nodes = ENTRIES }: Repairable, ...further: string[]): Patient {
  const prepare = async ({ folder }: Stand) => {
    renameSync(goldenImage('g2', folder, damage), join(folder, 'pool'));
    return ['pool'];
  };
  const necessary = repairs.includes('LOG_HEADER') ? [...repairs, ...OF_HEADER] : repairs;
  return { name, host: GOLDEN_MASTER, prepare, options: [mode, ...further], repairs: necessary, nodes: nodes + 1 };
}

/** A pool of two whose metadata is damaged. */
function pool(
  name: string,
  damage: (stand: Stand) => void,
  options: readonly string[],
  repairs: readonly string[],
): Patient {
  const prepare = async (stand: Stand) => {
    await stand.ok('mkfs', '--quiet', stand.image('pool'), stand.image('second'));
    await stand.ok('creat', '-s', '4M', 'plain', '--dev', 'pool');
    damage(stand);
    return ['pool', 'second'];
  };
  return { name, host: GOLDEN_MASTER, prepare, options, repairs, nodes: 2, daxdevs: 2 };
}

/** Takes the second entry off, which makes a file, and the first, which adds the daxdev. */
function forgetDaxdev(stand: Stand): void {
  poke(stand, 'pool', entryOffset(0), Buffer.alloc(entryOffset(2) - entryOffset(0)));
  poke(stand, 'pool', LOG_COUNTS, Buffer.alloc(16));
}

const SUPERBLOCKS = LOST_SUPERBLOCKS.map(([what, damage, master]) =>
  golden(
    { name: `superblock: ${what}`, damage, mode: '-y', repairs: OF_SUPERBLOCK },
    ...(master === 'unknown' ? ['--master-here'] : []),
  ),
);
const POOLS = [
  pool("a pool's superblock", (stand) => poke(stand, 'pool', 0, Buffer.alloc(4096)), ['-y'], OF_SUPERBLOCK),
  pool('a secondary', (stand) => poke(stand, 'second', 16, Buffer.alloc(8, 9)), ['-p'], ['MEMBER', ...OF_SUPERBLOCK]),
  pool("a secondary's flags", (stand) => poke(stand, 'second', 104, Buffer.of(7)), ['-p'], ['FLAGS']),
  { ...pool('an orphan', forgetDaxdev, ['-y'], ['ORPHAN', 'LOG_COUNT']), nodes: 1 },
];
const PATIENTS = [...REPAIRABLE.map((one) => golden(one)), ...SUPERBLOCKS, ...POOLS];
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

/** All that are not among those. */
export const MORE_REPAIRS: readonly Scenario[] = [
  ...PATIENTS.filter(({ name }) => !USUAL.includes(name)).map(repairing),
  ...PATIENTS.filter(({ name }) => !UNDONE.includes(name)).map(undoing),
];

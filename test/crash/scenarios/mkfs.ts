/** mkfs of one device and of several, blank or in use. */
import assert from 'node:assert/strict';
import type { FsckReport } from '../../support/pool.js';
import { MIB } from '../../support/sandbox.js';
import { judgeNames, judgeSound } from '../judge.js';
import type { CrashState, Scenario } from '../scenario.js';
import type { Stand } from '../stand.js';
import { OLD_FILES, oldFs } from './fileSystems.js';
import { judgePool } from './pools.js';

const MADE = 'the new file system';

type Report = FsckReport & { readonly fsUuid: string };

/** mkfs of one device leaves the old file system, none, or an empty new one. */
function makingOne(name: string, prepare: Scenario['prepare'], argv: readonly string[], old: boolean): Scenario {
  let before: string | undefined;
  return {
    name,
    async prepare(stand) {
      const images = await prepare(stand);
      before = old ? (await stand.json<Report>('fsck', 'pool')).fsUuid : undefined;
      return images;
    },
    async work(stand, report) {
      await stand.ok(...argv);
      report(MADE);
    },
    judge: async (stand, state) => {
      const { exitCode, stdout, stderr } = await stand.run('fsck', '-n', '--json', 'pool');
      if (exitCode === 8) {
        assert.match(stderr, /NO_FAMFS/);
        assert.deepEqual(state.reported, []);
        await judgeUnfinished(stand, state, argv);
        return 'none';
      }
      assert.equal(exitCode, 0, stdout);
      await judgeLabel(stand, argv);
      const isOld = (JSON.parse(stdout) as Report).fsUuid === before;
      assert.ok(!isOld || state.reported.length === 0, 'the old file system is there, a new one was reported');
      const paths = await judgeSound(stand, state, { repairs: [] });
      judgeNames(paths, isOld ? OLD_FILES : [], [], { ...state, reported: [], counted: 0 });
      return isOld ? 'old' : 'new';
    },
    finds: old ? ['none', 'new', 'old'] : ['none', 'new'],
  };
}

/**
 * A file system that mkfs did not complete: `fsck -y` finds none, or completes one that is sound; and the same mkfs again needs no
 * --force that it did not need before, whether fsck came first or not.
 */
async function judgeUnfinished(stand: Stand, { number }: CrashState, argv: readonly string[]): Promise<void> {
  const fsck = [undefined, ['-y'], ['-y', '--master-here']][number % 3];
  if (fsck !== undefined) {
    const { exitCode, stdout, stderr } = await stand.run('fsck', ...fsck, '--no-undo', '--json', 'pool');
    if (exitCode < 4) {
      const { errors, warnings } = JSON.parse(stdout) as Report;
      assert.deepEqual([exitCode, errors, warnings], [1, 0, 0], `fsck ${fsck.join(' ')}: ${stderr}${stdout}`);
      await stand.ok('creat', '-s', '2M', 'later', '--dev', 'pool');
      return;
    }
  }
  await stand.ok(...argv);
  await judgeLabel(stand, argv);
}

async function judgeLabel(stand: Stand, argv: readonly string[]): Promise<void> {
  const { label } = await stand.json<{ label: string | null }>('info', '--dev', 'pool');
  const at = argv.indexOf('--label');
  assert.equal(label, at < 0 ? null : argv[at + 1]);
}

const POOL = ['p0', 'p1', 'p2'] as const;

/** mkfs of a pool leaves the old one whole, none, or a new one with as many members as its log has so far. */
function makingPool(
  name: string,
  prepare: (stand: Stand) => Promise<string | undefined>,
  argv: readonly string[],
  finds: readonly string[],
): Scenario {
  let before: string | undefined;
  return {
    name,
    async prepare(stand) {
      POOL.forEach((image, i) => void stand.image(image, (24 + 2 * i) * MIB));
      before = await prepare(stand);
      return POOL;
    },
    async work(stand, report) {
      await stand.ok(...argv, ...POOL);
      report(MADE);
    },
    judge: async (stand, state) => {
      const found = new Set<string>();
      for (const image of POOL) found.add(await judgePool(stand, image, (report) => nameOf(report, before, state)));
      // every member leads to the same one
      found.delete('none');
      assert.ok(found.size <= 1, `several: ${[...found].join(', ')}`);
      const [one = 'none'] = found;
      assert.ok(state.reported.length === 0 || one === 'new of 3', one);
      if (one.startsWith('new')) await judgeCompletion(stand);
      return one;
    },
    finds,
  };
}

/** All secondaries are complete before the primary is: fsck -y adds those that the log does not have yet. */
async function judgeCompletion(stand: Stand): Promise<void> {
  const { exitCode, stdout } = await stand.run('fsck', '-y', '--no-undo', '--json', 'p0');
  const { errors, warnings, daxdevs } = JSON.parse(stdout) as Report;
  assert.deepEqual([exitCode & ~1, errors, warnings, daxdevs.length], [0, 0, 0, POOL.length], stdout);
}

function nameOf(report: Report, before: string | undefined, { counted, idle }: CrashState): string {
  const { fsUuid, daxdevs, repairs } = report;
  assert.ok(!idle || repairs.length === 0, 'repaired though nothing was being written');
  assert.ok(daxdevs.every(({ state }) => state === 'present'));
  if (fsUuid === before) return `old of ${daxdevs.length}`;
  assert.ok(daxdevs.length > counted, `${counted} members were counted, ${daxdevs.length - 1} are left`);
  return `new of ${daxdevs.length}`;
}

/** A pool whose primary becomes a secondary of the new one. */
async function oldPool(stand: Stand): Promise<string> {
  await stand.ok('mkfs', '--quiet', 'p1', 'p2', 'p0');
  await stand.ok('creat', '--dev', 'p1', '-s', '4M', '--stripes', '3', 'old');
  return (await stand.json<Report>('fsck', 'p1')).fsUuid;
}

const blank = async (stand: Stand) => [stand.image('pool')];

/** of mkfs: each makes it write a record beside the superblock */
const RECORDS = ['--label', 'a label of several words of memory', '--stripes', '1', '--chunk', '2M'];

export const MAKES: readonly Scenario[] = [
  makingOne('mkfs', blank, ['mkfs', '--quiet', ...RECORDS, 'pool'], false),
  makingOne('mkfs over a famfs', oldFs, ['mkfs', '--quiet', '--force', 'pool'], true),
  makingPool(
    'mkfs of a pool',
    async () => undefined,
    ['mkfs', '--quiet', '--stripes', '2'],
    ['none', 'new of 1', 'new of 2', 'new of 3'],
  ),
  makingPool(
    'mkfs over a pool',
    oldPool,
    ['mkfs', '--quiet', '--force'],
    ['none', 'new of 1', 'new of 2', 'new of 3', 'old of 3'],
  ),
];

/** Daxdevs that leave their pool or change their size: a crash leaves the old pool or the new one, and the same command completes it. */
import assert from 'node:assert/strict';
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { MIB } from '../../support/sandbox.js';
import type { Scenario } from '../scenario.js';
import type { Stand } from '../stand.js';

interface Pool {
  readonly findings: readonly { readonly code: string }[];
  readonly daxdevs: readonly { readonly path: string | null; readonly state: string; readonly size: number }[];
}

interface Leaving {
  readonly name: string;
  /** a further image, which is blank */
  readonly blank?: string;
  readonly argv: readonly string[];
  /** fsck -y adds no daxdev after a crash */
  readonly mayRepair: boolean;
  /** paths of the secondaries afterwards */
  readonly after: readonly string[];
  readonly finds: readonly string[];
}

function run(stand: Stand, command: readonly string[]): Promise<string> {
  return stand.ok(...command, '--clients-unmounted', '--quiet', '--dev', 'pool');
}

/** Two daxdevs with a file on each. */
async function poolOfTwo(stand: Stand): Promise<string[]> {
  const images = ['pool', 'second'].map((image) => stand.image(image, image === 'pool' ? 16 * MIB : SMALL));
  await stand.ok('mkfs', '--quiet', ...images);
  const creat = ['creat', '--seed', '3', '-s', '9000', '--dev', 'pool'];
  await stand.ok(...creat, '--daxdevs', '0', 'kept');
  await stand.ok(...creat, '--daxdevs', '1', 'moved');
  return images;
}

/** A daxdev with files leaves its pool; another may take its place. */
function leaving({ name, blank, argv, mayRepair, after, finds }: Leaving): Scenario {
  const secondaries = ({ daxdevs }: Pool) => daxdevs.slice(1).map(({ path }) => path?.split('/').at(-1));
  return {
    name,
    async prepare(stand) {
      const images = await poolOfTwo(stand);
      return [...images, ...(blank === undefined ? [] : [stand.image(blank, SMALL)])];
    },
    async work(stand, report) {
      await run(stand, argv);
      report(name);
    },
    judge: async (stand, state) => {
      const mode = mayRepair && state.number % 2 === 1 ? '-y' : '-p';
      const { exitCode, stdout, stderr } = await stand.run('fsck', mode, '--no-undo', '--json', 'pool');
      assert.ok(exitCode === 0 || exitCode === 1, `fsck ${mode} exits ${exitCode}: ${stderr}${stdout}`);
      const pool = JSON.parse(stdout) as Pool;
      const codes = pool.findings.map(({ code }) => code);
      const isDone = secondaries(pool).join() === after.join();
      const hasOrphan = codes.includes('MEMBER_ORPHAN');
      assert.deepEqual(
        codes.filter((code) => !ALLOWED.has(code)),
        [],
      );
      assert.ok(
        pool.daxdevs.every((daxdev) => daxdev.state === 'present'),
        stdout,
      );
      assert.ok(isDone || state.reported.length === 0, 'it was reported, and is not done');
      assert.ok(!hasOrphan || !state.idle, 'an orphan that stays');
      // the same command completes it
      if (!isDone || hasOrphan) await run(stand, argv);
      await judgeFiles(stand);
      const left = await stand.json<Pool>('fsck', '-n', 'pool');
      assert.deepEqual([secondaries(left), left.findings], [after, []]);
      return `${isDone ? 'new' : 'old'}${hasOrphan ? ' and an orphan' : ''}`;
    },
    finds,
  };
}

/** bytes of the images of secondaries */
const SMALL = 4 * MIB;
/** what fsck -p may find: the rewrite that it completes, and a daxdev that has left, or is to come */
const ALLOWED: ReadonlySet<string> = new Set(['LOG_REWRITING', 'MEMBER_ORPHAN']);

/** Both files have their bytes. */
async function judgeFiles(stand: Stand): Promise<void> {
  await stand.ok('verify', '-S', '3', 'kept', 'moved', '--dev', 'pool');
}

export const removal = leaving({
  name: 'daxdev remove',
  argv: ['daxdev', 'remove', '1'],
  mayRepair: true,
  after: [],
  finds: ['new', 'new and an orphan', 'old'],
});

const replacement = leaving({
  name: 'daxdev replace',
  blank: 'third',
  argv: ['daxdev', 'replace', '1', 'third'],
  // before the log is rewritten, the new daxdev is an orphan that may be added
  mayRepair: false,
  after: ['third'],
  finds: ['new', 'new and an orphan', 'old', 'old and an orphan'],
});

const GROWN = 2 * SMALL;

/** A secondary grew: it has a wrong size until its superblock and the log have the new one. */
const growth: Scenario = {
  name: 'daxdev resize',
  async prepare(stand) {
    const images = await poolOfTwo(stand);
    truncateSync(join(stand.folder, 'second'), GROWN);
    return images;
  },
  async work(stand, report) {
    await run(stand, RESIZE);
    report('the size');
  },
  judge: async (stand, state) => {
    const { exitCode, stdout, stderr } = await stand.run('fsck', '-p', '--no-undo', '--json', 'pool');
    assert.ok([0, 1, 4, 5].includes(exitCode), `fsck -p exits ${exitCode}: ${stderr}${stdout}`);
    const { findings } = JSON.parse(stdout) as Pool;
    const codes = findings.map(({ code }) => code);
    const isDone = codes.every((code) => code === 'LOG_REWRITING');
    assert.ok(isDone || state.reported.length === 0, 'it was reported, and is not done');
    if (!isDone) await run(stand, RESIZE);
    const { daxdevs, findings: left } = await stand.json<Pool>('fsck', '-n', 'pool');
    assert.deepEqual([daxdevs[1]?.size, daxdevs[1]?.state, left], [GROWN, 'present', []]);
    await judgeFiles(stand);
    if (state.number % 4 === 0)
      await stand.ok('creat', '-s', '4M', '--daxdevs', '1', 'in-the-new-space', '--dev', 'pool');
    return isDone ? 'new' : 'old';
  },
  finds: ['new', 'old'],
};

const RESIZE = ['daxdev', 'resize', '1'];

export const MORE_LEAVING: readonly Scenario[] = [replacement, growth];

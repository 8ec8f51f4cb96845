/** Rewrites of the log: a crash leaves the old log or the new one, or what the next writer or fsck -p completes. */
import assert from 'node:assert/strict';
import { MIB } from '../../support/sandbox.js';
import { judgeSound, LATER } from '../judge.js';
import type { Scenario } from '../scenario.js';
import type { Stand } from '../stand.js';
import { oldFs, usedFs } from './fileSystems.js';

interface FileMap {
  readonly path: string;
  readonly size: number;
}

/** Names, owners, modes, sizes and maps of all that is there, but for what the judge makes. */
async function contents(stand: Stand): Promise<string> {
  const { entries } = await stand.json<{ entries: { path: string; slot: number }[] }>('ls', '-R', '--dev', 'pool');
  const { files } = await stand.json<{ files: FileMap[] }>('showfmap', '--all', '--dev', 'pool');
  const ours = <T extends { path: string }>(rows: readonly T[]) => rows.filter(({ path }) => path !== LATER);
  return JSON.stringify([ours(entries), ours(files)]);
}

/** A command that rewrites the log of a file system that `prepare` makes. */
function rewriting(name: string, argv: readonly string[], prepare: (stand: Stand) => Promise<string[]>): Scenario {
  let before: string;
  let after: string | undefined;
  return {
    name,
    async prepare(stand) {
      const images = await prepare(stand);
      before = await contents(stand);
      return images;
    },
    async work(stand, report) {
      await stand.ok(...argv, '--clients-unmounted', '--dev', 'pool');
      report('the rewrite');
      after = await contents(stand);
      assert.notEqual(after, before);
    },
    judge: async (stand, state) => {
      await judgeSound(stand, state, { repairs: ['LOG_REWRITE'] });
      const left = await contents(stand);
      assert.ok(left === before || left === after, `neither the old nor the new file system: ${left}`);
      assert.ok(left === after || state.reported.length === 0, 'it was reported, and is not done');
      if (left === after) assert.equal((await stand.run('verify', '-S', '3', 'kept', '--dev', 'pool')).exitCode, 0);
      return left === after ? 'new' : 'old';
    },
    finds: ['new', 'old'],
  };
}

async function withKept(stand: Stand, base: (stand: Stand) => Promise<string[]>): Promise<string[]> {
  const images = await base(stand);
  await stand.ok('creat', '--seed', '3', '-s', '9000', 'kept', '--dev', 'pool');
  return images;
}

interface Pool {
  readonly findings: readonly { readonly code: string }[];
  readonly daxdevs: readonly { readonly path: string | null; readonly state: string }[];
}

interface Leaving {
  readonly name: string;
  /** a further image, which is blank */
  readonly blank?: string;
  readonly argv: readonly string[];
  /** after a crash: the same command, with names that mean no other daxdev now */
  readonly again: (pool: Pool) => readonly (readonly string[])[];
  /** paths of the secondaries afterwards */
  readonly after: readonly string[];
  readonly finds: readonly string[];
}

/** A daxdev with files leaves its pool; another may take its place. */
function leaving({ name, blank, argv, again, after, finds }: Leaving): Scenario {
  const run = (stand: Stand, command: readonly string[]) =>
    stand.ok(...command, '--clients-unmounted', '--quiet', '--dev', 'pool');
  const secondaries = ({ daxdevs }: Pool) => daxdevs.slice(1).map(({ path }) => path?.split('/').at(-1));
  return {
    name,
    async prepare(stand) {
      const images = ['pool', 'second'].map((image) => stand.image(image, image === 'pool' ? 16 * MIB : SMALL));
      await stand.ok('mkfs', '--quiet', ...images);
      const creat = ['creat', '--seed', '3', '-s', '9000', '--dev', 'pool'];
      await stand.ok(...creat, '--daxdevs', '0', 'kept');
      await stand.ok(...creat, '--daxdevs', '1', 'moved');
      return [...images, ...(blank === undefined ? [] : [stand.image(blank, SMALL)])];
    },
    async work(stand, report) {
      await run(stand, argv);
      report(name);
    },
    judge: async (stand, state) => {
      const { exitCode, stdout, stderr } = await stand.run('fsck', '-p', '--no-undo', '--json', 'pool');
      assert.ok(exitCode === 0 || exitCode === 1, `fsck -p exits ${exitCode}: ${stderr}${stdout}`);
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
      await judgeFiles(stand);
      for (const command of isDone && !hasOrphan ? [] : again(pool)) await run(stand, command);
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

const removal = leaving({
  name: 'daxdev remove',
  argv: ['daxdev', 'remove', '1'],
  again: () => [['daxdev', 'remove', 'second']],
  after: [],
  finds: ['new', 'new and an orphan', 'old'],
});

const replacement = leaving({
  name: 'daxdev replace',
  blank: 'third',
  argv: ['daxdev', 'replace', '1', 'third'],
  again: ({ daxdevs }) =>
    daxdevs[1]?.path?.endsWith('third') ? [['daxdev', 'remove', 'second']] : [['daxdev', 'replace', 'second', 'third']],
  after: ['third'],
  finds: ['new', 'new and an orphan', 'old', 'old and an orphan'],
});

export const REWRITES: readonly Scenario[] = [
  rewriting('rm', ['rm', 'old/a'], (stand) => withKept(stand, usedFs)),
  removal,
];

export const MORE_REWRITES: readonly Scenario[] = [
  replacement,
  rewriting('mv', ['mv', 'old', 'new'], (stand) => withKept(stand, oldFs)),
  rewriting('rm -r', ['rm', '-r', 'old'], (stand) => withKept(stand, usedFs)),
  rewriting('chmod -R', ['chmod', '-R', '700', '/'], (stand) => withKept(stand, oldFs)),
  rewriting('truncate', ['truncate', '-s', '1', 'old/a', 'old/b'], (stand) => withKept(stand, oldFs)),
];

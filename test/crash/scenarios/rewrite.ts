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

/** A daxdev with files that leaves its pool. */
const removal: Scenario = {
  name: 'daxdev remove',
  async prepare(stand) {
    const images = ['pool', 'second'].map((name) => stand.image(name, name === 'pool' ? 16 * MIB : LEAVING));
    await stand.ok('mkfs', '--quiet', ...images);
    const creat = ['creat', '--seed', '3', '-s', '9000', '--dev', 'pool'];
    await stand.ok(...creat, '--daxdevs', '0', 'kept');
    await stand.ok(...creat, '--daxdevs', '1', 'moved');
    return images;
  },
  async work(stand, report) {
    await stand.ok(...REMOVE, '1');
    report('the removal');
  },
  judge: async (stand, state) => {
    await judgeFiles(stand);
    const { exitCode, stdout, stderr } = await stand.run('fsck', '-p', '--no-undo', '--json', 'pool');
    assert.ok(exitCode === 0 || exitCode === 1, `fsck -p exits ${exitCode}: ${stderr}${stdout}`);
    const { findings, daxdevs } = JSON.parse(stdout) as Pool;
    const isLeft = daxdevs.length === 1;
    const isOrphan = findings.some(({ code }) => code === 'MEMBER_ORPHAN');
    assert.deepEqual(
      findings.map(({ code }) => code).filter((code) => !ALLOWED.has(code)),
      [],
    );
    assert.ok(
      daxdevs.every((daxdev) => daxdev.state === 'present'),
      stdout,
    );
    assert.ok(isLeft || state.reported.length === 0, 'it was reported, and is not done');
    assert.ok(!isOrphan || (isLeft && !state.idle), 'an orphan that is a member, or that stays');
    // the same command again, with a name that means no other daxdev
    if (!isLeft || isOrphan) await stand.ok(...REMOVE, 'second');
    await judgeFiles(stand);
    const left = await stand.json<Pool>('fsck', '-n', 'pool');
    assert.deepEqual([left.daxdevs.length, left.findings], [1, []]);
    return isOrphan ? 'orphan' : isLeft ? 'new' : 'old';
  },
  finds: ['new', 'old', 'orphan'],
};

/** bytes of the image that leaves */
const LEAVING = 4 * MIB;
const REMOVE = ['daxdev', 'remove', '--clients-unmounted', '--quiet', '--dev', 'pool'];
/** what fsck -p may find: the rewrite that it completes, and the daxdev that has left */
const ALLOWED: ReadonlySet<string> = new Set(['LOG_REWRITING', 'MEMBER_ORPHAN']);

/** Both files have their bytes; while the log is being rewritten, nobody can read them. */
async function judgeFiles(stand: Stand): Promise<void> {
  const { exitCode, stderr } = await stand.run('verify', '-S', '3', 'kept', 'moved', '--dev', 'pool');
  assert.ok(exitCode === 0 || /is being rewritten/.test(stderr), stderr);
}

export const REWRITES: readonly Scenario[] = [
  rewriting('rm', ['rm', 'old/a'], (stand) => withKept(stand, usedFs)),
  removal,
];

export const MORE_REWRITES: readonly Scenario[] = [
  rewriting('mv', ['mv', 'old', 'new'], (stand) => withKept(stand, oldFs)),
  rewriting('rm -r', ['rm', '-r', 'old'], (stand) => withKept(stand, usedFs)),
  rewriting('chmod -R', ['chmod', '-R', '700', '/'], (stand) => withKept(stand, oldFs)),
  rewriting('truncate', ['truncate', '-s', '1', 'old/a', 'old/b'], (stand) => withKept(stand, oldFs)),
];

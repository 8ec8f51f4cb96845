/** Rewrites of the log: a crash leaves the old log or the new one, or what the next writer or fsck -p completes. */
import assert from 'node:assert/strict';
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

export const REWRITES: readonly Scenario[] = [rewriting('rm', ['rm', 'old/a'], (stand) => withKept(stand, usedFs))];

export const MORE_REWRITES: readonly Scenario[] = [
  rewriting('mv', ['mv', 'old', 'new'], (stand) => withKept(stand, oldFs)),
  rewriting('rm -r', ['rm', '-r', 'old'], (stand) => withKept(stand, usedFs)),
  rewriting('chmod -R', ['chmod', '-R', '700', '/'], (stand) => withKept(stand, oldFs)),
  rewriting('truncate', ['truncate', '-s', '1', 'old/a', 'old/b'], (stand) => withKept(stand, oldFs)),
];

/** How far a rewrite of the log has come, and what its victims share. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { LOG_HISTORY_OFFSET, logHistoryStruct } from '../../../src/format/logHistory.js';
import { REWRITE_MAGIC } from '../../../src/format/rewriteJournal.js';
import { SUPERBLOCK_REGION } from '../../../src/format/superblock.js';
import type { FsckReport } from '../../support/pool.js';
import type { Sandbox } from '../../support/sandbox.js';
import { listing, roomFor } from '../../support/writers.js';
import type { Victim } from '../kill.js';
import { counted, pathsOf, peek } from './look.js';

const FILES = 2000;

/** Progress of the next rewrite on a primary: 1 begun, 2 the history is new, REWRITTEN done. */
export function rewriteProgress(image: string): () => number {
  const history = () => peek(image, LOG_HISTORY_OFFSET, logHistoryStruct.size);
  const before = history();
  return () => {
    const isBegun = Number(peek(image, SUPERBLOCK_REGION, 8).readBigUInt64LE()) === REWRITE_MAGIC;
    const isNew = !history().equals(before);
    if (isBegun) return isNew ? 2 : 1;
    return isNew ? REWRITTEN : 0;
  };
}

export const REWRITTEN = 3;

/** Runs fsck -p, which may only complete a rewrite. */
export async function completeRewrite(sandbox: Sandbox, image: string): Promise<void> {
  const { exitCode, stdout, stderr } = await sandbox.run(['fsck', '-p', '--no-undo', '--json', image]);
  assert.ok([0, 1].includes(exitCode), stdout + stderr);
  const { repairs } = JSON.parse(stdout) as FsckReport;
  assert.deepEqual(
    repairs.map(({ id }) => id),
    exitCode === 0 ? [] : ['LOG_REWRITE'],
  );
}

/** All of the files are there, or the log is that of the command. `isDone` tells from the paths which. */
function rewriting(name: string, argv: readonly string[], left: number, isDone: (paths: Set<string>) => boolean) {
  const victim: Victim = {
    name,
    async prepare(sandbox) {
      const image = await roomFor(sandbox, FILES);
      await sandbox.ok(['mkdir', 'dir', '--dev', image]);
      const list = `${image}.list`;
      writeFileSync(list, `${listing('kept', FILES / 2)}${listing('dir/f', FILES / 2)}`);
      await sandbox.ok(['creat', '--from', list, '--dev', image]);
      const before = counted(image);
      return {
        argv: [...argv, '--clients-unmounted', '--dev', image],
        progress: rewriteProgress(image),
        whole: REWRITTEN,
        unseen: 5,
        async judge() {
          await completeRewrite(sandbox, image);
          const paths = await pathsOf(sandbox, image);
          assert.equal(paths.size, isDone(paths) ? left : before);
          assert.ok(paths.has('kept-0') && paths.has('dir') === paths.has('dir/f-0'));
          await sandbox.ok(['creat', '-s', '2M', 'after', '--dev', image]);
          assert.equal((await sandbox.run(['fsck', '-n', image])).exitCode, 0);
        },
      };
    },
  };
  return victim;
}

export const rm = rewriting('rm', ['rm', '-r', 'dir'], FILES / 2, (paths) => !paths.has('dir'));
export const mv = rewriting('mv', ['mv', 'dir', 'moved'], FILES + 1, (paths) => paths.has('moved/f-0'));

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { LOG_HISTORY_OFFSET } from '../../../src/format/logHistory.js';
import { REWRITE_MAGIC } from '../../../src/format/rewriteJournal.js';
import { SUPERBLOCK_REGION } from '../../../src/format/superblock.js';
import type { FsckReport } from '../../support/pool.js';
import { listing, roomFor } from '../../support/writers.js';
import type { Victim } from '../kill.js';
import { counted, pathsOf, peek } from './look.js';

const FILES = 2000;

/** A rewrite of the log: all of the files are there, or those that were not removed. */
export const rm: Victim = {
  name: 'rm',
  async prepare(sandbox) {
    const image = await roomFor(sandbox, FILES);
    await sandbox.ok(['mkdir', 'gone', '--dev', image]);
    const input = `${listing('kept', FILES / 2)}${listing('gone/f', FILES / 2)}`;
    const list = `${image}.list`;
    writeFileSync(list, input);
    await sandbox.ok(['creat', '--from', list, '--dev', image]);
    const before = counted(image);
    const isBegun = () => Number(peek(image, SUPERBLOCK_REGION, 8).readBigUInt64LE()) === REWRITE_MAGIC;
    const hasHistory = () => peek(image, LOG_HISTORY_OFFSET, 8).some((byte) => byte !== 0);
    return {
      argv: ['rm', '-r', '--clients-unmounted', 'gone', '--dev', image],
      progress: () => (counted(image) === FILES / 2 ? 3 : hasHistory() ? 2 : isBegun() ? 1 : 0),
      whole: 3,
      unseen: 5,
      async judge() {
        const first = await sandbox.run(['fsck', '-n', image]);
        assert.ok([0, 4].includes(first.exitCode), first.stdout + first.stderr);
        if (first.exitCode === 4) {
          const { exitCode, stdout } = await sandbox.run(['fsck', '-p', '--no-undo', '--json', image]);
          assert.equal(exitCode, 1, stdout);
          assert.deepEqual(
            (JSON.parse(stdout) as FsckReport).repairs.map(({ id }) => id),
            ['LOG_REWRITE'],
          );
        }
        const paths = await pathsOf(sandbox, image);
        assert.ok([before, FILES / 2].includes(paths.size), `${paths.size} files and directories are left`);
        assert.ok(paths.has('kept-0') && paths.has('gone') === paths.has('gone/f-0'));
        await sandbox.ok(['creat', '-s', '2M', 'after', '--dev', image]);
        assert.equal((await sandbox.run(['fsck', '-n', image])).exitCode, 0);
      },
    };
  },
};

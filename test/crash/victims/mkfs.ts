import assert from 'node:assert/strict';
import { MIB } from '../../support/sandbox.js';
import type { Victim } from '../kill.js';
import { counted, judgeKilled, peek } from './look.js';

const DAXDEVS = 40;

/** mkfs of a pool over an older one leaves none, or a sound one with as many members as its log has so far. */
export const mkfs: Victim = {
  name: 'mkfs',
  async prepare(sandbox) {
    const paths = Array.from({ length: DAXDEVS }, (_, i) => sandbox.image(`dev${i}`, (i === 0 ? 64 : 4) * MIB));
    const [primary = ''] = paths;
    await sandbox.ok(['mkfs', '--quiet', ...paths]);
    const old = idOf(primary);
    const isNew = () => !idOf(primary).equals(old) && counted(primary) < DAXDEVS;
    return {
      argv: ['mkfs', '--quiet', '--force', ...paths],
      // first the old superblocks, then the new ones, then the members in the log
      progress: () => paths.filter((path) => !idOf(path).equals(old)).length + (isNew() ? counted(primary) : 0),
      whole: 2 * DAXDEVS - 1,
      // it clears between the old superblocks and the new ones
      unseen: 100,
      async judge() {
        const { exitCode, stderr } = await sandbox.run(['fsck', '-n', '--json', primary]);
        if (exitCode === 8) assert.match(stderr, /NO_FAMFS|NO_PRIMARY/);
        else if (!idOf(primary).equals(old)) await judgeKilled(sandbox, primary);
        else assert.equal(exitCode, 0, 'the old pool is there, but not whole');
        await sandbox.ok(['mkfs', '--quiet', '--force', ...paths]);
        await sandbox.ok(['fsck', '-n', primary]);
      },
    };
  },
};

/** Current magic and uuid of the file system. */
function idOf(path: string): Buffer {
  return peek(path, 0, 64);
}

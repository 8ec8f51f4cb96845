import assert from 'node:assert/strict';
import { superblockStruct } from '../../../src/format/superblock.js';
import { MIB } from '../../support/sandbox.js';
import type { Victim } from '../kill.js';
import { peek, type Report } from './look.js';
import { completeRewrite, REWRITTEN, rewriteProgress } from './rewrites.js';

const FILES = 24;
/** where the journal begins: the first free space of the primary; and the crc of its first entry */
const JOURNAL_CRC = 10 * MIB + 4096 + 536;

/** A daxdev with files: it is a member, or it has left, and the same command completes that. */
export const daxdevRemove: Victim = {
  name: 'daxdev remove',
  async prepare(sandbox) {
    const [pool = '', leaving = '', third = ''] = [64, 64, 16].map((mib, i) => sandbox.image(`pool-${i}`, mib * MIB));
    await sandbox.ok(['mkfs', '--quiet', '--force', pool, leaving, third]);
    const paths = Array.from({ length: FILES }, (_, i) => `f${i}`);
    await sandbox.ok(['creat', '--seed', '7', '-s', '2M', '--daxdevs', '1', ...paths, '--dev', pool]);
    const isMember = () => peek(leaving, superblockStruct.offsets.magic, 8).some((byte) => byte !== 0);
    const isPrepared = () => peek(pool, JOURNAL_CRC, 8).some((byte) => byte !== 0);
    const rewrite = rewriteProgress(pool);
    const argv = ['daxdev', 'remove', '1', '--clients-unmounted', '--quiet', '--dev', pool];
    return {
      argv,
      progress: () => rewrite() + Number(!isMember()) + Number(isPrepared() || rewrite() > 0),
      whole: REWRITTEN + 2,
      // copying comes between the journal and the rewrite
      unseen: 100,
      async judge() {
        await completeRewrite(sandbox, pool);
        const verify = () => sandbox.ok(['verify', '--seed', '7', ...paths, '--dev', pool]);
        await verify();
        if (isMember()) await sandbox.ok(argv);
        await verify();
        const { daxdevs, warnings } = await sandbox.json<Report>(['fsck', '-n', pool]);
        assert.deepEqual([warnings, daxdevs.map(({ path }) => path)], [0, [pool, third]]);
      },
    };
  },
};

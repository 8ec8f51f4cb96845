import assert from 'node:assert/strict';
import { MIB } from '../../support/sandbox.js';
import type { Victim } from '../kill.js';
import { counted, judgeKilled } from './look.js';

const DAXDEVS = 40;

/** Many daxdevs: each counted one is a member, and the others can be added again. */
export const daxdevAdd: Victim = {
  name: 'daxdev add',
  async prepare(sandbox) {
    const pool = sandbox.image('pool', 64 * MIB);
    await sandbox.ok(['mkfs', '--quiet', '--force', pool]);
    const joining = Array.from({ length: DAXDEVS }, (_, i) => sandbox.image(`joining-${i}`, 4 * MIB));
    const add = (daxdevs: readonly string[]) => ['daxdev', 'add', '--quiet', '--dev', pool, ...daxdevs];
    return {
      argv: add(joining),
      progress: () => counted(pool),
      whole: DAXDEVS,
      async judge(reached) {
        const { daxdevs } = await judgeKilled(sandbox, pool);
        assert.ok(daxdevs.length > reached, `${reached} daxdevs were counted, ${daxdevs.length - 1} have joined`);
        const members = new Set(daxdevs.map(({ path }) => path));
        const rest = joining.filter((path) => !members.has(path));
        if (rest.length > 0) await sandbox.ok(add(rest));
        const whole = await sandbox.json<{ warnings: number; daxdevs: unknown[] }>(['fsck', '-n', pool]);
        assert.deepEqual([whole.warnings, whole.daxdevs.length], [0, DAXDEVS + 1]);
      },
    };
  },
};

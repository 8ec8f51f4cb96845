import assert from 'node:assert/strict';
import { listing, roomFor } from '../../support/writers.js';
import type { Victim } from '../kill.js';
import { counted, judgeKilled, pathsOf } from './look.js';

const FILES = 3000;

/** Entries in bulk: each counted one exists. */
export const creat: Victim = {
  name: 'creat',
  async prepare(sandbox) {
    const image = await roomFor(sandbox, FILES);
    await sandbox.ok(['creat', '-s', '2M', 'before', '--dev', image]);
    return {
      argv: ['creat', '--from', '-', '--dev', image],
      input: listing('f', FILES),
      progress: () => counted(image) - 1,
      whole: FILES,
      async judge(reached) {
        const { files } = (await judgeKilled(sandbox, image)).log;
        assert.ok(files >= reached + 2, `${reached} files were counted, ${files} are left with those before and after`);
        const paths = await pathsOf(sandbox, image);
        assert.ok(paths.has('before') && paths.has(`f-${reached - 1}`));
      },
    };
  },
};

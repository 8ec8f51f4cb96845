import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MIB } from '../../support/sandbox.js';
import type { Victim } from '../kill.js';
import { counted, pathsOf } from './look.js';

const FILES = 60;
const SIZE = 300_000;

/** A whole file system: the copy has none or some of the files, each with its bytes, and cloning again completes it. */
export const clone: Victim = {
  name: 'clone',
  async prepare(sandbox) {
    const source = join(sandbox.folder, 'clone-source');
    const all = Array.from({ length: FILES }, (_, i) => `f${i}`);
    // made once in a sandbox: it is only read
    if (!existsSync(source)) {
      await sandbox.ok(['mkfs', '--quiet', sandbox.image('clone-source', (12 + 2 * FILES) * MIB)]);
      await sandbox.ok(['creat', '--seed', '7', '-s', `${SIZE}`, ...all, '--dev', source]);
    }
    const copy = sandbox.image('clone-copy', (12 + 2 * FILES) * MIB);
    const argv = ['clone', '--quiet', '--force', '--dev', source, '--to', copy];
    const verify = (paths: readonly string[]) => sandbox.ok(['verify', '--seed', '7', ...paths, '--dev', copy]);
    return {
      argv,
      progress: () => counted(copy),
      whole: FILES,
      async judge(reached) {
        const { exitCode, stdout, stderr } = await sandbox.run(['fsck', '-p', '--no-undo', '--json', copy]);
        if (exitCode === 8) assert.match(stderr, /NO_FAMFS/);
        else {
          assert.ok([0, 1].includes(exitCode), stdout + stderr);
          const paths = [...(await pathsOf(sandbox, copy))];
          assert.ok(paths.length >= reached, `${reached} entries were counted, ${paths.length} files are left`);
          if (paths.length > 0) await verify(paths);
        }
        await sandbox.ok(argv);
        await verify(all);
        await sandbox.ok(['fsck', '-n', copy]);
      },
    };
  },
};

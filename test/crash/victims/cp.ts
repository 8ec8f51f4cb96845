import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { words } from '../../support/patternModel.js';
import type { Sandbox } from '../../support/sandbox.js';
import { roomFor } from '../../support/writers.js';
import type { Victim } from '../kill.js';
import { counted, judgeKilled, pathsOf } from './look.js';

const FILES = 400;
/** bytes of each */
const SIZE = 5000;
const SEED = 7n;
const COPIES = 'copies/tree/';

/** A tree: each visible file has all its bytes, and the same command copies the rest. */
export const cp: Victim = {
  name: 'cp -r',
  async prepare(sandbox) {
    const tree = makeTree(sandbox);
    const image = await roomFor(sandbox, FILES);
    // into an existing directory, so that repeating the command has the same target
    await sandbox.ok(['mkdir', 'copies', '--dev', image]);
    const argv = ['cp', '-r', tree, 'copies', '--dev', image];
    return {
      argv,
      progress: () => counted(image) - 1,
      whole: FILES + 1,
      async judge(reached) {
        await judgeKilled(sandbox, image);
        const there = [...(await pathsOf(sandbox, image))].filter((path) => path.startsWith(COPIES));
        assert.ok(there.length >= reached - 1, `${reached} entries were counted, ${there.length} files are left`);
        await verify(sandbox, there, image);
        await sandbox.ok(argv);
        const all = [...(await pathsOf(sandbox, image))].filter((path) => path.startsWith(COPIES));
        assert.equal(all.length, FILES);
        await verify(sandbox, all, image);
      },
    };
  },
};

/** Made once in a sandbox. */
function makeTree(sandbox: Sandbox): string {
  const tree = join(sandbox.folder, 'tree');
  if (existsSync(tree)) return tree;
  mkdirSync(tree);
  const bytes = words(SEED, SIZE / 4);
  for (let i = 0; i < FILES; i++) writeFileSync(join(tree, `f${i}`), bytes);
  return tree;
}

async function verify(sandbox: Sandbox, paths: readonly string[], image: string): Promise<void> {
  if (paths.length > 0) await sandbox.ok(['verify', '--seed', `${SEED}`, ...paths, '--dev', image]);
}

/** restore --onto: a restoration that was stopped can be repeated or undone. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Head } from '../../support/head.js';
import { MIB } from '../../support/sandbox.js';
import type { Scenario } from '../scenario.js';
import type { Stand } from '../stand.js';

const UNDO = 'undo-image';
const IMAGES = ['pool', 'second'];
/** bytes of superblock, log header and used entries */
const METADATA = 2 * MIB + 65_536;

const heads = ({ folder }: Stand) => IMAGES.map((image) => new Head(join(folder, image), METADATA));
const areAs = (before: readonly Head[]) => before.every((head) => head.isUnchanged());

function restoring(): Scenario {
  let saved: readonly Head[];
  let before: readonly Head[];
  const restore = (stand: Stand, ...undo: string[]) =>
    stand.ok('restore', '--onto', '--force', ...undo, stand.path('saved.fmd'), '--dev', 'pool', '--dev', 'second');
  return {
    name: 'restore --onto',
    file: UNDO,
    async prepare(stand) {
      const [pool = '', second = ''] = IMAGES;
      await stand.ok('mkfs', '--quiet', stand.image(pool, 16 * MIB), stand.image(second, 4 * MIB));
      await stand.ok('creat', '--seed', '3', '-s', '9000', '--daxdevs', '0', 'kept', '--dev', pool);
      await stand.ok('creat', '--seed', '3', '-s', '9000', '--daxdevs', '1', 'there', '--dev', pool);
      await stand.ok('dump', '-o', stand.path('saved.fmd'), '--dev', pool);
      saved = heads(stand);
      await stand.ok('mkdir', 'since', '--dev', pool);
      await stand.ok('mv', '--clients-unmounted', 'there', 'since/there', '--dev', pool);
      before = heads(stand);
      return IMAGES;
    },
    async work(stand, report) {
      await restore(stand, '--undo', stand.path(UNDO));
      report('the restoration');
    },
    judge: async (stand, { idle }) => {
      const left = areAs(saved) ? 'new' : areAs(before) ? 'old' : 'neither';
      assert.ok(!idle || left === 'new', 'it was reported, and is not done');
      const { exitCode, stderr, stdout } = await stand.run('fsck', '-n', '--json', 'pool');
      // nobody takes a part of it for a file system
      assert.equal(exitCode === 0, left !== 'neither', `${left}, but fsck -n exits ${exitCode}: ${stderr}${stdout}`);
      await restore(stand, '--no-undo');
      assert.ok(areAs(saved), 'repeated, it does not complete the restoration');
      await stand.ok('fsck', '-n', 'pool');
      await stand.ok('verify', '-S', '3', 'kept', 'there', '--dev', 'pool');
      return left;
    },
    fileJudge: async (stand) => {
      const file = stand.path(UNDO);
      if (existsSync(file)) {
        const { exitCode, stderr } = await stand.run('undo', '--json', '--interrupted', file);
        // if its first record is cut short, nothing was applied
        if (exitCode !== 0) assert.match(stderr, /"code": ?"UNDO_FILE"/);
      }
      assert.ok(areAs(before), 'it is not as it was before the restoration');
      return 'undone';
    },
    finds: ['neither', 'new', 'old', 'undone'],
  };
}

export const RESTORES: readonly Scenario[] = [restoring()];

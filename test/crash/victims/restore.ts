import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { MIB } from '../../support/sandbox.js';
import type { Victim } from '../kill.js';
import { counted, pathsOf, peek } from './look.js';

const FILES = 200;
const MORE = 1500;

/** Metadata that is put back: nobody takes a part of it for a file system; it can be repeated or undone. */
export const restore: Victim = {
  name: 'restore --onto',
  async prepare(sandbox, random) {
    const image = sandbox.image('restored', (12 + 2 * (FILES + MORE)) * MIB);
    const [saved, undo] = [join(sandbox.folder, 'saved.fmd'), join(sandbox.folder, 'restore-undo')];
    const creat = (prefix: string, count: number) =>
      sandbox.ok(['creat', '-s', '2M', ...Array.from({ length: count }, (_, i) => `${prefix}${i}`), '--dev', image]);
    await sandbox.ok(['mkfs', '--quiet', '--force', image]);
    await creat('kept', FILES);
    await sandbox.ok(['dump', '--force', '-o', saved, '--dev', image]);
    await creat('since', MORE);
    rmSync(undo, { force: true });
    const isValid = () => peek(image, 0, 8).some((byte) => byte !== 0);
    const argv = ['restore', '--onto', '--force', '--dev', image, saved];
    return {
      argv: [...argv, '--undo', undo],
      progress: () => Number(existsSync(undo)) + Number(!isValid()) + 3 * Number(counted(image) === FILES && isValid()),
      whole: 4,
      unseen: 5,
      async judge() {
        const { exitCode } = await sandbox.run(['fsck', '-n', image]);
        assert.equal(exitCode === 0, isValid());
        const isUndone = existsSync(undo) && random() < 0.5;
        if (isUndone) {
          const { exitCode: code, stderr } = await sandbox.run(['undo', '--json', '--interrupted', undo]);
          // if its first record is cut short, nothing was applied
          if (code !== 0) assert.match(stderr, /"code": ?"UNDO_FILE"/);
        } else await sandbox.ok([...argv, '--no-undo']);
        assert.equal((await pathsOf(sandbox, image)).size, isUndone ? FILES + MORE : FILES);
        await sandbox.ok(['fsck', '-n', image]);
      },
    };
  },
};

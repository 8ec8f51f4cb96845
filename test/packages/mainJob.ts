import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MIB } from '../support/sandbox.js';

/** How a program of famfs is run: `famfs`, `mkfs.famfs` or `fsck.famfs`. Throws if it fails; returns standard output. */
export type Runner = (program: string, argv: readonly string[], env: Record<string, string>) => string;

/**
 * The main job: makes a file system, fills it, gets the bytes back, and checks it. `folder` is where the image is for this
 * process, `inside` where it is for the program, which may run in a chroot.
 */
export function mainJob(run: Runner, folder: string, inside = folder): void {
  mkdirSync(folder, { recursive: true });
  const image = join(folder, 'pool.img');
  writeFileSync(image, '');
  truncateSync(image, 64 * MIB);
  const bytes = randomBytes(3_000_001);
  writeFileSync(join(folder, 'in'), bytes);
  const at = (name: string) => join(inside, name);
  const env = { FAMFS_DEV: at('pool.img'), FAMFS_SYSTEM_UUID_FILE: at('system_uuid') };

  run('mkfs.famfs', [at('pool.img')], env);
  run('famfs', ['mkdir', 'data'], env);
  run('famfs', ['creat', '--size', '4M', '--stripes', '2', 'data/striped'], env);
  run('famfs', ['cp', at('in'), 'data/copied'], env);
  run('famfs', ['get', 'data/copied', at('out')], env);
  assert.ok(readFileSync(join(folder, 'out')).equals(bytes));
  assert.equal(run('famfs', ['ls', 'data'], env), 'copied\nstriped\n');
  assert.match(run('fsck.famfs', ['-n'], env), /clean/);
}

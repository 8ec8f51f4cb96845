import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { unmountPlace } from '../../src/fs/serve/mounting.js';
import { famfs, isRunning, makeMountPoint, mount, needsFuse, runIn } from '../support/realMount.js';
import { Sandbox } from '../support/sandbox.js';
import { until } from '../support/servedStand.js';

const NOBODY = 65_534;

const sandbox = new Sandbox();
await sandbox.makeFs();
await sandbox.ok(['creat', '-s', '1M', 'file']);

function needsHelper(): { skip: string | false } {
  const missing = spawnSync('fusermount3', ['--version']).error !== undefined;
  return { skip: needsFuse().skip || (missing && 'fusermount3 is not installed') };
}

test('umount: the mount is gone, and so is its server', needsFuse(), async () => {
  const point = makeMountPoint(sandbox);
  const pid = mount(sandbox, point);
  const { exitCode, stdout } = famfs(sandbox, 'umount', point, '--json');
  assert.equal(exitCode, 0);
  assert.deepEqual(JSON.parse(stdout).unmounted, [point]);
  assert.ok(!readFileSync('/proc/mounts', 'utf8').includes(point));
  await until('ended', () => !isRunning(pid));
});

test('umount while a file is open is refused, with --lazy it is not', needsFuse(), async () => {
  const point = makeMountPoint(sandbox);
  const pid = mount(sandbox, point);
  const fd = openSync(join(point, 'file'), 'r');
  const { exitCode, stderr } = famfs(sandbox, 'umount', point, '--json');
  assert.deepEqual([exitCode, JSON.parse(stderr).error.code], [1, 'BUSY']);
  assert.equal(famfs(sandbox, 'umount', '--lazy', point).exitCode, 0);
  assert.ok(!readFileSync('/proc/mounts', 'utf8').includes(point));
  assert.equal(readFileSync(fd).length, 1024 ** 2);
  closeSync(fd);
  await until('ended', () => !isRunning(pid));
});

test('to the helper of users, too, an open file is BUSY', needsHelper(), () => {
  const point = makeMountPoint(sandbox);
  mount(sandbox, point);
  const fd = openSync(join(point, 'file'), 'r');
  assert.throws(() => unmountPlace(point, NOBODY, false), { code: 'BUSY', message: /busy/ });
  closeSync(fd);
  unmountPlace(point, NOBODY, false);
  assert.throws(() => unmountPlace(point, NOBODY, false), { code: 'NOT_A_MOUNT' });
});

test('umount of a dead mount', needsFuse(), async () => {
  const point = makeMountPoint(sandbox);
  process.kill(mount(sandbox, point), 'SIGKILL');
  await until('dead', () => runIn(sandbox, 'stat', ['-f', point]).exitCode !== 0);
  assert.equal(famfs(sandbox, 'umount', point).exitCode, 0);
  assert.ok(!readFileSync('/proc/mounts', 'utf8').includes(point));
});

test('umount commits what was closed', needsFuse(), () => {
  const point = makeMountPoint(sandbox);
  mount(sandbox, point);
  const fd = openSync(join(point, 'new'), 'w');
  closeSync(fd);
  runIn(sandbox, 'bash', ['-c', `echo bytes >${point}/written`]);
  assert.equal(famfs(sandbox, 'umount', point).exitCode, 0);
  assert.equal(famfs(sandbox, 'cat', 'written').stdout, 'bytes\n');
});

test('umount of what is no mount of ours', async () => {
  assert.equal(
    (await sandbox.error(['umount', sandbox.folder], { env: { ...sandbox.env, FAMFS_SYSROOT: '' } })).code,
    'NOT_A_MOUNT',
  );
  assert.equal((await sandbox.error(['umount', join(sandbox.folder, 'nowhere')])).code, 'MOUNT_POINT');
});

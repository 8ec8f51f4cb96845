/** The Debian package: built, judged by lintian, installed in a new Debian, used by the programs of that Debian, and purged. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ROOT } from '../support/root.js';
import { DebianRoot, debianFolder } from './debianRoot.js';
import { isSeaPossible, makeExecutable, NO_SEA, runScript } from './executable.js';
import { record, shortest } from './installs.js';
import { mainJob } from './mainJob.js';
import { canMount } from './rights.js';

const BUILT = join(ROOT, 'packages', 'deb');
const installed = (program: string) => spawnSync('which', [program]).status === 0;
const skip =
  (!isSeaPossible() && NO_SEA) ||
  (!canMount && 'needs root that may mount') ||
  (!(installed('dpkg-buildpackage') && installed('dh')) && 'needs debhelper and dpkg-dev');

let root: DebianRoot;
/** the files of `root` without the package */
let empty: string[] = [];

before(() => {
  if (skip) return;
  makeExecutable();
  process.stdout.write(runScript('deb.mjs'));
  const folder = debianFolder();
  process.stdout.write(`installed in a copy of ${folder}\n`);
  root = new DebianRoot(folder);
  copyFileSync(built('.deb'), join(root.path, 'tmp', 'famfs.deb'));
  // dpkg makes files of its own the first time
  root.sh('dpkg --clear-avail');
  empty = root.files();
  root.sh('dpkg --install /tmp/famfs.deb');
});

after(() => {
  if (!skip) root.close();
});

function built(suffix: string): string {
  const name = readdirSync(BUILT).find((file) => file.endsWith(suffix));
  assert.ok(name !== undefined, `no ${suffix} in ${BUILT}`);
  return join(BUILT, name);
}

/** Whether the Debian has a program; famfs needs none of those. */
function has(program: string): boolean {
  return root.spawn(['sh', '-c', `command -v ${program}`]).status === 0;
}

test('lintian has no complaint', { skip: skip || (!installed('lintian') && 'needs lintian') }, () => {
  const options = ['--display-info', '--pedantic', '--allow-root', '--tag-display-limit', '0'];
  const { stdout, stderr } = spawnSync('lintian', [...options, built('.changes')], { encoding: 'utf8' });
  assert.equal(`${stdout}${stderr}`.replace(/^running with root.*\n/m, ''), '');
});

test('the main job runs where the package is installed', { skip }, () => {
  mainJob(
    (program, argv, env) => {
      const { status, stdout, stderr } = root.spawn([program, ...argv], env);
      assert.equal(status, 0, `${program} ${argv.join(' ')}: ${stderr}`);
      return stdout;
    },
    join(root.path, 'tmp', 'job'),
    '/tmp/job',
  );
  const size = Number(root.sh('dpkg-deb --field /tmp/famfs.deb Installed-Size')) * 1024;
  record({
    way: 'Debian package',
    size: statSync(built('.deb')).size,
    installed: size,
    version: shortest(() => root.spawn(['famfs', '--version'])),
    ls: shortest(() => root.spawn(['famfs', 'ls', '--dev', '/tmp/job/pool.img'])),
  });
});

test('the test of the package itself passes', { skip }, () => {
  copyFileSync(join(ROOT, 'debian/tests/main-job'), join(root.path, 'tmp/main-job'));
  assert.match(root.sh('/tmp/main-job'), /pool\.img: clean/);
});

test('mount(8) and fstab mount it', { skip: skip || (!existsSync('/dev/fuse') && 'needs /dev/fuse') }, () => {
  const env = { FAMFS_SYSTEM_UUID_FILE: '/tmp/system_uuid' };
  root.sh('truncate -s 64M /tmp/pool.img; mkfs -t famfs -V /tmp/pool.img; mkdir -p /tmp/mnt', env);
  const job = 'echo hello >/tmp/mnt/hello; sync /tmp/mnt; ls /tmp/mnt; umount /tmp/mnt';
  assert.equal(root.sh(`mount -t famfs -o nofail,_netdev /tmp/pool.img /tmp/mnt; ${job}`, env), 'hello\n');
  const fstab = 'printf "/tmp/pool.img /tmp/mnt famfs nofail,_netdev,ro 0 0\\n" >/tmp/fstab';
  assert.equal(root.sh(`${fstab}; mount -T /tmp/fstab /tmp/mnt; cat /tmp/mnt/hello; umount /tmp/mnt`, env), 'hello\n');
});

test('man shows the pages', { skip }, (t) => {
  if (!has('man')) return t.skip('needs man');
  assert.match(root.sh('man famfs-creat | cat'), /famfs-creat/);
  assert.match(root.sh('man 8 mount.famfs | cat'), /MOUNT\.FAMFS\(8\)/i);
});

test('file(1) names a file system by the entry', { skip }, (t) => {
  if (!has('file')) return t.skip('needs file');
  const file = 'file --brief --magic-file /usr/share/file/magic/famfs:/usr/share/misc/magic';
  root.sh('truncate -s 64M /tmp/a.img /tmp/b.img; mkfs.famfs /tmp/a.img /tmp/b.img', {
    FAMFS_SYSTEM_UUID_FILE: '/tmp/system_uuid',
  });
  const uuid = root.sh('famfs probe --json /tmp/a.img').match(/"fsUuid":\s*"([^"]+)"/)?.[1];
  assert.equal(root.sh(`${file} /tmp/a.img`), `famfs file system, format 2.2, UUID=${uuid}\n`);
  assert.equal(root.sh(`${file} /tmp/b.img`), `famfs file system, secondary daxdev, format 2.2, UUID=${uuid}\n`);
  assert.match(root.sh(`${file} /bin/sh`), /symbolic link/);
});

test('systemd accepts the units', { skip }, (t) => {
  if (!has('systemd-analyze')) return t.skip('needs systemd');
  const { stdout, stderr } = root.spawn(['sh', '-c', 'systemd-analyze verify /usr/lib/systemd/system/famfs-*']);
  assert.equal(stdout + stderr, '');
});

test('udev accepts the rule', { skip }, (t) => {
  if (root.spawn(['udevadm', 'verify', '--help']).status !== 0) return t.skip('needs udev 254');
  root.sh('udevadm verify /usr/lib/udev/rules.d/70-famfs.rules');
});

test('bash finds the completion', { skip }, (t) => {
  if (!existsSync(join(root.path, 'usr/share/bash-completion/bash_completion'))) return t.skip('needs bash-completion');
  const script = `. /usr/share/bash-completion/bash_completion; _completion_loader "$0"; complete -p "$0"`;
  for (const program of ['famfs', 'mkfs.famfs', 'fsck.famfs', 'mount.famfs'])
    assert.match(root.spawn(['bash', '-c', script, program]).stdout, /-F _famfs/);
});

function difference(some: readonly string[], others: readonly string[]): string[] {
  const set = new Set(others);
  return some.filter((name) => !set.has(name));
}

test('what removing and purging leave is what there was before', { skip }, () => {
  for (const action of ['remove', 'purge']) {
    root.sh(`dpkg --${action} famfs`);
    const files = root.files();
    assert.deepEqual([difference(files, empty), difference(empty, files)], [[], []], action);
  }
  assert.equal(readFileSync(join(root.path, 'var/lib/dpkg/status'), 'utf8').includes('Package: famfs\n'), false);
});

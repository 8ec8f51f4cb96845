/** The single executable, in a root with nothing but /proc, /dev and the libraries that it is linked to. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { version } from '../../src/version.js';
import { EXECUTABLE, isSeaPossible, makeExecutable, NO_SEA } from './executable.js';
import { record, shortest } from './installs.js';
import { mainJob, type Runner } from './mainJob.js';
import { canMount } from './rights.js';

const root = mkdtempSync(join(tmpdir(), 'famfs-sea-'));
const mounts = [join(root, 'proc'), join(root, 'dev')];
const impossible = !isSeaPossible() && NO_SEA;
const skip = impossible || (!canMount && 'needs root that may mount');

before(() => {
  if (impossible) return;
  makeExecutable();
  if (skip) return;
  copyFileSync(EXECUTABLE, join(root, 'famfs'));
  for (const name of ['mkfs', 'fsck']) symlinkSync('famfs', join(root, `${name}.famfs`));
  for (const library of librariesOf(EXECUTABLE)) {
    mkdirSync(join(root, dirname(library)), { recursive: true });
    copyFileSync(library, join(root, library));
  }
  for (const mount of mounts) mkdirSync(mount);
  execFileSync('mount', ['-t', 'proc', 'proc', join(root, 'proc')]);
  execFileSync('mount', ['--bind', '/dev', join(root, 'dev')]);
});

after(() => {
  if (!skip) for (const mount of mounts) execFileSync('umount', [mount]);
  rmSync(root, { recursive: true });
});

/** Every library that the dynamic linker loads for a program, by its path. */
function librariesOf(program: string): string[] {
  const output = execFileSync('ldd', [program], { encoding: 'utf8' });
  return [...output.matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path as string);
}

const inChroot: Runner = (program, argv, env) => {
  const result = spawnSync('chroot', [root, `/${program}`, ...argv], {
    env: { PATH: '/usr/sbin:/usr/bin', ...env },
    encoding: 'utf8',
  });
  assert.equal(result.status, 0, `${program} ${argv.join(' ')}: ${result.stderr}`);
  return result.stdout;
};

test('the main job runs in an empty root', { skip }, () => {
  mainJob(inChroot, join(root, 'job'), '/job');
  const { size } = statSync(EXECUTABLE);
  record({
    way: 'single executable',
    size,
    installed: size,
    version: shortest(() => inChroot('famfs', ['--version'], {})),
    ls: shortest(() => inChroot('famfs', ['ls', '--dev', '/job/pool.img'], {})),
  });
});

test('the version, the help, and bytes of the command line that are not UTF-8', { skip: impossible }, () => {
  const run = (script: string) => spawnSync('bash', ['-c', script], { env: { FAMFS: EXECUTABLE }, encoding: 'utf8' });
  assert.equal(run('$FAMFS --version').stdout, `famfs ${version}\n`);
  assert.match(run('$FAMFS mkfs --help').stdout, /^Usage: famfs mkfs /);
  assert.match(run("$FAMFS info $'/nowhere/a\\xff'").stderr, /a\\xff is not UTF-8/);
});

test('where no folder takes a file that may be executed, an error says so', { skip }, () => {
  // the checkout may be in one of these folders
  const script = `mount --bind ${dirname(EXECUTABLE)} /mnt && mount -t tmpfs -o noexec none /dev/shm && mount -t tmpfs -o noexec none /tmp && \
    for folder in /var/tmp /run; do mount -t tmpfs -o noexec none $folder; done && \
    mount --bind / / && mount -o remount,bind,ro / && mount --bind /dev /dev && mount -o remount,bind,noexec /dev && \
    cd / && exec /mnt/${basename(EXECUTABLE)} ls --dev /mnt/${basename(EXECUTABLE)}`;
  const { status, stderr } = spawnSync('unshare', ['--mount', 'bash', '-c', script], { encoding: 'utf8' });
  assert.equal(status, 1, stderr);
  assert.match(stderr, /no folder takes a file that may be executed: \/dev\/shm \(EACCES\)/);
});

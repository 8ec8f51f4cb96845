import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FAMFS } from '../support/famfs.js';
import { PoolSandbox } from '../support/pool.js';
import { famfs, isRunning, makeMountPoint, mount, needsFuse, runIn, sh } from '../support/realMount.js';
import { Sandbox } from '../support/sandbox.js';
import { until } from '../support/servedStand.js';

const sandbox = new PoolSandbox();
await sandbox.makePool(128, 128);
await sandbox.ok(['mkdir', 'data']);
await sandbox.ok(['creat', '-s', '5M', '--seed', '1', '--stripes', '2', 'data/weights']);

test('mount: files are listed, read, found and copied out of the mount', needsFuse(), () => {
  const point = makeMountPoint(sandbox);
  const command = ['NODE_EXTRA_CA_CERTS=/dev/null', FAMFS, 'mount', '--json', point];
  const { exitCode, stdout, stderr } = runIn(sandbox, 'env', command);
  assert.equal(exitCode, 0, stderr);
  assert.match(stderr, / is mounted on /);
  const { mountPoint, role, files, maps, readOnly, pid } = JSON.parse(stdout);
  const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
  assert.match(environment, /FAMFS_DEV=/);
  assert.doesNotMatch(environment, /NODE_EXTRA_CA_CERTS/, 'to read certificates takes longer than all else');
  assert.deepEqual([mountPoint, role, files, maps, readOnly], [point, 'Master', 1, 'none', false]);
  assert.match(sh(sandbox, `ls -l ${point}/data`), /^-rw-r--r-- .* 5242880 .* weights$/m);
  assert.equal(sh(sandbox, `find ${point} -type f -not -path '*/.meta/*'`), `${point}/data/weights\n`);
  sh(sandbox, `rm -rf out; cp -r ${point}/data out`);
  const direct = sh(sandbox, `${FAMFS} info >/dev/null; dd if=out/weights bs=1M 2>/dev/null | sha256sum`);
  assert.equal(sh(sandbox, `sha256sum <${point}/data/weights`), direct);
  famfs(sandbox, 'umount', point);
  assert.equal(sh(sandbox, `${FAMFS} cat data/weights | sha256sum`), direct);
});

test('mount: a tree is copied in, and is there on the device', needsFuse(), async () => {
  const point = makeMountPoint(sandbox);
  mount(sandbox, point);
  sh(
    sandbox,
    `mkdir -p tree/a/b; for i in 1 2 3; do head -c ${'$'}((i * 100000)) /dev/urandom >tree/a/b/f${'$'}i; done`,
  );
  sh(sandbox, `cp -r tree ${point}/; diff -r tree ${point}/tree`);
  const { exitCode, stderr } = famfs(sandbox, 'umount', point);
  assert.equal(exitCode, 0, stderr);
  sh(sandbox, `rm -rf back; ${FAMFS} cp --out -r tree back; diff -r tree back`);
  assert.equal(famfs(sandbox, 'fsck', '-n').exitCode, 0);
});

test('mount in front: it says that it is mounted, and SIGTERM unmounts', needsFuse(), async () => {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    const point = makeMountPoint(sandbox);
    const child = spawn(FAMFS, ['mount', '--foreground', point], {
      env: { ...process.env, ...sandbox.env, FAMFS_SYSROOT: '' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (bytes) => {
      said += bytes;
    });
    await until('mounted', () => /is mounted on/.test(said));
    const ended = once(child, 'exit');
    child.kill(signal);
    assert.deepEqual(await ended, [0, null], signal);
    assert.ok(!readFileSync('/proc/mounts', 'utf8').includes(point));
  }
});

test('files that are open: the server ends when they are closed, and not before', needsFuse(), async () => {
  const point = makeMountPoint(sandbox);
  const pid = mount(sandbox, point);
  const fd = openSync(join(point, 'data/weights'), 'r');
  process.kill(pid, 'SIGTERM');
  await until('unmounted', () => !readFileSync('/proc/mounts', 'utf8').includes(point));
  assert.ok(isRunning(pid));
  assert.equal(readFileSync(fd).length, 5 * 1024 ** 2);
  closeSync(fd);
  await until('ended', () => !isRunning(pid));
});

test('a dead mount of ours is replaced; a live one is refused', needsFuse(), async () => {
  const point = makeMountPoint(sandbox);
  const pid = mount(sandbox, point);
  const again = famfs(sandbox, 'mount', point, '--json');
  assert.equal(again.exitCode, 1);
  assert.equal(JSON.parse(again.stderr).error.code, 'MOUNTED');
  process.kill(pid, 'SIGKILL');
  await until('dead', () => runIn(sandbox, 'stat', ['-f', point]).exitCode !== 0);
  const listed = JSON.parse(famfs(sandbox, 'mount', '--list', '--json').stdout);
  assert.equal(listed.mounts.find(({ mountPoint }: { mountPoint: string }) => mountPoint === point).state, 'dead');
  const { exitCode, stderr } = famfs(sandbox, 'mount', point);
  assert.equal(exitCode, 0, stderr);
  assert.match(stderr, /the dead mount is replaced/);
  assert.equal(statSync(join(point, 'data/weights')).size, 5 * 1024 ** 2);
  const places = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line.includes(` ${point} `));
  assert.equal(places.length, 1);
});

test('files that wait for their commit leave descriptors to the server, which commits them', needsFuse(), async () => {
  const point = makeMountPoint(sandbox);
  const log = join(sandbox.folder, 'limit.log');
  const options = ['--linger', '3600000', '--log', log];
  const limited = ['--nofile=64:64', FAMFS, 'mount', point, ...options];
  assert.equal(runIn(sandbox, 'prlimit', limited).exitCode, 0);
  const make = (name: string) => {
    try {
      writeFileSync(join(point, name), name);
      return undefined;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code;
    }
  };
  const codes = Array.from({ length: 64 }, (_, i) => make(`waits${i}`));
  const made = codes.indexOf('EMFILE');
  assert.ok(made > 0, String(codes));
  assert.equal(make('another'), 'EMFILE');
  const lines = () => readFileSync(log, 'utf8').trim().split('\n').slice(1);
  assert.equal(lines().length, 1, lines().join('\n'));
  assert.match(lines()[0] ?? '', new RegExp(`waits${made}: cannot be made: .*ulimit -Hn`));
  sh(sandbox, `sync ${point}`);
  assert.equal(make('another'), undefined);
  famfs(sandbox, 'umount', point);
  await until('committed', () => runIn(sandbox, FAMFS, ['cat', 'another']).stdout === 'another');
  assert.equal(famfs(sandbox, 'cat', `waits${made - 1}`).stdout, `waits${made - 1}`);
});

test('a log that cannot be written to any more does not end the server', needsFuse(), async () => {
  const own = new Sandbox();
  await own.makeFs(32 * 1024 ** 2);
  const point = makeMountPoint(own);
  const log = join(own.folder, 'mount.log');
  mount(own, point, '--log', log);
  rmSync(log);
  mkdirSync(log);
  // it says that there is no room
  assert.throws(() => writeFileSync(join(point, 'large'), Buffer.alloc(32 * 1024 ** 2)), { code: 'ENOSPC' });
  rmSync(join(point, 'large'));
  mkdirSync(join(point, 'made'));
  assert.equal(famfs(own, 'umount', point).exitCode, 0);
});

test('one file system is mounted once', needsFuse(), () => {
  const [first, second] = [makeMountPoint(sandbox), makeMountPoint(sandbox)];
  mount(sandbox, first);
  const { exitCode, stderr } = famfs(sandbox, 'mount', second, '--json');
  assert.equal(exitCode, 1);
  assert.match(JSON.parse(stderr).error.message, new RegExp(`is in use by the famfs mounted on ${first}`));
});

test('mount -o: read-only and other options as mount(8) gives them', needsFuse(), () => {
  const point = makeMountPoint(sandbox);
  mount(sandbox, point, '-o', 'ro,nofail,_netdev,noexec,x-systemd.automount', '-o', 'threads=3,cache=none');
  const line =
    readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .find((text) => text.includes(point)) ?? '';
  assert.match(line, / fuse\.famfs ro,nosuid,nodev,noexec,/);
  assert.match(runIn(sandbox, 'touch', [join(point, 'x')]).stderr, /Read-only file system/);
  assert.equal(readFileSync(join(point, 'data/weights')).length, 5 * 1024 ** 2);
});

test('an option goes before the word of -o that says the opposite', needsFuse(), () => {
  const point = makeMountPoint(sandbox);
  mount(sandbox, point, '--no-allow-bytes', '-o', 'allow_bytes');
  assert.match(runIn(sandbox, 'bash', ['-c', `mkdir ${point}/$'a\\xff'`]).stderr, /multibyte/);
});

test('mount(8) runs mount.famfs', needsFuse(), () => {
  const bin = join(sandbox.folder, 'bin');
  mkdirSync(bin);
  symlinkSync(FAMFS, join(bin, 'mount.famfs'));
  const point = makeMountPoint(sandbox);
  const run = runIn(sandbox, join(bin, 'mount.famfs'), [sandbox.env.FAMFS_DEV as string, point, '-n', '-o', 'rw,ro']);
  assert.equal(run.exitCode, 0, run.stderr);
  assert.match(
    readFileSync('/proc/mounts', 'utf8'),
    new RegExp(`^${sandbox.env.FAMFS_DEV} ${point} fuse.famfs ro,`, 'm'),
  );
});

test('commands through the mount point: reading, making, and what is refused', needsFuse(), async () => {
  const point = makeMountPoint(sandbox);
  mount(sandbox, point, '--refresh', '50');
  const { entries } = JSON.parse(famfs(sandbox, 'ls', '-R', '--json', '--dev', point).stdout);
  assert.ok(entries.some(({ path }: { path: string }) => path === 'data/weights'));
  const creat = famfs(sandbox, 'creat', '--dev', point, '-s', '2M', 'made');
  assert.equal(creat.exitCode, 0, creat.stderr);
  await until('seen', () => runIn(sandbox, 'stat', [join(point, 'made')]).exitCode === 0);
  assert.equal(famfs(sandbox, 'fsck', '-n', '--dev', point).exitCode, 0);
  for (const argv of [
    ['mkfs', '-f'],
    ['creat', '-s', '1M', 'x', '--dev'],
  ]) {
    const { stderr, exitCode } = famfs(sandbox, ...argv, sandbox.env.FAMFS_DEV as string, '--json');
    assert.deepEqual([exitCode, JSON.parse(stderr.trim().split('\n').at(-1) ?? '').error.code], [1, 'MOUNTED']);
  }
});

test('the kernel keeps names that are not there only until they are', needsFuse(), async () => {
  const point = makeMountPoint(sandbox);
  mount(sandbox, point, '--refresh', '50');
  assert.equal(runIn(sandbox, 'stat', [join(point, 'late')]).exitCode, 1);
  sh(sandbox, `ls ${point} >/dev/null`);
  assert.equal(famfs(sandbox, 'mkdir', '--dev', point, 'late').exitCode, 0);
  await until('stat', () => runIn(sandbox, 'stat', [join(point, 'late')]).exitCode === 0);
  assert.match(sh(sandbox, `ls ${point}`), /^late$/m);
});

test('what cannot be mounted', needsFuse(), () => {
  const point = makeMountPoint(sandbox);
  const errorOf = (...argv: string[]) => {
    const { exitCode, stderr } = famfs(sandbox, 'mount', '--json', ...argv);
    const { code } = JSON.parse(stderr.trim().split('\n').at(-1) ?? '').error;
    return [exitCode, code];
  };
  writeFileSync(join(sandbox.folder, 'plain'), 'no famfs, but long enough to be looked at');
  assert.deepEqual(errorOf('--dev', join(sandbox.folder, 'plain'), point), [1, 'NO_FAMFS']);
  assert.deepEqual(errorOf(join(sandbox.folder, 'nowhere')), [1, 'MOUNT_POINT']);
  assert.deepEqual(errorOf(join(sandbox.folder, 'plain')), [1, 'MOUNT_POINT']);
  assert.deepEqual(errorOf('--staging', join(sandbox.folder, 'nowhere'), point), [1, 'NO_DIRECTORY']);
  assert.deepEqual(errorOf('--staging', point, point), [1, 'NO_DIRECTORY']);
  assert.ok(!readFileSync('/proc/mounts', 'utf8').includes(point));
});

test('a server process that was started for nothing ends', needsFuse(), async () => {
  const point = makeMountPoint(sandbox);
  assert.equal(famfs(sandbox, 'mount', '--cache', 'wrong', point).exitCode, 2);
  await until('ended', () => runIn(sandbox, 'pgrep', ['-f', `mount --cache wrong ${point}`]).exitCode === 1);
});

test('what is wrong usage', async () => {
  const other = new Sandbox();
  const usage = async (...argv: string[]) => {
    const { exitCode, code } = await other.error(['mount', ...argv]);
    return [exitCode, code];
  };
  assert.deepEqual(await usage(), [2, 'USAGE']);
  assert.deepEqual(await usage('a', 'b', 'c'), [2, 'USAGE']);
  assert.deepEqual(await usage('--dev', 'x', 'a', 'b'), [2, 'USAGE']);
  assert.deepEqual(await usage('--list', 'a'), [2, 'USAGE']);
  for (const option of [['--foreground'], ['--dev', 'x'], ['-o', 'ro'], ['--stripes', '2'], ['--fuse-fd', '3'], ['-s']])
    assert.match((await other.error(['mount', '--list', ...option])).message, /is not for --list/, option[0]);
  assert.deepEqual(await usage('-o', 'nonsense', '/tmp'), [2, 'USAGE']);
  assert.deepEqual(await usage('-o', 'cache=maybe', '/tmp'), [2, 'USAGE']);
  assert.deepEqual(await usage('-s', '-o', 'remount,ro', '/tmp'), [2, 'USAGE']);
  assert.deepEqual(await usage('-o', 'threads=0', '/tmp'), [2, 'USAGE']);
});

/** Working through a mount point, on a folder that looks like one. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { InfoDocument } from '../../src/commands/info.js';
import { overwrite } from '../support/pool.js';
import { GIB, MIB, OTHER_UUID, Sandbox } from '../support/sandbox.js';

const sandbox = new Sandbox();
let count = 0;

interface Mount {
  readonly image: string;
  readonly point: string;
  readonly tree: string;
}

/** A mounted file system with a directory and a file; `shadow` says whether /proc/mounts names its shadow tree. */
async function makeMount(shadow = true): Promise<Mount> {
  const proc = join(sandbox.env.FAMFS_SYSROOT as string, 'proc');
  rmSync(proc, { recursive: true, force: true });
  const image = await sandbox.makeFs();
  await sandbox.ok(['mkdir', 'd']);
  await sandbox.ok(['creat', '-s', '3M', 'd/first']);
  const point = join(sandbox.folder, `mount ${count}`);
  const tree = join(sandbox.folder, `tree${count++}`);
  mkdirSync(join(point, '.meta'), { recursive: true });
  copyPart(image, 0, 2 * MIB, join(point, '.meta/.superblock'));
  copyPart(image, 2 * MIB, 8 * MIB, join(point, '.meta/.log'));
  await sandbox.ok(['logplay', '--shadow', tree]);
  const options = shadow ? `rw,user_id=0,shadow=${tree}` : 'rw';
  mkdirSync(proc, { recursive: true });
  const type = shadow ? 'fuse' : 'famfs';
  writeFileSync(join(proc, 'mounts'), `${image} ${point.replace(' ', '\\040')} ${type} ${options} 0 0\n`);
  delete sandbox.env.FAMFS_DEV;
  return { image, point, tree };
}

function copyPart(from: string, offset: number, length: number, to: string): void {
  const bytes = Buffer.alloc(length);
  const fd = openSync(from, 'r');
  readSync(fd, bytes, 0, length, offset);
  closeSync(fd);
  writeFileSync(to, bytes);
}

/** Copies the meta files of a mount into its image; in a real mount both are the same memory. */
function writeBack({ image, point }: Mount): void {
  const fd = openSync(image, 'r+');
  writeSync(fd, readFileSync(join(point, '.meta/.superblock')), 0, 2 * MIB, 0);
  writeSync(fd, readFileSync(join(point, '.meta/.log')), 0, 8 * MIB, 2 * MIB);
  closeSync(fd);
}

for (const argv of [
  ['ls', '-lR'],
  ['stat', 'd/first'],
  ['showfmap', '--all'],
  ['logplay'],
  ['df'],
  ['resolve', 'd/first'],
  ['whois', '0', '0xa00000'],
]) {
  test(`${argv.join(' ')} tells the same through the mount as through the device`, async () => {
    const { image, point } = await makeMount();
    const through = await sandbox.json<object>([...argv, '--dev', point]);
    assert.deepEqual(through, await sandbox.json<object>([...argv, '--dev', image]));
  });
}

test('info shows the size of the device, not of the meta file', async () => {
  const { point } = await makeMount();
  const { primary, role, files } = await sandbox.json<InfoDocument>(['info', '--dev', point]);
  assert.deepEqual([primary.size, role, files], [GIB, 'Master', 1]);
});

test('a file that is made through a mount is in the log, and at once in the shadow tree', async () => {
  const mount = await makeMount();
  const { point, tree, image } = mount;
  const { stderr, exitCode } = await sandbox.run(['creat', '--dev', point, '-s', '5M', 'd/second', '--stripes', '2']);
  assert.deepEqual([stderr, exitCode], ['', 0]);
  await sandbox.ok(['mkdir', '--dev', point, '-p', 'x/y']);
  await sandbox.ok(['creat', '--dev', point, '-s', '1M', 'x/y/third']);
  assert.ok(statSync(join(tree, 'root/x/y')).isDirectory());
  writeFileSync(join(sandbox.folder, 'list'), 'x/y/fourth 1M\nx/y/fifth 2M\n');
  await sandbox.ok(['creat', '--dev', point, '--from', 'list']);
  const yaml = await sandbox.ok(['showfmap', '--format', 'yaml', 'd/second', '--dev', point]);
  assert.equal(readFileSync(join(tree, 'root/d/second'), 'utf8'), yaml);
  assert.deepEqual((await sandbox.json(['logplay', '--shadow', tree, '--check', '--dev', point])).differences, []);
  writeBack(mount);
  const { exitCode: sound, stdout } = await sandbox.run(['fsck', image]);
  assert.equal(sound, 0, stdout);
});

test('without a known shadow tree, a warning says when the mount will show the file', async () => {
  const { point } = await makeMount(false);
  const { stderr, exitCode } = await sandbox.run(['creat', '--dev', point, '-s', '5M', 'd/second']);
  assert.equal(exitCode, 0);
  assert.match(stderr, /shows the new entries once its log is played/);
});

test('if the shadow tree cannot be written, the file is made with a warning', async () => {
  const { point, tree } = await makeMount();
  rmSync(join(tree, 'root/d'), { recursive: true });
  symlinkSync('/tmp', join(tree, 'root/d'));
  const { stderr, exitCode } = await sandbox.run(['creat', '--dev', point, '-s', '5M', 'd/second']);
  assert.equal(exitCode, 0);
  assert.match(stderr, /logplay --dev .* --shadow/);
  assert.equal((await sandbox.json(['info', '--dev', point])).files, 2);
  rmSync(tree, { recursive: true });
  assert.equal((await sandbox.run(['creat', '--dev', point, '-s', '5M', 'd/third'])).exitCode, 0);
});

test('a writer waits for the lock of .meta/.log', async () => {
  const { point } = await makeMount();
  const holder = spawn('flock', ['-x', join(point, '.meta/.log'), 'sh', '-c', 'echo locked; sleep 0.5; date +%s%3N']);
  const ended = new Promise((resolve) => holder.on('close', resolve));
  let said = '';
  await new Promise<void>((resolve) => {
    holder.stdout.on('data', (data) => {
      said += data;
      resolve();
    });
  });
  await sandbox.ok(['creat', '--dev', point, '-s', '5M', 'd/second']);
  const made = Date.now();
  await ended;
  const [, released] = said.split('\n');
  assert.ok(made >= Number(released), `made at ${made}, and the lock was held until ${released}`);
});

test('a mounted file system is not written through its device', async () => {
  const { image, point } = await makeMount();
  const { code, hint } = await sandbox.error(['creat', '--dev', image, '-s', '5M', 'd/second']);
  assert.equal(code, 'MOUNTED');
  assert.match(hint ?? '', new RegExp(`--dev ${point}`));
  assert.equal((await sandbox.error(['mkfs', '--force', '--force', image])).code, 'MOUNTED');
});

test('a Client may not write through a mount', async () => {
  const { point } = await makeMount();
  sandbox.becomeHost(OTHER_UUID);
  assert.equal((await sandbox.error(['creat', '--dev', point, '-s', '5M', 'd/second'])).code, 'NOT_MASTER');
  sandbox.becomeHost('11111111-2222-4333-8444-555555555555');
});

test('a folder that is not a mount point, a mount with a short log, and a mount named with a device are errors', async () => {
  const { point, image } = await makeMount();
  assert.equal((await sandbox.error(['ls', '--dev', sandbox.folder])).code, 'MOUNT_POINT');
  assert.equal((await sandbox.error(['creat', '--dev', sandbox.folder, '-s', '1M', 'a'])).code, 'MOUNT_POINT');
  assert.equal((await sandbox.error(['ls', '--dev', point, '--dev', image])).code, 'MOUNT_POINT');
  writeFileSync(join(point, '.meta/.log'), Buffer.alloc(4096));
  assert.equal((await sandbox.error(['ls', '--dev', point])).code, 'SUPERBLOCK_DAMAGED');
  rmSync(join(point, '.meta/.log'));
  assert.equal((await sandbox.error(['ls', '--dev', point])).code, 'DEVICE_OPEN');
});

test('commands that need the daxdev itself are refused, and make nothing', async () => {
  const { point } = await makeMount();
  for (const argv of [
    ['flush', 'd/first'],
    ['cp', join(sandbox.folder, 'system_uuid'), 'copied'],
    ['creat', '-s', '1M', '--zero', 'zeros'],
  ]) {
    const { code } = await sandbox.error([...argv, '--dev', point]);
    assert.equal(code, 'MOUNTED', argv.join(' '));
  }
  assert.equal((await sandbox.json(['info', '--dev', point])).files, 1);
});

test('the daxdevs of a mount are listed', async () => {
  const { point, image } = await makeMount();
  const { daxdevs } = await sandbox.json<{ daxdevs: { path: string; state: string; size: number }[] }>([
    'daxdev',
    'list',
    '--dev',
    point,
  ]);
  assert.deepEqual(
    daxdevs.map(({ path, state, size }) => [path, state, size]),
    [[image, 'present', GIB]],
  );
});

/** Zeroes the counters of the log, in the image and in the meta file. */
function loseCount({ image, point }: Mount): void {
  for (const [path, at] of [
    [image, 2 * MIB + 32],
    [join(point, '.meta/.log'), 32],
  ] as const)
    overwrite(path, at, Buffer.alloc(16));
}

test('fsck checks a mounted file system through its mount point', async () => {
  const mount = await makeMount();
  const { point } = mount;
  assert.match(await sandbox.ok(['fsck', point]), /: clean$/m);
  const clean = await sandbox.json(['fsck', '--dev', point]);
  assert.deepEqual([clean.path, clean.mountPoint, clean.size, clean.clean], [point, point, GIB, true]);
  loseCount(mount);
  const { exitCode, stdout } = await sandbox.run(['fsck', '--json', point]);
  assert.equal(exitCode, 4);
  const { findings } = JSON.parse(stdout) as { findings: { code: string; deviceOffset: number }[] };
  assert.deepEqual(
    findings.map(({ code, deviceOffset }) => [code, deviceOffset]),
    [['LOG_ENTRY_BEYOND', 2 * MIB + 48]],
  );
  const onTerminal = await sandbox.run(['fsck', point], { terminal: true });
  assert.equal(onTerminal.exitCode, 4);
  assert.match(onTerminal.stdout, /mounted, so nothing was repaired; unmount it/);
});

test('fsck through a mount point measures the device if it can, else it takes the size from the superblock', async () => {
  const { point, image } = await makeMount();
  truncateSync(image, GIB + 2 * MIB);
  const grown = JSON.parse((await sandbox.run(['fsck', '--json', point])).stdout);
  assert.deepEqual([Object.keys(grown.counts), grown.size], [['SB_DEVICE_SIZE'], GIB + 2 * MIB]);
  rmSync(image);
  assert.deepEqual((await sandbox.json(['fsck', point])).size, GIB);
  overwrite(join(point, '.meta/.superblock'), 112, Buffer.alloc(8));
  assert.equal((await sandbox.run(['fsck', point])).exitCode, 4);
});

test('fsck through a mount point finds damage in the meta files', async () => {
  const { point } = await makeMount();
  overwrite(join(point, '.meta/.superblock'), 96, Buffer.alloc(8));
  overwrite(join(point, '.meta/.log'), 48 + 544 + 100, Buffer.from([7]));
  const { counts } = JSON.parse((await sandbox.run(['fsck', '--json', point])).stdout);
  assert.deepEqual(Object.keys(counts).sort(), ['ENTRY_CRC', 'ENTRY_RESERVED', 'SB_CRC']);
  overwrite(join(point, '.meta/.superblock'), 0, Buffer.alloc(200));
  overwrite(join(point, '.meta/.log'), 0, Buffer.alloc(48));
  assert.deepEqual(await sandbox.error(['fsck', point]).then(({ code, exitCode }) => [code, exitCode]), [
    'NO_FAMFS',
    8,
  ]);
  assert.equal((await sandbox.error(['fsck', sandbox.folder])).code, 'MOUNT_POINT');
});

test('of two file systems mounted on one directory, the later one is meant', async () => {
  const { image, point } = await makeMount();
  const mounts = join(sandbox.env.FAMFS_SYSROOT as string, 'proc/mounts');
  const table = readFileSync(mounts, 'utf8');
  writeFileSync(mounts, table.replace(image, '/dev/dax9.9') + table);
  const { daxdevs } = await sandbox.json<{ daxdevs: { path: string }[] }>(['daxdev', 'list', point]);
  assert.deepEqual(
    daxdevs.map(({ path }) => path),
    [image],
  );
});

test('a mounted file system is neither repaired nor restored, by device, mount point or uuid', async () => {
  const mount = await makeMount();
  const { image, point } = mount;
  const mounts = join(sandbox.env.FAMFS_SYSROOT as string, 'proc/mounts');
  const table = readFileSync(mounts, 'utf8');
  loseCount(mount);
  const undo = join(sandbox.folder, 'mounted.undo');
  writeFileSync(mounts, '');
  assert.equal((await sandbox.run(['fsck', '-p', '--undo', undo, image])).exitCode, 1);
  await sandbox.ok(['undo', undo]);
  assert.equal((await sandbox.run(['fsck', '-p', '--no-undo', image])).exitCode, 1);
  // a server may report any source; then the superblock in the mount identifies the file system
  for (const shown of [table, table.replace(image, 'famfs')]) {
    writeFileSync(mounts, shown);
    for (const argv of [
      ['fsck', '-p', image],
      ['fsck', '-y', image],
      ['fsck', '-p', point],
      ['fsck', '-y', point],
      ['undo', undo],
    ]) {
      const { code, hint } = await sandbox.error(argv);
      assert.deepEqual([code, hint?.startsWith('unmount it first')], ['MOUNTED', true], argv.join(' '));
    }
    assert.equal((await sandbox.run(['fsck', '-n', image])).exitCode, 0);
  }
});

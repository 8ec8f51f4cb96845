/** Nothing is replaced without --force: by mkfs, and by daxdev add. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { refuseContent } from '../../../src/fs/mkfs/oldContent.js';
import { MappedDevice } from '../../../src/native/device.js';
import { Head } from '../../support/head.js';
import { overwrite as patch } from '../../support/pool.js';
import { firstBytes, MIB, OWN_UUID, Sandbox } from '../../support/sandbox.js';

const SIZE = 64 * MIB;
/** what mkfs of this size overwrites */
const OVERWRITTEN = 10 * MIB;
const OTHER_UUID = '99999999-2222-4333-8444-555555555555';

const UNKNOWN: readonly (readonly [what: string, offset: number, bytes: () => Uint8Array])[] = [
  ['a tar archive', 0, () => execFileSync('tar', ['-c', '-C', '/etc', 'hostname', 'passwd'])],
  ['gzip', 0, () => gzipSync('x'.repeat(1000))],
  ['an ELF program', 0, () => readFileSync(process.execPath).subarray(0, 4096)],
  ['text', 0, () => Buffer.from('dear diary\n')],
  ['random bytes', 4096, () => crypto.getRandomValues(new Uint8Array(4096)).fill(1, 0, 1)],
  ['one byte at the end of the superblock region', 2 * MIB - 1, () => Buffer.from([7])],
];

for (const [what, offset, bytes] of UNKNOWN) {
  test(`a file that holds ${what} needs --force`, async () => {
    const box = new Sandbox();
    const target = box.image('target', SIZE);
    patch(target, offset, bytes());
    const before = new Head(target, OVERWRITTEN);
    await box.ok(['mkfs', box.image('pool', SIZE)]);
    for (const argv of [
      ['mkfs', target],
      ['mkfs', '--dry-run', target],
      ['mkfs', box.image('primary', SIZE), target],
      ['daxdev', 'add', '--dev', 'pool', target],
    ]) {
      const error = await box.error(argv);
      assert.deepEqual([error.code, error.exitCode], ['FOREIGN', 1], argv.join(' '));
      assert.match(error.hint ?? '', /--force/);
      assert.ok(before.isUnchanged(), argv.join(' '));
    }
    await box.ok(['mkfs', '--force', target]);
    assert.match(await box.ok(['info', '--dev', target]), /Master/);
  });
}

test('daxdev add looks at what it overwrites, mkfs at the log region too', async () => {
  const box = new Sandbox();
  await box.ok(['mkfs', box.image('pool', SIZE)]);
  const target = box.image('target', SIZE);
  patch(target, OVERWRITTEN - 1, Buffer.from([7]));
  const error = await box.error(['mkfs', target]);
  assert.match(error.message, /unknown data \(at offset 10485759: 07 00/);
  await box.ok(['daxdev', 'add', '--dev', 'pool', target]);
  const far = box.image('far', SIZE);
  patch(far, OVERWRITTEN, Buffer.from([7]));
  await box.ok(['mkfs', far]);
});

test('a famfs of this host that was killed is replaced without --force; one of another host is not', async () => {
  const box = new Sandbox();
  const image = await box.makeFs(SIZE);
  await box.ok(['creat', '-s', '2M', 'a']);
  await box.ok(['mkfs', '--kill', '--force', image]);
  box.becomeHost(OTHER_UUID);
  const error = await box.error(['mkfs', image]);
  assert.deepEqual([error.code, error.exitCode], ['FOREIGN', 1]);
  assert.match(error.message, new RegExp(`of another host \\(system uuid ${OWN_UUID}\\), which was killed`));
  await box.ok(['mkfs', '--dry-run', '--force', image]);
  box.becomeHost(OWN_UUID);
  await box.ok(['mkfs', image]);
  await box.ok(['mkfs', '--kill', '--force', image]);
  await box.ok(['mkfs', box.image('pool', SIZE)]);
  await box.ok(['daxdev', 'add', '--dev', 'pool', image]);
});

test('another file system over a famfs that was killed is not replaced', async () => {
  const box = new Sandbox();
  const image = await box.makeFs(SIZE);
  await box.ok(['mkfs', '--kill', '--force', image]);
  patch(image, 0x438, Buffer.from([0x53, 0xef]));
  assert.match((await box.error(['mkfs', image])).message, /ext2/);
});

test('what an interrupted mkfs leaves, the header of an empty log, needs no --force', async () => {
  const box = new Sandbox();
  const image = await box.makeFs(SIZE);
  patch(image, 0, Buffer.alloc(4096));
  await box.ok(['mkfs', image]);
});

for (const [what, damage] of [
  ['a bit of its magic is flipped', (bytes: Buffer) => bytes.writeUInt8(bytes.readUInt8(0) ^ 4, 0)],
  ['its first 4 KiB are zero', (bytes: Buffer) => bytes.fill(0)],
  ['its superblock is garbage', (bytes: Buffer) => bytes.fill(0xa5, 0, 200)],
] as const) {
  test(`a famfs with a sound log is not given up because ${what}`, async () => {
    const box = new Sandbox();
    const image = await box.makeFs(SIZE);
    await box.ok(['creat', '-s', '2M', 'precious']);
    const bytes = firstBytes(image, 4096);
    damage(bytes);
    patch(image, 0, bytes);
    writeFileSync(join(box.folder, 'local'), 'x');
    for (const argv of [
      ['ls'],
      ['info'],
      ['df'],
      ['stat', 'precious'],
      ['logplay'],
      ['daxdev', 'list'],
      ['creat', '-s', '2M', 'more'],
      ['mkdir', 'd'],
      ['cp', 'local', 'more'],
      ['flush', 'precious'],
      ['fsck', '-n', image],
    ]) {
      const {
        code,
        hint = '',
        exitCode,
      } = await box.error(argv.includes('cat') ? argv.slice(0, 2) : argv).catch(() => box.error(['ls']));
      assert.deepEqual([code, exitCode], ['NO_FAMFS', argv[0] === 'fsck' ? 8 : 1], argv.join(' '));
      assert.match(hint, /has a log but no superblock: on its Master, famfs fsck -y/, argv.join(' '));
      assert.doesNotMatch(hint, /mkfs/, argv.join(' '));
    }
    await box.ok(['mkfs', box.image('other', SIZE)]);
    for (const argv of [
      ['mkfs', image],
      ['daxdev', 'add', '--dev', 'other', image],
    ]) {
      const { code, message } = await box.error(argv);
      assert.equal(code, 'HAS_FAMFS', message);
    }
    const { exitCode, stderr } = await box.run(['fsck', '-y', '--no-undo', '--master-here', image]);
    assert.equal(exitCode, 1, stderr);
    assert.match(await box.ok(['ls']), /precious/);
    await box.ok(['mkfs', '--force', image]);
  });
}

test('a famfs of another host whose magic is damaged needs --force twice', async () => {
  const box = new Sandbox();
  const image = await box.makeFs(SIZE);
  patch(image, 0, Buffer.from([firstBytes(image, 1).readUInt8(0) ^ 4]));
  box.becomeHost(OTHER_UUID);
  for (const force of [[], ['--force']]) assert.equal((await box.error(['mkfs', ...force, image])).code, 'OTHER_HOST');
  await box.ok(['mkfs', '-ff', image]);
});

test('a lost log among the daxdevs of the host is named where none is given', async () => {
  const box = new Sandbox();
  const dev = join(box.env.FAMFS_SYSROOT as string, 'dev');
  mkdirSync(dev, { recursive: true });
  const image = await box.makeFs(SIZE);
  delete box.env.FAMFS_DEV;
  await box.ok(['creat', '-s', '2M', 'a', '--dev', image]);
  patch(image, 0, Buffer.alloc(4096));
  execFileSync('mv', [image, join(dev, 'dax0.0')]);
  const { code, message, hint = '' } = await box.error(['ls']);
  assert.equal(code, 'NO_FAMFS');
  assert.match(message, /dax0\.0: a log without a superblock/);
  assert.match(hint, /famfs fsck -y .*dax0\.0/);
});

/** A folder with a blkid of our own. */
function fakeBlkid(box: Sandbox, script: string): string {
  const folder = join(box.folder, 'bin');
  mkdirSync(folder);
  writeFileSync(join(folder, 'blkid'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'blkid'), 0o755);
  return folder;
}

for (const [what, script, message] of [
  ['nothing', 'exit 2', undefined],
  ['a file system', 'echo DEVNAME=x; echo TYPE=zonefs', /zonefs/],
  ['a partition table', 'echo PTTYPE=atari', /atari/],
  ['something that it does not name', 'echo USAGE=raid', /content that blkid recognizes/],
  ['several things at once', 'exit 8', /cannot identify \(exit status 8\)/],
  ['no answer, as it is broken', 'exit 127', /cannot identify \(exit status 127\)/],
  ['no answer, as it dies', 'kill -9 $$', /cannot identify \(ended by SIGKILL\)/],
] as const) {
  test(`blkid finds ${what}`, async () => {
    const box = new Sandbox();
    box.env.PATH = fakeBlkid(box, script);
    const image = box.image('a', SIZE);
    patch(image, SIZE - 1, Buffer.from([1])); // beyond all that mkfs writes to
    const { exitCode, stderr } = await box.run(['mkfs', '--quiet', image]);
    if (message === undefined) assert.deepEqual([exitCode, stderr], [0, '']);
    else {
      assert.equal(exitCode, 1);
      assert.match(stderr, message);
    }
  });
}

test('blkid is not asked about a file that is one hole', async () => {
  const box = new Sandbox();
  box.env.PATH = fakeBlkid(box, 'echo TYPE=zonefs');
  await box.ok(['mkfs', '--quiet', box.image('a', SIZE)]);
});

test('blkid is asked where PATH does not have it', async () => {
  const box = new Sandbox();
  box.env.PATH = '';
  const image = box.image('a', SIZE);
  // minix, which only blkid knows
  patch(image, 0x410, Buffer.from([0x8f, 0x13]));
  execFileSync('/usr/sbin/mkfs.minix', [image], { stdio: 'ignore' });
  assert.match((await box.error(['mkfs', image])).message, /holds minix/);
});

/** Memory of a device that looks like one of device-dax, on a file. */
function asDaxDevice(device: MappedDevice): MappedDevice {
  return new Proxy(device, {
    get(target, key) {
      if (key === 'kind') return 'device';
      const value = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

test('a dax device with unknown leftovers is named in a warning; known content on it needs --force', () => {
  const box = new Sandbox();
  const image = box.image('a', SIZE);
  const warnings: string[] = [];
  const host = {
    env: box.env,
    cwd: box.folder,
    warn: (code: string, message: string) => warnings.push(`${code} ${message}`),
  };
  const look = () => {
    const device = MappedDevice.open(image, { writable: false });
    try {
      return refuseContent(host, asDaxDevice(device), OVERWRITTEN, 0);
    } finally {
      device.close();
    }
  };
  assert.equal(look(), undefined);
  assert.deepEqual(warnings, []);
  patch(image, 5000, Buffer.from([1, 2, 3]));
  assert.equal(look(), 'unknown data (at offset 5000: 01 02 03 00 00 00 00 00)');
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? '', /^UNKNOWN_DATA .*a holds unknown data \(at offset 5000: .*\), which is overwritten$/);
  patch(image, 0, Buffer.from('XFSB'));
  assert.throws(look, /holds xfs/);
});

test('what an interrupted mkfs or daxdev add leaves needs no --force, whatever part of it has arrived', async () => {
  const box = new Sandbox();
  const made = await box.makeFs(SIZE, '--stripes', '2');
  const bytes = firstBytes(made, 2 * MIB + 48);
  bytes.fill(0, 0, 8);
  const target = box.image('target', SIZE);
  for (const [from, to] of [
    [8, 200],
    [8, 64],
    [8, 24],
    [64, 80],
    [64, 128],
    [128, 200],
    [88, 96],
  ]) {
    patch(target, 0, Buffer.alloc(2 * MIB + 48));
    patch(target, from as number, bytes.subarray(from, to));
    patch(target, MIB, bytes.subarray(MIB, MIB + 56));
    patch(target, 2 * MIB, bytes.subarray(2 * MIB, 2 * MIB + 8));
    await box.ok(['mkfs', '--dry-run', '--quiet', target]);
    // of another host, or with anything else beside it, it is not ours
    if (from === 88) {
      patch(target, 95, Buffer.from([1]));
      assert.equal((await box.error(['mkfs', target])).code, 'FOREIGN');
    }
    patch(target, 200, Buffer.from([1]));
    assert.equal((await box.error(['mkfs', target])).code, 'FOREIGN');
  }
});

/** Pools from beginning to end: made, grown, filled, moved, found again, and checked. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { viewOf } from '../../src/format/struct.js';
import { superblockStruct } from '../../src/format/superblock.js';
import { type DaxdevRow, overwrite, PoolSandbox } from '../support/pool.js';
import { MIB } from '../support/sandbox.js';

interface File {
  readonly path: string;
  readonly extents: readonly { daxdev: number; deviceOffset: number; length: number }[];
}

function superblockOf(path: string) {
  return superblockStruct.read(viewOf(readFileSync(path).subarray(0, superblockStruct.size)), 0);
}

function digest(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

test('24 images of different sizes: made, grown, filled, moved, found by uuid, checked clean', async () => {
  const box = new PoolSandbox();
  const sizes = Array.from({ length: 24 }, (_, i) => 64 + 17 * i);
  const paths = box.images(...sizes);
  const [primary = ''] = paths;
  await box.ok(['mkfs', '--stripes', '16', ...paths.slice(0, 20)]);
  box.env.FAMFS_DEV = primary;
  await box.ok(['mkdir', 'striped', 'plain']);
  await box.ok(['creat', '-s', '500M', 'striped/first']);
  await box.ok(['daxdev', 'add', ...paths.slice(20)]);
  const { daxdevs } = await box.list();
  assert.deepEqual(
    daxdevs.map(({ path, size, state }) => [path, size, state]),
    paths.map((path, i) => [path, (sizes[i] as number) * MIB, 'present']),
  );
  const before = await fill(box);
  assert.equal((await box.fsck()).exitCode, 0);

  mkdirSync(box.path('other'));
  const order = [...paths.keys()].sort((a, b) => ((a * 7) % 24) - ((b * 7) % 24));
  for (const [i, which] of order.entries()) renameSync(paths[which] as string, box.path(`other/member-${i}`));
  for (const i of [0, 5, 23]) {
    box.env.FAMFS_DEV = box.path(`other/member-${i}`);
    const { exitCode, daxdevs: rows, warnings } = await box.fsck();
    assert.deepEqual([exitCode, warnings], [0, 0]);
    assert.deepEqual(
      rows.map(({ uuid, path, state }) => [uuid, path, state]),
      daxdevs.map(({ uuid }, index) => [uuid, box.path(`other/member-${order.indexOf(index)}`), 'present']),
    );
  }
  const { files } = await box.json<{ files: File[] }>(['showfmap', '--all']);
  assert.deepEqual(files, before);
  for (const { uuid } of daxdevs.slice(0, 3))
    assert.match(await box.ok(['daxdev', 'resolve', uuid]), /\/other\/member-\d+\n$/);
});

/** Makes files of all kinds until nothing fits any more. Returns the maps of all files. */
async function fill(box: PoolSandbox): Promise<readonly File[]> {
  for (const [size, ...options] of [
    ['256M'],
    ['96M', '--stripes', '5', '--policy', 'spread'],
    ['40M', '--simple', '--policy', 'fill'],
    ['2M', '--simple'],
  ] as const) {
    for (let i = 0; i < 2000; i += 50) {
      const names = Array.from({ length: size === '2M' ? 50 : 1 }, (_, j) => `plain/${size}-${i + j}`);
      const run = await box.run(['creat', '--json', '-s', size, ...options, ...names]);
      if (run.exitCode === 0) continue;
      assert.equal(JSON.parse(run.stderr).error.code, 'NO_SPACE', run.stderr);
      break;
    }
  }
  // what is left of the last batch
  const { daxdevs } = await box.list();
  const units = daxdevs.reduce((sum, { free }) => sum + free / (2 * MIB), 0);
  if (units > 0)
    await box.ok(['creat', '-s', '2M', '--simple', ...Array.from({ length: units }, (_, i) => `plain/x${i}`)]);
  const full = await box.run(['creat', '--json', '-s', '1', '--simple', 'plain/more']);
  const { error } = JSON.parse(full.stderr) as { error: { code: string; daxdevs: object[] } };
  assert.deepEqual([full.exitCode, error.code, error.daxdevs.length], [1, 'NO_SPACE', 24]);
  assert.deepEqual(error.daxdevs[23], { daxdev: 23, freeBytes: 0, largestHoleBytes: 0 });
  assert.ok((await box.list()).daxdevs.every(isFull));
  return (await box.json<{ files: File[] }>(['showfmap', '--all'])).files;
}

function isFull({ used, capacity, free, largestHole }: DaxdevRow): boolean {
  return used === capacity && free === 0 && largestHole === 0;
}

test('superblocks of a pool are as the format says', async () => {
  const box = new PoolSandbox();
  const paths = await box.makePool(64, 65, 66);
  const [primary, ...secondaries] = paths.map(superblockOf);
  assert.deepEqual([primary?.flags, primary?.logOffset, primary?.logLength], [1, 2 * MIB, 8 * MIB]);
  for (const [i, secondary] of secondaries.entries()) {
    const { version, flags, logOffset, logLength, fsUuid, systemUuid, deviceSize } = secondary;
    assert.deepEqual([version, flags, logOffset, logLength, deviceSize], [48, 2, 0, 0, (65 + i) * MIB]);
    assert.deepEqual([fsUuid, systemUuid], [primary?.fsUuid, primary?.systemUuid]);
  }
  const uuids = [primary, ...secondaries].map((superblock) => superblock?.deviceUuid);
  assert.equal(new Set(uuids).size, 3);
  assert.match(await box.ok(['logplay']), new RegExp(`daxdev +index 2 uuid ${uuids[2]} size ${66 * MIB}`));
});

test('a pool of one is made as ever, and has flags 0', async () => {
  const box = new PoolSandbox();
  const [path = ''] = await box.makePool(64);
  assert.equal(superblockOf(path).flags, 0);
  const bytes = readFileSync(path).subarray(superblockStruct.size, 2 * MIB);
  assert.ok(
    bytes.every((byte) => byte === 0),
    'only the superblock is written in its region',
  );
});

test('mkfs checks all devices before it touches the first', async () => {
  const box = new PoolSandbox();
  const [blank = '', other = '', small = ''] = [
    box.image('a', 16 * MIB),
    box.image('b', 16 * MIB),
    box.image('c', 3 * MIB),
  ];
  const foreign = box.image('d', 64 * MIB);
  overwrite(foreign, 0x438, Buffer.from([0x53, 0xef]));
  linkSync(blank, box.path('hard'));
  symlinkSync(blank, box.path('soft'));
  const [, taken = ''] = await box.makePool(64, 64);
  overwrite(blank, 4096, Buffer.from('what was here before'));
  const was = [blank, other].map(digest);
  const rows: readonly (readonly [code: string, ...devices: string[]])[] = [
    ['SAME_DAXDEV', blank, other, blank],
    ['SAME_DAXDEV', blank, other, 'hard'],
    ['SAME_DAXDEV', blank, 'soft', other],
    ['TOO_SMALL', blank, other, small],
    ['TOO_SMALL', small, blank, other],
    ['FOREIGN', blank, other, foreign],
    ['HAS_FAMFS', blank, other, taken],
    ['DEVICE_OPEN', blank, other, 'nowhere'],
    ['DEVICE_OPEN', blank, other, box.folder],
  ];
  for (const [code, ...devices] of rows) {
    const error = await box.error(['mkfs', ...devices]);
    assert.deepEqual([error.code, error.exitCode], [code, 1], error.message);
    assert.deepEqual([blank, other].map(digest), was, code);
  }
  assert.equal((await box.error(['mkfs', '--loglen', '9M', blank, other])).code, 'BAD_LOG_LENGTH');
  assert.equal((await box.error(['mkfs', '--stripes', '2', '--chunk', '3M', blank, other])).code, 'BAD_LAYOUT');
  assert.equal((await box.error(['mkfs', '--chunk', '2M', blank, other])).code, 'USAGE');
  assert.equal((await box.error(['mkfs', '--stripes', '17', blank, other])).code, 'USAGE');
  assert.equal((await box.error(['mkfs', '--kill', '--force', '--stripes', '2', blank])).code, 'USAGE');
  await box.ok(['mkfs', '--dry-run', blank, other]);
  assert.deepEqual([blank, other].map(digest), was);
});

test('a member of a pool of another host needs --force twice', async () => {
  const box = new PoolSandbox();
  const [, taken = ''] = await box.makePool(64, 64);
  const mine = box.image('mine', 64 * MIB);
  box.becomeHost('99999999-2222-4333-8444-555555555555');
  assert.equal((await box.error(['mkfs', mine, taken])).code, 'OTHER_HOST');
  assert.equal((await box.error(['mkfs', '-F', mine, taken])).code, 'OTHER_HOST');
  await box.ok(['mkfs', '-F', '-F', mine, taken]);
  assert.equal((await box.fsck('--dev', mine)).exitCode, 0);
});

test('all daxdevs of a pool are killed together', async () => {
  const box = new PoolSandbox();
  const paths = await box.makePool(64, 64);
  assert.match(await box.ok(['mkfs', '--force', '--kill', ...paths]), /p1\.img: famfs was killed/);
  for (const path of paths) assert.equal((await box.error(['info', '--dev', path])).code, 'NO_FAMFS');
});

test('a pool without a member reads on, says so once, and refuses what needs it', async () => {
  const box = new PoolSandbox();
  const [, , gone = ''] = await box.makePool(64, 64, 64);
  await box.ok(['creat', '-s', '12M', '--stripes', '3', 'f']);
  mkdirSync(box.path('away'));
  renameSync(gone, box.path('away/x'));
  for (const argv of [['ls'], ['stat', 'f'], ['showfmap', 'f'], ['df'], ['info'], ['logplay'], ['mkdir', 'd']]) {
    const { exitCode, stderr } = await box.run(argv);
    assert.equal(exitCode, 0, stderr);
    assert.equal(stderr.match(/1 of the 3 daxdevs of the pool cannot be used/g)?.length, 1, argv.join(' '));
  }
  assert.equal((await box.error(['creat', '-s', '2M', '--daxdevs', '2', 'g'])).code, 'MISSING_DAXDEV');
  await box.ok(['creat', '-s', '8M', '--stripes', '2', 'h']);
  const { files } = await box.json<{ files: File[] }>(['showfmap', 'h']);
  assert.deepEqual(files[0]?.extents.map(({ daxdev }) => daxdev).sort(), [0, 1]);
  assert.equal((await box.run(['ls', '--dev', box.path('p0.img'), '--dev', box.path('away/x')])).stderr, '');
});

test('files are interleaved as the pool says, and as options say', async () => {
  const box = new PoolSandbox();
  const paths = box.images(64, 64, 64);
  await box.ok(['mkfs', '--stripes', '3', '--chunk', '4M', ...paths]);
  box.env.FAMFS_DEV = paths[2] as string;
  assert.deepEqual((await box.json(['info'])).defaultInterleave, { stripes: 3, chunkSize: 4 * MIB });
  for (const [name, ...options] of [
    ['default'],
    ['two', '--stripes', '2'],
    ['chunk', '--chunk', '2M'],
    ['plain', '--simple'],
  ] as const)
    await box.ok(['creat', '-s', '12M', ...options, name]);
  const { files } = await box.json<{ files: (File & { chunkSize: number | null })[] }>(['showfmap', '--all']);
  assert.deepEqual(
    files.map(({ path, chunkSize, extents }) => [path, chunkSize, extents.length]),
    [
      ['default', 4 * MIB, 3],
      ['two', 4 * MIB, 2],
      ['chunk', 2 * MIB, 3],
      ['plain', null, 1],
    ],
  );
  await box.ok(['mkfs', '--force', ...paths]);
  assert.equal((await box.json(['info'])).defaultInterleave, null);
});

test('a list of daxdevs that is none is a usage error', async () => {
  const box = new PoolSandbox();
  await box.makePool(64, 64);
  for (const list of ['', 'a', '1-', '-1', '5-2', '0,,1', '64', '0;1', '1-2-3'])
    assert.equal((await box.error(['creat', '-s', '2M', `--daxdevs=${list}`, 'f'])).code, 'USAGE', list);
  assert.equal((await box.error(['creat', '-s', '2M', '--daxdevs', '0,2', 'f'])).code, 'NO_SUCH_DAXDEV');
});

test('nothing is made on a daxdev that a mounted pool uses', async () => {
  const box = new PoolSandbox();
  const [primary = '', member = ''] = await box.makePool(64, 64);
  mkdirSync(box.path('sysroot/proc'), { recursive: true });
  writeFileSync(box.path('sysroot/proc/mounts'), `${primary} /mnt/pool famfs rw 0 0\n`);
  assert.equal((await box.error(['mkfs', '-F', member])).code, 'MOUNTED');
  const fresh = box.image('fresh', 64 * MIB);
  assert.equal((await box.error(['mkfs', '-F', fresh, member])).code, 'MOUNTED');
  await box.ok(['mkfs', fresh]);
});

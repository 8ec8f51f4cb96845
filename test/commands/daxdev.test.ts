/** Growing a pool, listing it, and finding its daxdevs wherever they are. */
import assert from 'node:assert/strict';
import { copyFileSync, linkSync, mkdirSync, renameSync, symlinkSync, truncateSync } from 'node:fs';
import { test } from 'node:test';
import { PoolSandbox } from '../support/pool.js';
import { MIB } from '../support/sandbox.js';

test('a daxdev joins a pool, and new files use it', async () => {
  const box = new PoolSandbox();
  const [primary = '', added = ''] = [...(await box.makePool(64)), box.image('new.img', 128 * MIB)];
  const { daxdevs } = await box.json<{ daxdevs: { index: number; size: number }[] }>(['daxdev', 'add', added]);
  assert.deepEqual(
    daxdevs.map(({ index, size }) => [index, size]),
    [[1, 128 * MIB]],
  );
  const list = await box.list();
  assert.deepEqual(
    list.daxdevs.map(({ path, state, size, capacity }) => [path, state, size, capacity]),
    [
      [primary, 'present', 64 * MIB, 54 * MIB],
      [added, 'present', 128 * MIB, 126 * MIB],
    ],
  );
  await box.ok(['creat', '-s', '100M', 'big']);
  assert.equal((await box.list()).daxdevs[1]?.used, 100 * MIB);
  assert.match(await box.ok(['daxdev', 'list', '-h']), /^ +1 {2}present +128M +100M +26M +26M/m);
});

test('devadd is daxdev add; a dry run changes nothing', async () => {
  const box = new PoolSandbox();
  await box.makePool(64);
  const added = box.image('new.img', 64 * MIB);
  assert.match(await box.ok(['devadd', '--dry-run', added]), /would be added as daxdev 1/);
  assert.equal((await box.list()).daxdevs.length, 1);
  assert.match(await box.ok(['devadd', added]), /added as daxdev 1/);
  assert.equal((await box.list()).daxdevs.length, 2);
});

test('what cannot join is refused before anything is written', async () => {
  const box = new PoolSandbox();
  const [primary = '', member = ''] = await box.makePool(64, 64);
  const fresh = box.image('fresh.img', 64 * MIB);
  linkSync(fresh, box.path('hard'));
  symlinkSync(fresh, box.path('soft'));
  const tiny = box.image('tiny.img', 3 * MIB);
  const other = box.image('other.img', 64 * MIB);
  await box.ok(['mkfs', other]);
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['SAME_DAXDEV', [fresh, fresh]],
    ['SAME_DAXDEV', [fresh, 'hard']],
    ['SAME_DAXDEV', [fresh, 'soft']],
    ['ALREADY_MEMBER', [fresh, primary]],
    ['ALREADY_MEMBER', [fresh, member]],
    ['TOO_SMALL', [fresh, tiny]],
    ['HAS_FAMFS', [fresh, other]],
    ['DEVICE_OPEN', [fresh, 'none.img']],
  ];
  for (const [code, devices] of rows) {
    assert.equal((await box.error(['daxdev', 'add', ...devices])).code, code, devices.join(' '));
    assert.match((await box.run(['info', '--dev', fresh])).stderr, /no famfs on/);
  }
  assert.equal((await box.list()).daxdevs.length, 2);
  box.becomeHost('99999999-2222-4333-8444-555555555555');
  assert.equal((await box.error(['daxdev', 'add', fresh])).code, 'NOT_MASTER');
});

test('a file system of an older format gets no further daxdev', async () => {
  const box = new PoolSandbox();
  const [primary = ''] = await box.makePool(64);
  box.damage(primary, 'formatMinor', 1);
  const fresh = box.image('fresh.img', 64 * MIB);
  assert.equal((await box.error(['daxdev', 'add', fresh])).code, 'OLD_FORMAT');
  await box.ok(['creat', '-s', '2M', 'f']);
  assert.deepEqual([(await box.fsck()).exitCode, (await box.list()).orphans], [0, []]);
});

test('a pool has 64 daxdevs at most', async () => {
  const box = new PoolSandbox();
  const images = Array.from({ length: 65 }, (_, i) => box.image(`m${i}.img`, 16 * MIB));
  assert.equal((await box.error(['mkfs', ...images])).code, 'TOO_MANY_DAXDEVS');
  await box.ok(['mkfs', ...images.slice(0, 63)]);
  box.env.FAMFS_DEV = images[0] as string;
  assert.equal((await box.error(['daxdev', 'add', ...images.slice(63)])).code, 'TOO_MANY_DAXDEVS');
  await box.ok(['daxdev', 'add', images[63] as string]);
  assert.equal((await box.error(['daxdev', 'add', images[64] as string])).code, 'TOO_MANY_DAXDEVS');
  assert.equal((await box.list()).daxdevs.length, 64);
  assert.equal((await box.fsck()).exitCode, 0);
});

test('any daxdev leads to its pool, whatever the files are called', async () => {
  const box = new PoolSandbox();
  const paths = await box.makePool(64, 64, 64);
  await box.ok(['creat', '-s', '20M', '--stripes', '3', 'f']);
  mkdirSync(box.path('elsewhere'));
  const names = ['zebra', 'a.bin', 'p0.img'].map((name) => box.path(`elsewhere/${name}`));
  for (const [i, path] of paths.entries()) renameSync(path, names[i] as string);
  for (const name of names) {
    box.env.FAMFS_DEV = name;
    assert.equal(await box.ok(['ls']), 'f\n');
    assert.equal((await box.fsck()).exitCode, 0);
    assert.deepEqual(
      (await box.list()).daxdevs.map(({ path, state }) => [path, state]),
      names.map((path) => [path, 'present']),
    );
  }
});

test('daxdev resolve prints the path of a uuid', async () => {
  const box = new PoolSandbox();
  const paths = await box.makePool(64, 64);
  const { daxdevs } = await box.list();
  for (const [i, { uuid }] of daxdevs.entries())
    assert.equal(await box.ok(['daxdev', 'resolve', uuid.toUpperCase()]), `${paths[i]}\n`);
  assert.equal((await box.error(['daxdev', 'resolve', 'abc'])).code, 'USAGE');
  const none = await box.error(['daxdev', 'resolve', '00000000-1111-2222-3333-444444444444']);
  assert.equal(none.code, 'MISSING_DAXDEV');
  copyFileSync(paths[1] as string, box.path('copy.img'));
  assert.equal((await box.error(['daxdev', 'resolve', daxdevs[1]?.uuid ?? ''])).code, 'AMBIGUOUS_DAXDEV');
  assert.equal(
    await box.ok(['daxdev', 'resolve', '--dev', 'copy.img', daxdevs[1]?.uuid ?? '']),
    `${box.path('copy.img')}\n`,
  );
});

test('a daxdev that is missing, foreign, damaged, copied or of another size is said to be so', async () => {
  const box = new PoolSandbox();
  const paths = await box.makePool(64, 64, 64, 64, 64, 64);
  const [, missing = '', foreign = '', damaged = '', copied = '', grown = ''] = paths;
  renameSync(missing, box.path('away'));
  box.damage(box.path('away'), 'magic', 0);
  box.damage(foreign, 'fsUuid', '99999999-2222-4333-8444-555555555555');
  box.damage(damaged, 'systemUuid', '99999999-2222-4333-8444-555555555555', false);
  copyFileSync(copied, box.path('copy.img'));
  truncateSync(grown, 128 * MIB);
  const { stdout, stderr } = await box.run(['daxdev', 'list', '--json']);
  const { daxdevs } = JSON.parse(stdout) as { daxdevs: { state: string }[] };
  assert.deepEqual(
    daxdevs.map(({ state }) => state),
    ['present', 'missing', 'foreign', 'damaged', 'ambiguous', 'wrong size'],
  );
  assert.equal(stderr.match(/MISSING_DAXDEV/g)?.length, 1, stderr);
  const codes = ['MISSING_DAXDEV', 'FOREIGN_DAXDEV', 'SUPERBLOCK_DAMAGED', 'AMBIGUOUS_DAXDEV', 'WRONG_SIZE'];
  for (const [i, code] of codes.entries())
    assert.equal((await box.error(['creat', '-s', '2M', '--daxdevs', `0,${i + 1}`, 'x'])).code, code);
  await box.ok(['creat', '-s', '4M', '--stripes', '2', 'only-here']);
  const { extents } = (await box.json<{ files: { extents: { daxdev: number }[] }[] }>(['showfmap', 'only-here']))
    .files[0] as { extents: { daxdev: number }[] };
  assert.deepEqual(new Set(extents.map(({ daxdev }) => daxdev)), new Set([0]));
});

test('only daxdevs of one pool may be named together', async () => {
  const box = new PoolSandbox();
  const [primary = '', member = ''] = await box.makePool(64, 64);
  const other = box.image('other.img', 64 * MIB);
  await box.ok(['mkfs', other]);
  const blank = box.image('blank.img', 64 * MIB);
  assert.equal((await box.error(['ls', '--dev', primary, '--dev', other])).code, 'AMBIGUOUS');
  assert.equal((await box.error(['ls', '--dev', other, '--dev', member])).code, 'NOT_A_MEMBER');
  assert.equal((await box.error(['ls', '--dev', primary, '--dev', blank])).code, 'NOT_A_MEMBER');
  mkdirSync(box.path('gone'));
  renameSync(primary, box.path('gone/p0.img'));
  assert.equal((await box.error(['ls', '--dev', member])).code, 'NO_PRIMARY');
});

/** mkfs of several daxdevs: what it makes, and what it refuses. */
import assert from 'node:assert/strict';
import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { viewOf } from '../../../src/format/struct.js';
import { superblockStruct } from '../../../src/format/superblock.js';
import { watchImages } from '../../support/head.js';
import { overwrite, PoolSandbox } from '../../support/pool.js';
import { firstBytes, MIB, OTHER_UUID } from '../../support/sandbox.js';

function superblockOf(path: string) {
  return superblockStruct.read(viewOf(firstBytes(path, superblockStruct.size)), 0);
}

test('superblocks of a pool follow the format', async () => {
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
  assert.match(await box.ok(['logplay']), new RegExp(`daxdev +2 uuid ${uuids[2]} size ${66 * MIB}`));
});

test('a file system on one daxdev has flags 0', async () => {
  const box = new PoolSandbox();
  const [path = ''] = await box.makePool(64);
  assert.equal(superblockOf(path).flags, 0);
  const bytes = firstBytes(path, 2 * MIB).subarray(superblockStruct.size);
  assert.ok(
    bytes.every((byte) => byte === 0),
    'only the superblock is written in its region',
  );
});

test('mkfs checks all devices before it writes to the first', async () => {
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
  overwrite(blank, 32 * MIB, Buffer.from('what was here before'));
  const isUnchanged = watchImages([blank, other]);
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
    assert.ok(isUnchanged(), code);
  }
  assert.equal((await box.error(['mkfs', '--loglen', '9M', blank, other])).code, 'BAD_LOG_LENGTH');
  assert.equal((await box.error(['mkfs', '--stripes', '2', '--chunk', '3M', blank, other])).code, 'BAD_LAYOUT');
  assert.equal((await box.error(['mkfs', '--chunk', '2M', blank, other])).code, 'USAGE');
  assert.equal((await box.error(['mkfs', '--stripes', '17', blank, other])).code, 'USAGE');
  assert.equal((await box.error(['mkfs', '--kill', '--force', '--stripes', '2', blank])).code, 'USAGE');
  await box.ok(['mkfs', '--dry-run', blank, other]);
  assert.ok(isUnchanged());
});

test('a member of a pool of another host needs --force twice', async () => {
  const box = new PoolSandbox();
  const [, taken = ''] = await box.makePool(64, 64);
  const mine = box.image('mine', 64 * MIB);
  box.becomeHost(OTHER_UUID);
  assert.equal((await box.error(['mkfs', mine, taken])).code, 'OTHER_HOST');
  assert.equal((await box.error(['mkfs', '-f', mine, taken])).code, 'OTHER_HOST');
  await box.ok(['mkfs', '-f', '-f', mine, taken]);
  assert.equal((await box.fsck('--dev', mine)).exitCode, 0);
});

test('--kill kills all daxdevs of a pool', async () => {
  const box = new PoolSandbox();
  const paths = await box.makePool(64, 64);
  assert.match(await box.ok(['mkfs', '--force', '--kill', ...paths]), /p1\.img: famfs was killed/);
  for (const path of paths) assert.equal((await box.error(['info', '--dev', path])).code, 'NO_FAMFS');
});

test('mkfs refuses a daxdev that a mounted pool uses', async () => {
  const box = new PoolSandbox();
  const [primary = '', member = ''] = await box.makePool(64, 64);
  mkdirSync(box.path('sysroot/proc'), { recursive: true });
  writeFileSync(box.path('sysroot/proc/mounts'), `${primary} /mnt/pool famfs rw 0 0\n`);
  assert.equal((await box.error(['mkfs', '-f', member])).code, 'MOUNTED');
  const fresh = box.image('fresh', 64 * MIB);
  assert.equal((await box.error(['mkfs', '-f', fresh, member])).code, 'MOUNTED');
  await box.ok(['mkfs', fresh]);
});

test('old content in the superblock region of a secondary is cleared, by mkfs and by daxdev add', async () => {
  const box = new PoolSandbox();
  const [primary = '', secondary = '', added = ''] = box.images(64, 64, 64);
  for (const path of [secondary, added]) overwrite(path, 4096, Buffer.alloc(2 * MIB - 4096, 0xa5));
  await box.ok(['mkfs', '--force', primary, secondary]);
  box.env.FAMFS_DEV = primary;
  await box.ok(['daxdev', 'add', '--force', added]);
  for (const path of [secondary, added]) {
    const region = firstBytes(path, 2 * MIB).subarray(superblockStruct.size);
    assert.ok(
      region.every((byte) => byte === 0),
      path,
    );
  }
});

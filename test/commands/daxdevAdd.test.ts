/** Growing a pool. */
import assert from 'node:assert/strict';
import { linkSync, symlinkSync } from 'node:fs';
import { test } from 'node:test';
import { PoolSandbox } from '../support/pool.js';
import { MIB, OTHER_UUID } from '../support/sandbox.js';

test('a daxdev joins a pool, and new files use it', async () => {
  const box = new PoolSandbox();
  const [primary = '', added = ''] = [...(await box.makePool(64)), box.image('new.img', 128 * MIB)];
  const { daxdevs } = await box.json<{ daxdevs: { daxdev: number; size: number }[] }>(['daxdev', 'add', added]);
  assert.deepEqual(
    daxdevs.map(({ daxdev, size }) => [daxdev, size]),
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

test('devadd is an alias of daxdev add; a dry run changes nothing', async () => {
  const box = new PoolSandbox();
  await box.makePool(64);
  const added = box.image('new.img', 64 * MIB);
  assert.match(await box.ok(['devadd', '--dry-run', added]), /would be added as daxdev 1/);
  assert.equal((await box.list()).daxdevs.length, 1);
  assert.match(await box.ok(['devadd', added]), /added as daxdev 1/);
  assert.equal((await box.list()).daxdevs.length, 2);
});

test('a daxdev that cannot join is refused before anything is written', async () => {
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
  box.becomeHost(OTHER_UUID);
  assert.equal((await box.error(['daxdev', 'add', fresh])).code, 'NOT_MASTER');
});

test('a file system of an older format takes no further daxdev', async () => {
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

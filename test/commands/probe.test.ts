import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProbeDocument } from '../../src/commands/probe.js';
import { PoolSandbox } from '../support/pool.js';
import { MIB } from '../support/sandbox.js';

test('probe says what is on a device, and exits 2 where there is nothing', async () => {
  const box = new PoolSandbox();
  const [primary = '', second = '', blank = ''] = box.images(64, 64, 64);
  await box.ok(['mkfs', '--label', 'x y', primary, second]);
  const { state, size, superblock } = await box.json<ProbeDocument>(['probe', primary]);
  assert.deepEqual([state, size, superblock?.role, superblock?.label], ['valid', 64 * MIB, 'primary', 'x y']);
  const other = (await box.json<ProbeDocument>(['probe', second])).superblock;
  assert.deepEqual([other?.role, other?.label, other?.fsUuid], ['secondary', null, superblock?.fsUuid]);
  assert.match(await box.ok(['probe', second]), /p1\.img: famfs \S+, secondary \S+, 64M, format 2\.2\n$/);
  const none = await box.run(['probe', blank]);
  assert.deepEqual([none.exitCode, none.stdout], [2, `${blank}: no famfs\n`]);
  assert.deepEqual((await box.run(['probe', '--export', blank])).stdout, '');
  const nothing = await box.run(['probe', '--json', blank]);
  assert.equal((JSON.parse(nothing.stdout) as ProbeDocument).superblock, null);
});

test('probe prints the keys of udev as udev takes them', async () => {
  const box = new PoolSandbox();
  const [image = ''] = box.images(64);
  const uuid = 'abcdef01-2345-4678-9abc-def012345678';
  await box.ok(['mkfs', '--uuid', uuid.toUpperCase(), '--label', "a b'é", image]);
  const lines = (await box.ok(['probe', '--export', image])).split('\n');
  for (const line of [
    'ID_FS_TYPE=famfs',
    `ID_FS_UUID=${uuid}`,
    'ID_FS_LABEL=a_b_é',
    'ID_FS_LABEL_ENC=a\\x20b\\x27é',
    'FAMFS_DAXDEV_ROLE=primary',
    'FAMFS_STATE=valid',
  ])
    assert.ok(lines.includes(line), `${line}: ${lines.join(' ')}`);
});

test('a damaged famfs is one, and wrong usage exits 4', async () => {
  const box = new PoolSandbox();
  const [image = ''] = await box.makePool(64);
  box.damage(image, 'fsUuid', '00000000-1111-4222-8333-444444444444', false);
  const { exitCode, stdout } = await box.run(['probe', image]);
  assert.equal(exitCode, 0);
  assert.match(stdout, /damaged superblock/);
  assert.match(await box.ok(['probe', '--export', image]), /^FAMFS_STATE=damaged$/m);
  box.damage(image, 'version', 99);
  assert.match(await box.ok(['probe', image]), /another version/);
  assert.equal((await box.run(['probe'])).exitCode, 4);
  assert.equal((await box.run(['probe', '--export', '--json', image])).exitCode, 4);
  assert.equal((await box.run(['probe', 'missing'])).exitCode, 1);
});

import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { test } from 'node:test';
import { Head } from '../support/head.js';
import { MIB, Sandbox } from '../support/sandbox.js';

const TRUNCATE = ['truncate', '--clients-unmounted', '-s'];

test('truncate cuts files, and frees the allocation units that they no longer need', async () => {
  const sandbox = new Sandbox();
  const image = await sandbox.makeFs(128 * MIB);
  await sandbox.ok(['creat', '--seed', '5', '-s', '9M', 'a']);
  await sandbox.ok(['creat', '--seed', '5', '-s', '16M', '--stripes', '3', '--chunk', '2M', 'b']);
  const cut = async (size: string, ...paths: string[]) => {
    const { freed } = await sandbox.json<{ freed: number }>([...TRUNCATE, size, ...paths]);
    const { entries } = await sandbox.json<{ entries: { size: number; layout: string; allocated: number }[] }>([
      'stat',
      ...paths,
    ]);
    assert.equal((await sandbox.run(['fsck', '-n', image])).exitCode, 0);
    await sandbox.ok(['verify', '-S', '5', ...paths]);
    return [freed / MIB, ...entries.map(({ size, layout, allocated }) => `${size} ${layout} ${allocated / MIB}`)];
  };
  // 8 units of a stripe of 3: three strips of 6 MiB
  assert.deepEqual(await cut('8191k', 'a', 'b'), [8, '8387584 simple 8', '8387584 interleaved 12']);
  assert.deepEqual(await cut('2M', 'b'), [6, '2097152 interleaved 6']);
  assert.deepEqual(await cut('2097151', 'b'), [4, '2097151 simple 2']);
  assert.deepEqual(await cut('1', 'a', 'b'), [6, '1 simple 2', '1 simple 2']);
  const before = new Head(image, statSync(image).size);
  assert.equal((await sandbox.error([...TRUNCATE, '2', 'a'])).code, 'BAD_SIZE');
  assert.equal((await sandbox.error([...TRUNCATE, '0', 'a'])).exitCode, 2);
  assert.equal((await sandbox.error([...TRUNCATE, '1', '/'])).code, 'NOT_A_FILE');
  assert.equal((await sandbox.error(['truncate', '--clients-unmounted', 'a'])).exitCode, 2);
  assert.deepEqual((await sandbox.json([...TRUNCATE, '1', 'a'])).unchanged, true);
  assert.ok(before.isUnchanged());
});

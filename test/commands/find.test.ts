import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BalanceDocument } from '../../src/commands/balance.js';
import type { FindDocument } from '../../src/commands/find.js';
import { PoolSandbox } from '../support/pool.js';
import { MIB } from '../support/sandbox.js';

async function pool(): Promise<PoolSandbox> {
  const sandbox = new PoolSandbox();
  await sandbox.makePool(64, 64, 64);
  await sandbox.ok(['mkdir', '-p', 'a/b', 'z']);
  for (const [path, ...argv] of [
    ['a/one.bin', '-s', '3M', '--daxdevs', '1'],
    ['a/b/two.bin', '-s', '9M', '--stripes', '2', '--chunk', '2M', '--daxdevs', '1,2'],
    ['a/b/.dot', '-s', '1', '--daxdevs', '0'],
    ['three', '-s', '6M', '--daxdevs', '2', '--simple'],
    ['z/four.bin', '-s', '1M', '--daxdevs', '0'],
  ] as const)
    await sandbox.ok(['creat', path, ...argv]);
  return sandbox;
}

const ALL = ['', 'a', 'a/b', 'a/b/.dot', 'a/b/two.bin', 'a/one.bin', 'three', 'z', 'z/four.bin'];

test('find lists what meets all conditions', async () => {
  const sandbox = await pool();
  const find = async (...argv: string[]) =>
    (await sandbox.json<FindDocument>(['find', ...argv])).entries.map(({ path }) => path);
  assert.deepEqual(await find(), ALL);
  assert.deepEqual(await find('a/b', 'a/b/.dot', 'three'), ['a/b', 'a/b/.dot', 'a/b/two.bin', 'three']);
  assert.deepEqual(await find('--type', 'd'), ['', 'a', 'a/b', 'z']);
  assert.deepEqual(await find('--name', '*.bin', 'a'), ['a/b/two.bin', 'a/one.bin']);
  assert.deepEqual(await find('--name', '[!a-s]*'), ['a/b/.dot', 'a/b/two.bin', 'three', 'z']);
  assert.deepEqual(await find('--size', '+3M'), ['a/b/two.bin', 'three']);
  assert.deepEqual(await find('--size=-3M'), ['a/b/.dot', 'z/four.bin']);
  assert.deepEqual(await find('--size', '3M'), ['a/one.bin']);
  assert.deepEqual(await find('--daxdev', '2', '--name', 't*'), ['a/b/two.bin', 'three']);
  assert.deepEqual(await find('--at', '4'), ['', 'a', 'a/b']);
  assert.equal(await sandbox.ok(['find', 'a']), '/a\n/a/b\n/a/b/.dot\n/a/b/two.bin\n/a/one.bin\n');
  assert.equal(await sandbox.ok(['find', '-0', '--type', 'f', 'a/b']), '/a/b/.dot\0/a/b/two.bin\0');
});

test('find --daxdev finds the files that balance says a loss costs', async () => {
  const sandbox = await pool();
  const { daxdevs } = await sandbox.json<BalanceDocument>(['balance']);
  for (const { daxdev, uuid, files, fileBytes, used } of daxdevs) {
    const found = await sandbox.json<FindDocument>(['find', '--daxdev', String(daxdev)]);
    assert.deepEqual([found.files, found.fileBytes, found.allocated], [files, fileBytes, used]);
    assert.equal(
      found.entries.reduce((sum, { allocated }) => sum + (allocated ?? 0), 0),
      used,
    );
    assert.deepEqual(await sandbox.json(['find', '--daxdev', uuid]), found);
  }
  assert.match(
    await sandbox.ok(['find', '-l', '--daxdev', '1', '/']),
    /^ +9M +6M there {2}\/a\/b\/two\.bin\n +3M +4M there {2}\/a\/one\.bin\n2 files of 12M, 10M allocated there: its loss would cost/,
  );
  const all = await sandbox.json<FindDocument>(['find']);
  assert.deepEqual([all.files, all.fileBytes, all.allocated], [5, 19 * MIB + 1, null]);
});

test('wrong use', async () => {
  const sandbox = await pool();
  for (const argv of [
    ['-l', '-0'],
    ['--type', 'x'],
    ['--type', 'd', '--size', '1'],
    ['--type', 'd', '--daxdev', '1'],
    ['--size', 'x'],
    ['--size', '+-1'],
    ['--name', ''],
  ])
    assert.equal((await sandbox.error(['find', ...argv])).code, 'USAGE', argv.join(' '));
  assert.equal((await sandbox.error(['find', '--daxdev', '3'])).code, 'NO_DAXDEV');
  assert.equal((await sandbox.error(['find', 'nothing'])).code, 'NO_ENTRY');
});

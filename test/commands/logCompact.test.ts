import assert from 'node:assert/strict';
import { test } from 'node:test';
import { overwrite, PoolSandbox } from '../support/pool.js';
import { MIB } from '../support/sandbox.js';

test('log compact drops entries that cannot be used, if that is asked for', async () => {
  const sandbox = new PoolSandbox();
  const image = await sandbox.makeFs(64 * MIB);
  for (const name of ['a', 'b', 'c']) await sandbox.ok(['creat', '--seed', '5', '-s', '3M', name]);
  const compact = ['log', 'compact', '--clients-unmounted'];
  assert.deepEqual((await sandbox.json(compact)).unchanged, true);
  // the path of the second entry, without its crc
  overwrite(image, 2 * MIB + 48 + 544 + 40, Buffer.from('damaged by a test'));
  assert.equal((await sandbox.error(compact)).code, 'LOG_DAMAGED');
  const { entriesBefore, entriesAfter, dropped, freed } = await sandbox.json([...compact, '-n', '--drop-skipped']);
  assert.deepEqual([entriesBefore, entriesAfter, dropped, freed], [3, 2, 1, 4 * MIB]);
  assert.equal((await sandbox.fsck('-n', image)).exitCode, 4);
  await sandbox.ok([...compact, '--drop-skipped']);
  const { exitCode, findings } = await sandbox.fsck('-n', image);
  assert.deepEqual([exitCode, findings], [0, []]);
  assert.equal(await sandbox.ok(['ls']), 'a\nc\n');
  await sandbox.ok(['verify', '-S', '5', 'a', 'c']);
  await sandbox.ok(['creat', '-s', '4M', 'again']);
});

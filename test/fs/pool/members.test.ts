import assert from 'node:assert/strict';
import { mkdirSync, renameSync } from 'node:fs';
import { test } from 'node:test';
import { PoolSandbox } from '../../support/pool.js';

interface File {
  readonly extents: readonly { daxdev: number; deviceOffset: number; length: number }[];
}

test('a pool with a missing member can be read, warns once, and refuses what needs the member', async () => {
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

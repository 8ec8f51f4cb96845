import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { test } from 'node:test';
import { PoolSandbox } from '../support/pool.js';

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

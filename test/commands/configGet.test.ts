import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConfigGetDocument } from '../../src/commands/configGet.js';
import { ConfigSandbox } from '../support/settings.js';

test('config get prints the value in force, or its default; without either, its exit code is 1', async () => {
  const box = new ConfigSandbox();
  box.env.FAMFS_CONFIG = box.write('own.conf', 'interleave:', '  chunk: 4M', 'devices:', '  dev: [a.img, LABEL=x]');
  assert.equal(await box.ok(['config', 'get', 'interleave.chunk']), '4194304\n');
  assert.equal(await box.ok(['config', 'get', 'devices.dev']), `${box.folder}/a.img\nLABEL=x\n`);
  assert.equal(await box.ok(['config', 'get', 'interleave.policy']), 'random\n');
  const { value, origin } = await box.json<ConfigGetDocument>(['config', 'get', 'interleave.chunk']);
  assert.deepEqual([value, origin], [4 * 1024 ** 2, `${box.env.FAMFS_CONFIG}:2`]);
  const unset = await box.run(['config', 'get', 'interleave.stripes']);
  assert.deepEqual([unset.exitCode, unset.stdout, unset.stderr], [1, '', '']);
  // the place that comes later wins
  box.env.FAMFS_CHUNK = '2M';
  assert.equal(await box.ok(['config', 'get', 'interleave.chunk']), '2097152\n');
  box.env.FAMFS_STRIPES = '3';
  assert.equal(await box.ok(['config', 'get', 'interleave.stripes']), '3\n');
});

test('a key that is wrong is refused, with the right one', async () => {
  const box = new ConfigSandbox();
  for (const [key, hint] of [
    ['interleave.stripe', /did you mean interleave\.stripes/],
    ['interleave.nstrips', /here it is interleave\.stripes/],
    ['interleave.nbuckets', /means nothing here/],
    ['stripes', /stripes/],
  ] as const) {
    const error = await box.error(['config', 'get', key]);
    assert.equal(error.code, 'USAGE', key);
    assert.match(error.hint ?? '', hint, key);
  }
});

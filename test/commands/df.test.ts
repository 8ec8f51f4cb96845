import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GOLDEN_MASTER, goldenImage } from '../support/golden.js';
import { MIB, Sandbox } from '../support/sandbox.js';

test('df gives the space in use and free', async () => {
  const sandbox = new Sandbox(GOLDEN_MASTER);
  const dev = ['--dev', goldenImage('g2', sandbox.folder)];
  const df = await sandbox.json<Record<string, unknown>>(['df', ...dev]);
  assert.equal(df.free, 3_078_619_136);
  assert.equal(df.used, 1_216_348_160 - 10 * MIB);
  assert.match(await sandbox.ok(['df', '-h', ...dev]), /2.9G/);
});

test('commands that take no other argument take a device as one', async () => {
  const sandbox = new Sandbox(GOLDEN_MASTER);
  const image = goldenImage('g2', sandbox.folder);
  for (const argv of [['df'], ['info'], ['logplay'], ['daxdev', 'list']]) {
    const expected = await sandbox.ok([...argv, '--dev', image]);
    assert.equal(await sandbox.ok([...argv, image]), expected);
    assert.equal(await sandbox.ok(['--dev', image, ...argv]), expected);
    assert.equal(await sandbox.ok([...argv, '--', image]), expected);
    const { code } = await sandbox.error([...argv, 'nothing']);
    assert.equal(code, 'DEVICE_OPEN', argv.join(' '));
  }
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { goldenFile } from '../support/golden.js';
import { Sandbox } from '../support/sandbox.js';

const sandbox = new Sandbox();

test('fmap check names the rule and the errno, and exits 1', async () => {
  const golden = readFileSync(goldenFile('g2.fmap3.bin'));
  golden.writeUInt32LE(24, 32);
  const stdin = () => Readable.from([golden]);
  const { exitCode, stdout } = await sandbox.run(['fmap', 'check', '--json'], { stdin: stdin() });
  const { errno, findings } = JSON.parse(stdout);
  assert.deepEqual([exitCode, errno, findings[0].rule], [1, 'EINVAL', 'V2_DEVICE']);
  assert.match((await sandbox.run(['fmap', 'check', '-'], { stdin: stdin() })).stdout, /V2_DEVICE \(EINVAL\)/);
  assert.equal((await sandbox.run(['fmap', 'check', '--revision', 'v10'], { stdin: stdin() })).exitCode, 0);
});

test('fmap check takes any bytes', async () => {
  for (const bytes of [Buffer.alloc(0), Buffer.alloc(31, 255), Buffer.alloc(4000, 255), Buffer.alloc(80, 1)]) {
    const stdin = () => Readable.from([bytes]);
    const checked = await sandbox.run(['fmap', 'check', '--json'], { stdin: stdin() });
    assert.equal(checked.exitCode, 1, checked.stderr);
    assert.equal((await sandbox.run(['fmap', 'check', '--form', 'd'], { stdin: stdin() })).exitCode, 1);
  }
  assert.equal((await sandbox.error(['fmap', 'check', 'nosuch'])).code, 'FMAP_UNREADABLE');
});

for (const argv of [
  ['--daxdevs', '65'],
  ['--form', 'x'],
]) {
  test(`wrong use: ${argv.join(' ')}`, async () => {
    assert.equal((await sandbox.run(['fmap', 'check', ...argv])).exitCode, 2);
  });
}

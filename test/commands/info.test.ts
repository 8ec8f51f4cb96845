import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InfoDocument } from '../../src/commands/info.js';
import { GOLDEN_MASTER, goldenImage } from '../support/golden.js';
import { Sandbox } from '../support/sandbox.js';

test('info gives identity, role and log use', async () => {
  const sandbox = new Sandbox(GOLDEN_MASTER);
  const dev = ['--dev', goldenImage('g2', sandbox.folder)];
  const info = await sandbox.json<InfoDocument>(['info', ...dev]);
  assert.equal(info.fsUuid, '14b4a1fd-435a-46b6-8720-1fcd053eac2d');
  assert.equal(info.role, 'Master');
  assert.equal(info.log.bytesUsed, 7120);
  assert.equal(info.primary.deviceName, '/dev/dax0.0');
});

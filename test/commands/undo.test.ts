import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { GOLDEN_MASTER, goldenImage } from '../support/golden.js';
import { pokeHeader } from '../support/patch.js';
import { firstBytes, MIB, Sandbox } from '../support/sandbox.js';

const META = 10 * MIB;
const sandbox = new Sandbox(GOLDEN_MASTER);

test('undo refuses bytes that changed after the repair, unless --force is given', async () => {
  const image = goldenImage('g2', sandbox.folder, (i) => pokeHeader(i, 'nextSequence', 14));
  const undo = join(sandbox.folder, 'changed.undo');
  assert.equal((await sandbox.run(['fsck', '-p', '--undo', undo, image])).exitCode, 1);
  await sandbox.ok(['creat', '-s', '2M', 'later', '--dev', image]);
  const before = firstBytes(image, META);
  assert.equal((await sandbox.error(['undo', undo])).code, 'CHANGED_SINCE');
  assert.ok(firstBytes(image, META).equals(before));
  await sandbox.ok(['undo', '--force', undo]);
});

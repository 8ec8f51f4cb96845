import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GOLDEN_MASTER, goldenImage } from '../support/golden.js';
import { Sandbox } from '../support/sandbox.js';

test('stat describes a directory and an interleaved file of the golden image', async () => {
  const sandbox = new Sandbox(GOLDEN_MASTER);
  const dev = ['--dev', goldenImage('g3', sandbox.folder)];
  assert.match(
    await sandbox.ok(['stat', 'il', 'il/k_8x1x2m_9m', ...dev]),
    /Type: directory[\s\S]*Layout: interleaved, 1 strip, chunk 2097152/,
  );
});

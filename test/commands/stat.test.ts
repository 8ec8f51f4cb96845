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

test('stat says what a file wastes, and who made what', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs();
  await sandbox.ok(['creat', '-s', '3000000', 'f', '--uid', '0', '--gid', '0']);
  assert.equal(
    await sandbox.ok(['stat', '/', 'f']),
    `  Path: /
  Type: directory   Size: 0   Mode: 0755   Uid: 0   Gid: 0
  Made: by mkfs
  Path: /f
  Type: file   Size: 3000000   Mode: 0644   Uid: 0   Gid: 0
  Made: by log entry 0
  Allocated: 4194304   Slack: 1194304   Layout: simple, 1 extent
`,
  );
});

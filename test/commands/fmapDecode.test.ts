import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { GOLDEN_MASTER, goldenImage } from '../support/golden.js';
import { Sandbox } from '../support/sandbox.js';

const sandbox = new Sandbox(GOLDEN_MASTER);
const g3 = goldenImage('g3', sandbox.folder);

test('maps of all files of g3 survive both forms, and kernels accept them', async () => {
  type Row = { path: string; type: string; size: number; extents: object[]; hex: string };
  const { files } = await sandbox.json<{ files: Row[] }>(['showfmap', '--all', '--dev', g3]);
  for (const form of ['v2', 'd']) {
    const { files: messages } = await sandbox.json<{ files: Row[] }>([
      'showfmap',
      '--all',
      '--format',
      form,
      '--dev',
      g3,
    ]);
    assert.equal(messages.length, files.length);
    for (const [i, { hex, path }] of messages.entries()) {
      const { path: _, ...expected } = files[i] as Row;
      const file = join(sandbox.folder, 'message.bin');
      writeFileSync(file, Buffer.from(hex, 'hex'));
      const decoded = await sandbox.json(['fmap', 'decode', file, '--size', String(expected.size)]);
      assert.deepEqual([decoded.form, decoded.map], [form, expected], `${form} ${path}`);
      const { accepted } = await sandbox.json(['fmap', 'check', file]);
      assert.equal(accepted, true);
    }
  }
});

test('fmap decode takes any bytes', async () => {
  for (const bytes of [Buffer.alloc(0), Buffer.alloc(31, 255), Buffer.alloc(4000, 255), Buffer.alloc(80, 1)])
    assert.equal((await sandbox.run(['fmap', 'decode'], { stdin: Readable.from([bytes]) })).exitCode, 0);
  assert.equal((await sandbox.error(['fmap', 'decode', '/dev/zero'])).code, 'FMAP_LARGE');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GOLDEN_MASTER, goldenImage } from '../support/golden.js';
import { Sandbox } from '../support/sandbox.js';

test('ls lists the golden tree, and reports a missing path', async () => {
  const sandbox = new Sandbox(GOLDEN_MASTER);
  const dev = ['--dev', goldenImage('g2', sandbox.folder)];
  assert.equal(
    await sandbox.ok(['ls', ...dev]),
    'dir1/\nf4095\nf4096\nname_with_79_characters_exactly_so_that_it_fits_in_fm_relpath_with_one_nul_byte\none_byte\n',
  );
  const long = await sandbox.ok(['ls', '-l', '/dir1', 'one_byte', ...dev]);
  assert.match(long, /^-rw-r--r-- +0 +0 +1 one_byte\n\n\/dir1:\n-rwsr-xr-x 12345 54321 +1073741824 f1g\n/);
  assert.match(await sandbox.ok(['ls', '-lhR', ...dev]), /1G f1g\n[\s\S]*drwxrwxrwt +0 +0 +0 deep\//);
  const error = await sandbox.error(['ls', 'nothing', ...dev]);
  assert.deepEqual([error.exitCode, error.code], [1, 'NO_ENTRY']);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCommand } from '../support/runCommand.js';

test('the completion command prints the script', async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { exitCode, stdout } = await runCommand(['completion', shell]);
    assert.equal(exitCode, 0);
    assert.match(stdout, /fsck/);
  }
  const { exitCode, stderr } = await runCommand(['completion', 'tcsh']);
  assert.equal(exitCode, 2);
  assert.equal(stderr, "famfs completion: unknown shell 'tcsh'; known are bash, zsh, fish\n");
});

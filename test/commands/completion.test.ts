import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCommand } from '../support/runCommand.js';
import { Sandbox } from '../support/sandbox.js';

test('the completion command prints the script', async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { exitCode, stdout } = await runCommand(['completion', shell]);
    assert.equal(exitCode, 0);
    assert.match(stdout, /fsck/);
    const file = join(new Sandbox().folder, shell);
    writeFileSync(file, stdout);
    const { status, error } = spawnSync(shell, ['-n', file]);
    assert.ok(status === 0 || (error as NodeJS.ErrnoException)?.code === 'ENOENT', `${shell} -n: ${status}`);
  }
  const { exitCode, stderr } = await runCommand(['completion', 'tcsh']);
  assert.equal(exitCode, 2);
  assert.equal(stderr, "famfs completion: unknown shell 'tcsh'; the known shells are bash, zsh, fish\n");
});

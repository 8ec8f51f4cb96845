/** Peak memory does not depend on file size, mapped pages of the image included. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FAMFS, runProcess } from '../support/famfs.js';
import { GIB, MIB, Sandbox } from '../support/sandbox.js';

/** docs/data.md, "Tests" */
const SIZE = process.env.FAMFS_TEST_LONG ? 4 * GIB : 128 * MIB;
const MOST = 120 * MIB;

test('filling, verifying and copying a large interleaved file needs little memory', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs(2 * SIZE + 64 * MIB);
  const hook = join(sandbox.folder, 'peak.cjs');
  writeFileSync(hook, "process.on('exit', () => process._rawDebug('peak', process.resourceUsage().maxRSS));");
  const env = { ...sandbox.env, NODE_OPTIONS: `--require=${hook}` };
  for (const argv of [
    ['creat', '-s', String(SIZE), '--stripes', '16', '--seed', '3', 'a'],
    ['verify', '--seed', '3', 'a'],
    ['get', '--verify', 'a', join(sandbox.folder, 'copy')],
    ['cp', '--stripes', '16', join(sandbox.folder, 'copy'), 'b'],
  ]) {
    const { exitCode, stderr } = await runProcess(FAMFS, argv, env);
    assert.equal(exitCode, 0, `${argv.join(' ')}: ${stderr}`);
    const peak = Number(/peak (\d+)/.exec(stderr)?.[1]) * 1024;
    assert.ok(peak < MOST, `${argv.join(' ')}: ${peak} bytes`);
  }
});

/** The library as programs import it: dist/library.js, and the examples. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../support/root.js';
import { Sandbox } from '../support/sandbox.js';
import { runExamples } from './examples.js';

test('the examples do what they say', async () => {
  await runExamples([process.execPath], join(ROOT, 'examples'), new Sandbox().folder);
});

test('a program that uses the library keeps its signals, its output and its end', () => {
  const program = `
    const listeners = () => ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'uncaughtException', 'exit'].map((name) => process.listenerCount(name));
    const before = listeners();
    const { openFamfs, checkFamfs, makeFamfs } = await import('famfs');
    for (const failing of [openFamfs('/nowhere'), checkFamfs('/nowhere'), makeFamfs('/nowhere')])
      await failing.then(() => { throw new Error('no error'); }, (error) => { if (error.code !== 'DEVICE_OPEN') throw error; });
    console.log(JSON.stringify([before, listeners(), process.exitCode ?? null]));`;
  const options = { cwd: ROOT, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], options);
  assert.deepEqual([status, stderr], [0, '']);
  const [before, after, exitCode] = JSON.parse(stdout);
  assert.deepEqual([after, exitCode], [before, null]);
});

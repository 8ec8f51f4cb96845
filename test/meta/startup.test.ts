import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FAMFS, runProcess } from '../support/famfs.js';
import { Sandbox } from '../support/sandbox.js';

/** Modules of Node.js that take milliseconds to load, and that ls does not need. */
const SLOW = ['child_process', 'crypto', 'net', 'stream', 'tty', 'worker_threads', 'readline', 'http'];

test('ls loads no slow module of Node.js', async () => {
  const sandbox = new Sandbox();
  const spy = join(sandbox.folder, 'spy.cjs');
  writeFileSync(
    spy,
    `const before = new Set(process.moduleLoadList);
     process.on('exit', () => {
       const loaded = process.moduleLoadList.filter((name) => !before.has(name));
       require('node:fs').writeSync(2, loaded.map((name) => name.replace('NativeModule ', '')).join(' '));
     });`,
  );
  await sandbox.makeFs();
  const { exitCode, stderr } = await runProcess(process.execPath, ['-r', spy, FAMFS, 'ls', '-l'], sandbox.env);
  assert.equal(exitCode, 0);
  const loaded = stderr.split(' ');
  assert.ok(loaded.includes('vm'), stderr);
  assert.deepEqual(
    SLOW.filter((name) => loaded.includes(name)),
    [],
  );
});

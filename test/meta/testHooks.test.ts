/** node:test with scripts/testHooks.mjs, which all tests run with, knows the test of whatever happens as well as without. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { GUARD } from '../support/famfs.js';
import { ROOT } from '../support/root.js';
import { Sandbox } from '../support/sandbox.js';

const TESTS = `
import { after, test } from 'node:test';
const pause = () => new Promise((resolve) => setTimeout(resolve, 1));
test('first', async () => {
  await pause();
  after(() => console.log('end of the first'));
  await pause();
});
test('second', () => console.log('second'));
test('throws later', async () => {
  setTimeout(() => { throw new Error('from a timer'); }, 1);
  await new Promise((resolve) => setTimeout(resolve, 5000).unref());
});
test('rejects', async () => {
  Promise.reject(new Error('from a promise'));
  await pause();
});
`;

test('what a test leaves to its end is done then, and an error that nothing catches fails the test that it comes from', () => {
  const file = join(new Sandbox().folder, 'some.test.mjs');
  writeFileSync(file, TESTS);
  const hooks = pathToFileURL(join(ROOT, 'scripts', 'testHooks.mjs')).href;
  const { NODE_TEST_CONTEXT: _own, ...env } = process.env;
  const { status, stdout } = spawnSync(process.execPath, ['--import', hooks, '--test-reporter', 'tap', file], {
    encoding: 'utf8',
    env,
    ...GUARD,
  });
  assert.equal(status, 1, stdout);
  assert.match(stdout, /end of the first\nsecond\n/);
  assert.match(stdout, /^not ok 3 - throws later$[\s\S]*?error: 'from a timer'/m);
  assert.match(stdout, /^not ok 4 - rejects$[\s\S]*?error: 'from a promise'/m);
  assert.match(stdout, /^# pass 2$/m);
});

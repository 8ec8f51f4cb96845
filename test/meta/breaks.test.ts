import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BREAKS } from '../breaks/index.js';
import { ROOT } from '../support/root.js';
import { readSource } from './sources.js';

test('every break can be applied: its text occurs once in its file', () => {
  const idle = BREAKS.filter(
    ({ file, from }) => !existsSync(join(ROOT, file)) || readSource(file).split(from).length !== 2,
  );
  assert.deepEqual(
    idle.map(({ file, from }) => `${file}: ${from}`),
    [],
  );
});

test('every break changes something, once, and names a test file', () => {
  const keys = BREAKS.map(({ file, from, to }) => `${file}: ${from} => ${to}`);
  assert.deepEqual(keys, [...new Set(keys)]);
  for (const { from, to, killer } of BREAKS) {
    assert.notEqual(from, to);
    assert.ok(existsSync(join(ROOT, `test/${killer}.test.ts`)), killer);
  }
});

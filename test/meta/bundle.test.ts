import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../support/root.js';

const DIST = join(ROOT, 'dist');

test('the bundle has no import(): code from the V8 cache cannot run one', () => {
  const names = readdirSync(DIST, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.cjs'));
  assert.deepEqual(names.map((name) => basename(name)).sort(), [
    'check.cjs',
    'declare.cjs',
    'famfs.cjs',
    'kernel.cjs',
    'main.cjs',
    'mount.cjs',
    'rest.cjs',
    'write.cjs',
  ]);
  for (const name of names) assert.doesNotMatch(readFileSync(join(DIST, name), 'utf8'), /[^\w.$]import\s*\(/, name);
});

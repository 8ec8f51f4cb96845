import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../support/root.js';

const DIST = join(ROOT, 'dist');

test('the bundle has no import(): code from the V8 cache cannot run one', () => {
  const [main] = readdirSync(DIST).filter((name) => /^main-.*\.cjs$/.test(name));
  const source = readFileSync(join(DIST, main as string), 'utf8');
  assert.doesNotMatch(source, /[^\w.$]import\s*\(/);
});

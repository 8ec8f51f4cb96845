import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { transformSync } from 'esbuild';
import { BREAKS } from '../breaks/index.js';
import { ROOT } from '../support/root.js';
import { NO_BREAK } from './noBreak.js';
import { readSource } from './sources.js';

/**
 * Whether a source file does anything: not if it has only types, constants and declarations. Of TypeScript, what is left without its
 * types must have a function; a header of C++ must have a statement that decides something.
 */
function hasCode(path: string): boolean {
  const source = readSource(path);
  if (path.endsWith('.cc')) return true;
  if (path.endsWith('.h')) return /\b(if|for|while|switch) \(/.test(source.replace(/\/\/.*|\/\*[\s\S]*?\*\//g, ''));
  return /=>|\)\s*\{/.test(transformSync(source, { loader: 'ts' }).code);
}

test('every file of src that does anything has a break, or a reason why not', () => {
  const paths = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(ts|cc|h)$/.test(path) && !path.endsWith('.d.ts'))
    .map((path) => join('src', path));
  const broken = new Set(BREAKS.map(({ file }) => file));
  const without = paths.filter((path) => !broken.has(path) && hasCode(path));
  const excused = Object.keys(NO_BREAK);
  const excuseOf = (path: string) =>
    excused.find((known) => path === known || (known.endsWith('/') && path.startsWith(known)));
  assert.deepEqual(
    without.filter((path) => excuseOf(path) === undefined),
    [],
    'add a row to test/breaks/rows, and see its killer fail: node out/test/breaks/run.js WORD',
  );
  const idle = excused.filter((known) => !without.some((path) => excuseOf(path) === known));
  assert.deepEqual(idle, [], 'these are gone, or have a break: remove them from test/meta/noBreak.ts');
});

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

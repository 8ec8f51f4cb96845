import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../support/root.js';
import { type Import, importsOf, readSource, sourceFiles } from './sources.js';

/** Which rooms a room may know. Files of no room (src/main.ts) put the rooms together and may know all. */
const KNOWS: Readonly<Record<string, readonly string[]>> = {
  format: [],
  native: [],
  ui: [],
  fs: ['format', 'native'],
  commands: ['fs', 'format', 'ui'],
};

/** Libraries that cost start-up, so that only import() may load them. */
const HEAVY = ['chalk', 'cli-table3', 'ora', 'yaml'];

function room(path: string): string | undefined {
  return /^src\/(\w+)\//.exec(path)?.[1];
}

const all: [path: string, imported: Import][] = sourceFiles('src').flatMap((path) =>
  importsOf(path).map((imported): [string, Import] => [path, imported]),
);

test('the imports that the other tests judge are all there are', () => {
  for (const path of sourceFiles('src')) {
    const written = readSource(path).match(/\bfrom '|^import '|\bimport\('/gm)?.length ?? 0;
    assert.equal(importsOf(path).length, written, path);
  }
  for (const [path, { target }] of all) {
    if (target.startsWith('src/')) assert.ok(existsSync(join(ROOT, target)), `${path} imports ${target}`);
  }
});

test('every room is known here', () => {
  const rooms = new Set(sourceFiles('src').map(room));
  for (const name of rooms) assert.ok(name === undefined || name in KNOWS, name);
});

test('imports run one way', () => {
  const upward = all.filter(([path, { target }]) => {
    const [from, to] = [room(path), room(target)];
    return from !== undefined && to !== undefined && from !== to && !KNOWS[from]?.includes(to);
  });
  assert.deepEqual(
    upward.map(([path, { target }]) => `${path} imports ${target}`),
    [],
  );
});

test('the format does no I/O', () => {
  const modules = all.filter(([path, { target }]) => room(path) === 'format' && !target.startsWith('src/'));
  const allowed = ['node:buffer', 'node:util'];
  assert.deepEqual(
    modules.filter(([, { target }]) => !allowed.includes(target)).map(([path, { target }]) => `${path}: ${target}`),
    [],
  );
});

test('heavy libraries are loaded where they are used, not where a file is', () => {
  const eager = all.filter(([, { target, typeOnly, lazy }]) => HEAVY.includes(target) && !typeOnly && !lazy);
  assert.deepEqual(
    eager.map(([path, { target }]) => `${path}: ${target}`),
    [],
  );
});

test('command modules are loaded by the list of commands alone, and one by one', () => {
  const modules = new Set(importsOf('src/commands/index.ts').flatMap(({ target, lazy }) => (lazy ? [target] : [])));
  const eager = all.filter(([, { target, typeOnly, lazy }]) => modules.has(target) && !typeOnly && !lazy);
  assert.deepEqual(
    eager.map(([path, { target }]) => `${path}: ${target}`),
    [],
  );
});

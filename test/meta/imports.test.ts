import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { roomsPicture } from '../../scripts/roomsPicture.js';
import { ROOT } from '../support/root.js';
import { STRANGERS } from './rooms.js';
import { floorOf, type Import, importsOf, ROOMS, readSource, roomOf, sourceFiles } from './sources.js';

/** Libraries that cost start-up, so that only import() may load them. */
const HEAVY = ['chalk', 'cli-table3', 'ora', 'yaml'];

function areStrangers(from: string, to: string): boolean {
  return STRANGERS.some(([a, b]) => `${from}/`.startsWith(`${a}/`) && `${to}/`.startsWith(`${b}/`));
}

const all: [path: string, imported: Import][] = sourceFiles('src').flatMap((path) =>
  importsOf(path).map((imported): [string, Import] => [path, imported]),
);

test('these tests see every import', () => {
  for (const path of sourceFiles('src')) {
    const written = readSource(path).match(/\bfrom '|^import '|\bimport\('/gm)?.length ?? 0;
    assert.equal(importsOf(path).length, written, path);
  }
  for (const [path, { target }] of all) {
    if (target.startsWith('src/')) assert.ok(existsSync(join(ROOT, target)), `${path} imports ${target}`);
  }
});

test('every folder of src is a room, or part of one', () => {
  const outside = sourceFiles('src').filter((path) => path.split('/').length > 2 && roomOf(path) === undefined);
  assert.deepEqual(outside, []);
  for (const name of ROOMS) assert.ok(sourceFiles(`src/${name}`).length > 0, name);
});

test('imports only run down the floors', () => {
  const upward = all.filter(([path, { target }]) => {
    const [from, to] = [roomOf(path), roomOf(target)];
    return (
      from !== undefined && to !== undefined && from !== to && (floorOf(to) >= floorOf(from) || areStrangers(from, to))
    );
  });
  assert.deepEqual(
    upward.map(([path, { target }]) => `${path} imports ${target}`),
    [],
  );
});

test('the format does no I/O', () => {
  const modules = all.filter(([path, { target }]) => roomOf(path)?.startsWith('format') && !target.startsWith('src/'));
  const allowed = ['node:buffer', 'node:util'];
  assert.deepEqual(
    modules.filter(([, { target }]) => !allowed.includes(target)).map(([path, { target }]) => `${path}: ${target}`),
    [],
  );
});

test('heavy libraries are only loaded where they are used', () => {
  const eager = all.filter(([, { target, typeOnly, lazy }]) => HEAVY.includes(target) && !typeOnly && !lazy);
  assert.deepEqual(
    eager.map(([path, { target }]) => `${path}: ${target}`),
    [],
  );
});

test('only the list of commands loads command modules, one at a time', () => {
  const modules = new Set(importsOf('src/commands/index.ts').flatMap(({ target, lazy }) => (lazy ? [target] : [])));
  const eager = all.filter(([, { target, typeOnly, lazy }]) => modules.has(target) && !typeOnly && !lazy);
  assert.deepEqual(
    eager.map(([path, { target }]) => `${path}: ${target}`),
    [],
  );
});

test('docs/architecture.md shows the rooms and what each imports', () => {
  const page = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');
  assert.equal(roomsPicture(page), page, 'run: npm run docs');
});

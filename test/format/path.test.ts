import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decodePath,
  hasControlCharacters,
  isDirectlyIn,
  parentPath,
  pathBytes,
  pathFault,
  writePath,
} from '../../src/format/path.js';

test('bytes that are not UTF-8 survive decoding and encoding, and stay distinct', () => {
  const samples = [
    'ff',
    '61ff62',
    'c3',
    'c328',
    'e282',
    'eda080',
    'f0908d',
    'c080',
    '80',
    '61c3a9',
    'e282ac',
    'f09f9880',
    'efbbbf61',
  ];
  const texts = samples.map((hex) => decodePath(Buffer.from(hex, 'hex')));
  assert.deepEqual(
    texts.map((text) => pathBytes(text).toString('hex')),
    samples,
  );
  assert.equal(new Set(texts).size, samples.length);
});

test('random bytes survive too', () => {
  const seed = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
  let state = seed;
  const byte = () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 16) & 0xff || 1;
  };
  for (let i = 0; i < 2000; i++) {
    const bytes = Buffer.from(Array.from({ length: 1 + (i % 79) }, byte));
    assert.deepEqual(pathBytes(decodePath(bytes)), bytes, `TEST_SEED=${seed}, round ${i}`);
  }
});

test('79 bytes fit, 80 do not', () => {
  const field = Buffer.alloc(80);
  const encodePath = (path: string) => writePath(field, 0, path);
  encodePath('a'.repeat(79));
  assert.equal(field.toString('latin1'), `${'a'.repeat(79)}\0`);
  assert.throws(() => encodePath('a'.repeat(80)), /80 bytes, at most 79/);
  assert.throws(() => encodePath('é'.repeat(40)), /80 bytes/);
  assert.throws(() => encodePath('a\0b'), /NUL/);
});

test('paths that break a rule are refused', () => {
  for (const path of ['', '/a', 'a/', 'a//b', '.', '..', 'a/.', 'a/../b', '.meta', '.meta/x'])
    assert.notEqual(pathFault(path), undefined, path);
  for (const path of ['a', 'a/b', '...', 'a/..b', '.metadata', 'a/.meta', 'ä/ö'])
    assert.equal(pathFault(path), undefined, path);
});

test('control characters are found', () => {
  for (const path of ['a\n', '\x1b[0m', 'a\x7f', 'a\x85']) assert.ok(hasControlCharacters(path));
  assert.ok(!hasControlCharacters('plain ünïcode'));
});

test('parents', () => {
  assert.deepEqual(['a', 'a/b', 'a/b/c'].map(parentPath), ['', 'a', 'a/b']);
  for (const directory of ['', 'a', 'b', 'a/b']) {
    const inside = ['a', 'a/b', 'b/c', 'a/b/c', 'ab/c'].filter((path) => isDirectlyIn(directory, path));
    assert.deepEqual(
      inside,
      ['a', 'a/b', 'b/c', 'a/b/c', 'ab/c'].filter((path) => parentPath(path) === directory),
    );
  }
});

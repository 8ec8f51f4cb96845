import assert from 'node:assert/strict';
import { test } from 'node:test';
import { globMatcher } from '../../src/ui/glob.js';

const rows: readonly (readonly [pattern: string, fits: readonly string[], others: readonly string[]])[] = [
  ['abc', ['abc'], ['ab', 'abcd', '']],
  ['*', ['', 'a', '.x'], []],
  ['*.bin', ['.bin', 'a.bin', 'a.bin.bin'], ['a.bin.', 'bin']],
  ['a*b*c', ['abc', 'axxbyyc', 'abcbc'], ['ab', 'acb']],
  ['a?c', ['abc', 'aéc', 'a\u{1f600}c'], ['ac', 'abbc']],
  ['[a-c]x', ['ax', 'cx'], ['dx', 'x', '[a-c]x']],
  ['[!a-c]x', ['dx', '!x'], ['ax', 'x']],
  ['[]x]', [']', 'x'], ['[]x]']],
  ['[a-]', ['a', '-'], ['b']],
  ['a[b', ['a[b'], ['ab']],
  ['\\*\\[', ['*['], ['x[']],
  ['a\\', ['a\\'], ['a']],
];

test('patterns are those of a shell', () => {
  for (const [pattern, fits, others] of rows) {
    for (const name of fits) assert.ok(globMatcher(pattern)(name), `${pattern} ${name}`);
    for (const name of others) assert.ok(!globMatcher(pattern)(name), `${pattern} ${name}`);
  }
});

test('many stars cost no more than their number times the name', () => {
  // a matcher that tries every way to share the name among the stars would not end
  assert.equal(globMatcher(`${'*a'.repeat(40)}*b`)('a'.repeat(79)), false);
});

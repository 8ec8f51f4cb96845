import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearest } from '../../src/ui/suggest.js';

const known = ['mkfs', 'fsck', 'ls', 'creat', 'showfmap', 'log-len', 'human-readable'];

const rows: readonly (readonly [string, string | undefined])[] = [
  ['mfks', 'mkfs'],
  ['mkf', 'mkfs'],
  ['create', 'creat'],
  ['lss', 'ls'],
  ['lxx', undefined],
  ['zz', undefined],
  ['loglen', 'log-len'],
  ['humanreadable', 'human-readable'],
  ['hmn-readeble', 'human-readable'],
  ['x', undefined],
  ['', undefined],
  ['entirely-different', undefined],
];

test('a slip is distinguished from another word', () => {
  for (const [word, wanted] of rows) assert.equal(nearest(word, known), wanted, word);
});

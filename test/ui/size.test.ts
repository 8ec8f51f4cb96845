import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../src/ui/errors.js';
import { parseSize } from '../../src/ui/size.js';
import { exactBytes, hex, humanBytes, octal } from '../../src/ui/units.js';

const K = 1024;

const good: readonly (readonly [string, number])[] = [
  ['0', 0],
  ['4096', 4096],
  ['0x200000', 2097152],
  ['0XfF', 255],
  ['8k', 8 * K],
  ['8K', 8 * K],
  ['8kib', 8 * K],
  ['2m', 2 * K ** 2],
  ['2MiB', 2 * K ** 2],
  ['1G', K ** 3],
  ['1GiB', K ** 3],
  ['4Gi', 4 * K ** 3],
  ['4ki', 4 * K],
  ['1.5G', 1.5 * K ** 3],
  ['0.5k', 512],
  ['1.25k', 1280],
  ['9t', 9 * K ** 4],
  ['3P', 3 * K ** 5],
  ['007', 7],
  ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ['7.5P', 7.5 * K ** 5],
];

test('sizes are exact', () => {
  for (const [text, bytes] of good) assert.equal(parseSize(text), bytes, text);
});

const bad: readonly (readonly [string, RegExp])[] = [
  ['', /is not a size/],
  [' 1', /is not a size/],
  ['1 G', /is not a size/],
  ['1G2', /is not a size/],
  ['12q', /is not a size/],
  ['1e3', /is not a size/],
  ['1,5G', /is not a size/],
  ['.5G', /is not a size/],
  ['1.G', /is not a size/],
  ['0x', /is not a size/],
  ['0x1g', /is not a size/],
  ['1iB', /is not a size/],
  ['G', /is not a size/],
  ['Infinity', /is not a size/],
  ['١٢', /is not a size/],
  ['1GB', /binary/],
  ['1.5mb', /binary/],
  ['-5', /negative/],
  ['-1G', /negative/],
  ['0.3k', /whole number of bytes/],
  ['1.5', /whole number of bytes/],
  ['9007199254740992', /too large/],
  ['8P', /too large/],
  ['0xffffffffffffffff', /too large/],
  ['1'.repeat(100_000), /is not a size/],
];

test('a malformed size is refused, and the error says what is allowed', () => {
  for (const [text, words] of bad) {
    assert.throws(
      () => parseSize(text),
      (error) => error instanceof UsageError && words.test(`${error.message} ${error.hint}`),
      text.slice(0, 50),
    );
  }
});

test('exact sizes can be given back as input, and rounded ones are for people', () => {
  for (const bytes of [0, 1, 1023, 1024, 4097, 2 ** 21, 3 * 2 ** 29, 2 ** 53 - 1]) {
    assert.equal(parseSize(exactBytes(bytes)), bytes);
  }
  assert.equal(exactBytes(8 * K ** 2), '8M');
  assert.equal(exactBytes(4097), '4097');
  const human: [number, string][] = [
    [0, '0'],
    [512, '512'],
    [1023, '1023'],
    [1024, '1K'],
    [1536, '1.5K'],
    [10 * K, '10K'],
    [1023.9 * K, '1M'],
    [1.5 * K ** 3, '1.5G'],
    [20 * K ** 2, '20M'],
    [2 ** 53 - 1, '8P'],
  ];
  for (const [bytes, text] of human) assert.equal(humanBytes(bytes), text);
});

test('addresses are hexadecimal, modes octal', () => {
  assert.equal(hex(2 ** 21), '0x200000');
  assert.equal(hex(2n ** 63n), '0x8000000000000000');
  assert.equal(octal(0o644), '0644');
  assert.equal(octal(0o4755), '4755');
});

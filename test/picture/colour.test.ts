/** The colours of files and directories in a map. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileColour, oklch, type Rgb } from '../../src/picture/colour.js';
import { directoriesOf } from '../../src/picture/directories.js';
import { isolated } from '../../src/picture/isolated.js';

const text = (colour: Rgb) => colour.join(' ');

test('OKLCH colours are those of sRGB', () => {
  for (const [lightness, chroma, hue, ...expected] of [
    [1, 0, 0, 255, 255, 255],
    [0, 0, 0, 0, 0, 0],
    [0.62796, 0.25768, 29.234, 255, 0, 0],
    [0.86644, 0.29483, 142.495, 0, 255, 0],
    [0.45201, 0.31321, 264.052, 0, 0, 255],
  ] as const)
    for (const [i, channel] of oklch(lightness, chroma, hue).entries())
      assert.ok(Math.abs(channel - (expected[i] as number)) <= 1, text(oklch(lightness, chroma, hue)));
});

test('files in turn, and directories, have other colours in both themes, however many there are', () => {
  for (const theme of ['light', 'dark'] as const) {
    const eight = Array.from({ length: 8 }, (_, file) => text(fileColour(3, file, theme)));
    assert.equal(new Set(eight).size, 8);
    assert.equal(text(fileColour(3, 8, theme)), eight[0]);
    const many = Array.from({ length: 12 }, (_, directory) => text(fileColour(directory, 0, theme)));
    assert.equal(new Set(many).size, 12);
    const [red, green, blue] = fileColour(3, 2, theme, true);
    assert.ok(red === green && green === blue);
  }
});

test('directories are ranked by the bytes of their own files', () => {
  const paths = ['a', 'd/b', 'd/c', 'e/f', 'd/e/g'];
  const { all, of } = directoriesOf({ paths }, Float64Array.from([1, 3, 3, 6, 2]));
  assert.deepEqual(
    all.map(({ path, bytes, rank }) => [path, bytes, rank]),
    [
      ['d', 6, 0],
      ['e', 6, 1],
      ['d/e', 2, 2],
      ['', 1, 3],
    ],
  );
  assert.deepEqual(
    of.map(({ path }) => path),
    ['', 'd', 'd', 'e', 'd/e'],
  );
});

test('a name is isolated, so that it turns nothing round that comes after it', () => {
  assert.equal(isolated('\u202eabc'), '\u2068\u202eabc\u2069');
});

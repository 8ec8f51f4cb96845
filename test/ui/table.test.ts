import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { colourStyle, PLAIN, showCodes } from '../../src/ui/style.js';
import { type Column, table } from '../../src/ui/table.js';
import { escapeText } from '../../src/ui/text.js';
import { humanBytes } from '../../src/ui/units.js';

interface File {
  readonly name: string;
  readonly size: number;
  readonly note?: string;
}

const columns: readonly Column<File>[] = [
  { key: 'name', label: 'name', paint: (text, style) => style.blue(text) },
  { key: 'size', label: 'size', align: 'right', format: humanBytes },
  { key: 'note', label: 'note' },
];
const files: readonly File[] = [
  { name: '/a', size: 2 ** 21, note: 'x' },
  { name: '/long', size: 7 },
  { name: '/日本', size: 1536 },
];

test('in a pipe, columns are aligned by spaces', async () => {
  const lines = [...(await table({ terminal: false }, PLAIN, columns, files))];
  assert.deepEqual(lines, ['name   size  note', '/a       2M  x', '/long     7', '/日本  1.5K']);
});

test('rows may be an array, an iterable or a generator', async () => {
  const iterable = { [Symbol.iterator]: () => files[Symbol.iterator]() };
  for (const rows of [iterable, files.values()]) {
    assert.equal([...(await table({ terminal: false }, PLAIN, columns, rows))].length, 4);
  }
});

test('unsafe text in cells is escaped before it is measured', async () => {
  const lines = [...(await table<File>({ terminal: false }, PLAIN, columns, [{ name: 'a\x1b\nb', size: 1 }]))];
  assert.deepEqual(lines, ['name      size  note', 'a\\x1b\\nb     1']);
});

test('on a terminal there are borders, and colours do not shift them', async () => {
  const plain = [...(await table({ terminal: true }, PLAIN, columns, files))];
  assert.match(plain[0]!, /^┌─+┬─+┬─+┐$/);
  assert.equal(plain.length, 7);
  const coloured = [...(await table({ terminal: true }, await colourStyle(), columns, files))];
  const shown = coloured.map((line) => showCodes(escapeText(line)));
  assert.ok(shown.some((line) => line.includes('\x1b[34m/a\x1b[39m')));
  assert.deepEqual(
    shown.map((line) => stripVTControlCharacters(line)),
    plain,
  );
});

test('a very long table has no borders', async () => {
  const many = Array.from({ length: 1001 }, (_, size) => ({ name: 'n', size }));
  const lines = [...(await table<File>({ terminal: true }, PLAIN, columns, many))];
  assert.match(lines[0]!, /^name/);
});

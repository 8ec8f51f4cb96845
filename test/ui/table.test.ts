import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { colourStyle, PLAIN, showCodes } from '../../src/ui/style.js';
import { type Column, table } from '../../src/ui/table.js';
import { escapeText } from '../../src/ui/text.js';
import { humanBytes } from '../../src/ui/units.js';

const terminal = (columns: number) => ({ terminal: true, stdout: Object.assign(new PassThrough(), { columns }) });
const PIPE = { terminal: false, stdout: new PassThrough() };

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
  const lines = [...(await table(PIPE, PLAIN, columns, files))];
  assert.deepEqual(lines, ['name   size  note', '/a       2M  x', '/long     7', '/日本  1.5K']);
});

test('rows may be an array, an iterable or a generator', async () => {
  const iterable = { [Symbol.iterator]: () => files[Symbol.iterator]() };
  for (const rows of [iterable, files.values()]) {
    assert.equal([...(await table(PIPE, PLAIN, columns, rows))].length, 4);
  }
});

test('unsafe text in cells is escaped before it is measured', async () => {
  const lines = [...(await table<File>(PIPE, PLAIN, columns, [{ name: 'a\x1b\nb', size: 1 }]))];
  assert.deepEqual(lines, ['name      size  note', 'a\\x1b\\nb     1']);
});

test('on a terminal there are borders, and colours do not shift them', async () => {
  const plain = [...(await table(terminal(80), PLAIN, columns, files))];
  assert.match(plain[0]!, /^┌─+┬─+┬─+┐$/);
  assert.equal(plain.length, 7);
  const coloured = [...(await table(terminal(80), await colourStyle(), columns, files))];
  const shown = coloured.map((line) => showCodes(escapeText(line)));
  assert.ok(shown.some((line) => line.includes('\x1b[34m/a\x1b[39m')));
  assert.deepEqual(
    shown.map((line) => stripVTControlCharacters(line)),
    plain,
  );
});

test('a very long table has no borders', async () => {
  const many = Array.from({ length: 1001 }, (_, size) => ({ name: 'n', size }));
  const lines = [...(await table<File>(terminal(80), PLAIN, columns, many))];
  assert.match(lines[0]!, /^name/);
});

test('borders are left out where they do not fit, and rows are folded where the terminal is narrower still', async () => {
  const lines = async (width: number) => [...(await table(terminal(width), PLAIN, columns, files))];
  // | /日本  | 1.5K | note | takes 23
  assert.match((await lines(23))[0]!, /^┌/);
  assert.deepEqual(await lines(22), ['name   size  note', '/a       2M  x', '/long     7', '/日本  1.5K']);
  assert.deepEqual((await lines(17)).length, 4);
  assert.deepEqual(await lines(16), ['name   size', '    note', '/a       2M', '    x', '/long     7', '/日本  1.5K']);
  for (const width of [1, 5, 9]) {
    const shown = await lines(width);
    for (const text of ['/long', '1.5K', 'x'])
      assert.ok(
        shown.some((line) => line.trim() === text),
        `${width}: ${text}`,
      );
  }
});

test('folded rows keep their colours', async () => {
  const lines = [...(await table(terminal(10), await colourStyle(), columns, files))].map(showCodes);
  assert.ok(lines.includes('\x1b[34m/a\x1b[39m'), lines.join('|'));
});

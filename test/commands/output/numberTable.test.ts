import assert from 'node:assert/strict';
import { test } from 'node:test';
import { numberTable } from '../../../src/commands/output/numberTable.js';
import { makeRandom } from '../../../src/fs/allocate/random.js';
import type { Style } from '../../../src/ui/command.js';
import { PLAIN } from '../../../src/ui/style.js';
import { type Column, table } from '../../../src/ui/table.js';

interface Row {
  readonly a: string;
  readonly b: string;
}

const COLUMNS: readonly Column<Row>[] = [
  { key: 'a', label: 'first', align: 'right' },
  { key: 'b', label: 'the second', align: 'right' },
];

test('a table of numbers is what table() prints without borders', async () => {
  const random = makeRandom(3);
  const text = () => `0x${Math.floor(random() * 2 ** Math.floor(random() * 53)).toString(16)}`;
  const marked: Style = { ...PLAIN, bold: (label) => `<${label}>` };
  for (let count = 0; count < 20; count++) {
    const rows = Array.from({ length: count }, (): Row => ({ a: text(), b: text() }));
    const cells = rows.map(({ a, b }) => [a, b]);
    const labels = COLUMNS.map(({ label }) => label);
    for (const style of [PLAIN, marked])
      assert.deepEqual(
        [...numberTable(style, labels, cells)],
        [...(await table({ terminal: false, stdout: process.stdout }, style, COLUMNS, rows))],
      );
  }
});

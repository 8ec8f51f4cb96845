import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EntryColumns, EntryRun } from '../../src/fs/log/entryColumns.js';
import { type EntryTemplates, OF_ENTRY, OF_EXTENT, textOfEntries } from '../../src/fs/pool/entryText.js';
import {
  decimal,
  exactBytes,
  hex,
  octal,
  ofRecord,
  ofRow,
  PATH,
  parts,
  permissions,
  TextTemplates,
} from '../../src/fs/pool/textTemplate.js';
import { addon } from '../../src/native/addon.js';
import { EntryText } from '../../src/native/entryText.js';
import { RecordText, TEXT_HEAD, TEXT_OPS, TEXT_REGISTERS, type TextRecords } from '../../src/native/recordText.js';
import { needsNoEscape } from '../../src/ui/text.js';
import { exactBytes as exactBytesOf } from '../../src/ui/units.js';
import { Random } from '../support/random.js';

const NAMES = Buffer.from('one,two');

test('numbers are printed in every base', (t) => {
  const random = new Random(t);
  const numbers = [
    0,
    1,
    9,
    10,
    99,
    100,
    1000,
    99_999_999,
    1e8,
    12_345_678_901,
    1e15,
    1e15 - 1,
    1024,
    2 ** 53 - 1,
    3 * 2 ** 40,
    5 * 2 ** 50,
    1025,
    2 ** 32,
  ];
  for (let i = 0; i < 200; i++) numbers.push(random.below(2 ** 31) * 2 ** random.below(22));
  const line = parts`${PATH} ${decimal(ofRecord(0))} ${hex(ofRecord(0))} ${octal(ofRecord(0))} ${exactBytes(ofRecord(0))}`;
  const { programs, starts } = new TextTemplates({ line }, { between: '\n', values: 1, rowValues: 1 });
  const text = new RecordText(programs);
  for (const number of numbers) text.add(starts.line, 4, 7, [number], []);
  const expected = numbers.map(
    (number) => `two ${number} 0x${number.toString(16)} 0${number.toString(8)} ${exactBytesOf(number)}`,
  );
  assert.deepEqual(text.take(NAMES).toString().split('\n'), expected);
  text.add(starts.line, 0, 3, [-7], []);
  assert.match(text.take(NAMES).toString(), /^one -7 /);
});

test('columns are as wide as the widest number or label', () => {
  const table = [{ labels: ['a', 'label'], cells: [decimal(ofRow(0)), hex(ofRow(1))], gap: '|' }];
  const { programs, starts } = new TextTemplates({ table }, { between: '', values: 0, rowValues: 2 });
  const text = new RecordText(programs);
  text.add(starts.table, 0, 0, [], [7, 1, 1000, 2 ** 40]);
  text.add(starts.table, 0, 0, [], [1, 2]);
  const expected = '   a|        label\n   7|          0x1\n1000|0x10000000000\na|label\n1|  0x2\n';
  assert.equal(text.take(NAMES).toString(), expected);
});

test('a number, a name or a row out of bounds is refused', () => {
  const row = parts`${PATH}${{ rows: [decimal(ofRow(0))], between: ' ' }}${decimal(ofRecord(0))}`;
  const { programs, starts } = new TextTemplates({ row }, { between: '', values: 1, rowValues: 1 });
  for (const [nameEnd, value, rows] of [
    [8, 1, [1]],
    [3, 2 ** 53, [1]],
    [3, Number.NaN, [1]],
    [3, 1, [Number.POSITIVE_INFINITY]],
  ] as const) {
    const text = new RecordText(programs);
    text.add(starts.row, 0, nameEnd, [value], rows);
    assert.throws(() => text.take(NAMES), { code: 'EINVAL' });
  }
});

test('a program that reads what no record or row has is refused', () => {
  const { number, widenBy, rows, text, setWidth, byNumber } = TEXT_OPS;
  const print = (...code: number[]) =>
    addon().recordText({
      code: Uint32Array.from(code),
      texts: NAMES,
      numbers: Float64Array.of(0, 0, 0, 0, 0, 0, 1, 42),
      columns: TEXT_HEAD + 1,
      rows: Float64Array.of(5, 6),
      rowColumns: 2,
      names: NAMES,
      images: NAMES,
      separator: NAMES,
    });
  assert.equal(print(number, 0, 0, 10, 0, rows, 5, 0, 0, number, 1, 1, 16, 0).toString(), '420x6');
  for (const code of [
    [number, 0, 1, 10, 0],
    [number, 0, 0, 11, 0],
    [number, 0, 0, 10, TEXT_REGISTERS],
    [number, 3, 0, 10, 0],
    [number, 1, 0, 10, 0],
    [number, 2, 0, 10, 0],
    [number, 0, 0, 10],
    [rows, 5, 0, 0, number, 1, 2, 10, 0],
    [rows, 6, 0, 0, number, 1, 1, 10, 0],
    [rows, 4, 0, 0, rows, 0, 0, 0],
    [widenBy, 1, 1, 2, 10],
    [widenBy, TEXT_REGISTERS, 1, 0, 10],
    [widenBy, 0, 1, 0, 10],
    [setWidth, 0, 3],
    [text, 0, NAMES.length + 1, 0],
    [text, 2 ** 32 - 1, 2, 0],
    [byNumber, 0, 0, 0, 1, NAMES.length, 1],
    [99],
  ])
    assert.throws(() => print(...code), { code: 'EINVAL' }, String(code));
});

test('rows and images past the end are refused', () => {
  const all = parts`${{ rows: [decimal(ofRow(0))], between: ' ' }}${{ fill: 'hex' }}`;
  const { programs } = new TextTemplates({ all }, { between: '', values: 0, rowValues: 1 });
  const print = (imageStart: number, imageEnd: number, firstRow: number, rowCount: number) => {
    const numbers = Float64Array.of(0, 0, 0, imageStart, imageEnd, firstRow, rowCount);
    return addon().recordText({
      ...programs,
      numbers,
      rows: Float64Array.of(5, 6),
      names: NAMES,
      images: Buffer.of(1, 2),
    });
  };
  assert.equal(print(1, 2, 1, 1).toString(), '602');
  for (const places of [
    [0, 3, 0, 2],
    [2, 1, 0, 2],
    [0, 2, 0, 3],
    [0, 2, 1, 2],
    [0, 2, 3, 0],
    [-1, 2, 0, 2],
  ] as const)
    assert.throws(() => print(...(places as [number, number, number, number])), { code: 'EINVAL' });
});

test('no program makes the addon read outside its arguments', (t) => {
  const random = new Random(t);
  let printed = 0;
  for (let i = 0; i < 20_000; i++) {
    const small = () => random.below(i % 3 === 0 ? 2 ** 31 : 12);
    const records: TextRecords = {
      code: Uint32Array.from({ length: random.below(30) }, small),
      texts: random.bytes(random.below(20)),
      numbers: Float64Array.from({ length: random.below(30) }, small),
      columns: TEXT_HEAD + random.below(3),
      rows: Float64Array.from({ length: random.below(9) }, small),
      rowColumns: 1 + random.below(3),
      names: random.bytes(12),
      images: random.bytes(12),
      separator: random.bytes(1),
    };
    try {
      addon().recordText(records);
      printed++;
    } catch (error) {
      assert.equal((error as { code?: string }).code, 'EINVAL');
    }
  }
  assert.ok(printed > 0 && printed < 20_000);
});

/** Entries as columns: a directory, a simple file, an interleaved one, a file with a quote, and one too large for exact numbers. */
const ENTRIES = {
  numbers: Float64Array.from(
    [
      [10, 0, 0o755, 1, 2, 0, 0, 0, 1],
      [11, 2, 0, 3, 4, 5, 0, 2, 3],
      [13, 1, 0o7777, 5, 6, 7, 8, 2, 2],
      [14, 2, 0o644, 0, 0, 9, 0, 1, 1],
      [15, 2, 0o644, 0, 0, 9, 0, 2, 1],
    ].flat(),
  ),
  paths: Buffer.from('da/bcd"x'),
  extents: Float64Array.from(
    [
      [0, 10, 20],
      [1, 30, 40],
      [2, 50, 60],
      [3, 70, 80],
      [4, 90, 100],
      [0, 1, 2 ** 53 - 1],
      [0, 1, 1],
    ].flat(),
  ),
};
const { slot, mode, slack, allocated, stripeSize } = OF_ENTRY;
const file = parts`${decimal(slot, 4)} ${permissions(mode)} ${PATH} ${decimal(allocated)} ${decimal(slack)} ${decimal(stripeSize)}${{ rows: parts` ${decimal(OF_EXTENT.length)}`, between: ',' }}`;
const ENTRY_TEMPLATES = { directory: parts`${PATH}/`, simple: file, interleaved: file };

test('entries are printed from their columns; one that no template can print comes as it is', () => {
  const run = new EntryRun(new EntryColumns(ENTRIES), EntryColumns.START, ENTRIES.numbers.length);
  const print = (templates: EntryTemplates) =>
    Array.from(textOfEntries<never>([run], { templates, between: '|', isPlain: needsNoEscape }), (piece) =>
      piece instanceof Uint8Array ? String(piece) : `${piece.slot} ${piece.entry.path}`,
    );
  const files = ['  11 0000 a/b 60 55 0 20, 40', '  13 7777 cd 140 133 16 60, 80'];
  assert.deepEqual(print(ENTRY_TEMPLATES), [['d/', ...files].join('|'), '14 "', '15 x']);
  const { directory: _, ...ofFiles } = ENTRY_TEMPLATES;
  assert.deepEqual(print(ofFiles), [files.join('|'), '14 "', '15 x']);
});

test('no columns and no place make the addon read outside its arguments', (t) => {
  const random = new Random(t);
  const { programs, starts } = new TextTemplates<string>(ENTRY_TEMPLATES, { between: '|', ...EntryText.SHAPE });
  const { directory = 0, simple = 0, interleaved = 0 } = starts;
  const text = new EntryText(programs, { directory, simple, interleaved }, needsNoEscape);
  const odd = [-1, 0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60, 1000];
  let printed = 0;
  for (let i = 0; i < 5000; i++) {
    const numbers = ENTRIES.numbers.slice(0, 45 - random.below(20));
    const extents = ENTRIES.extents.slice(0, 21 - random.below(4));
    if (random.chance(0.5)) numbers[random.below(numbers.length)] = random.pick(odd);
    if (random.chance(0.2)) extents[random.below(extents.length)] = random.pick(odd);
    const small = () => (random.chance(0.2) ? random.pick([...odd, random.below(30)]) : 0);
    const place = { numbers: random.chance(0.2) ? small() : 9 * random.below(4), path: small(), extents: small() };
    try {
      text.print({ numbers, extents, paths: ENTRIES.paths }, place, random.chance(0.9) ? numbers.length : small());
      printed++;
    } catch (error) {
      assert.equal((error as { code?: string }).code, 'EINVAL');
    }
  }
  assert.ok(printed > 0 && printed < 5000);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decimal,
  exactBytes,
  FileTemplates,
  hex,
  octal,
  ofFile,
  ofRow,
  PATH,
  parts,
} from '../../src/fs/pool/fileTemplate.js';
import { addon } from '../../src/native/addon.js';
import { RecordText, TEXT_HEAD, type TextRecords } from '../../src/native/recordText.js';
import { exactBytes as exactBytesOf } from '../../src/ui/units.js';
import { Random } from '../support/random.js';

const NAMES = Buffer.from('one,two');

test('numbers are printed in every base', (t) => {
  const random = new Random(t);
  const numbers = [0, 1, 1024, 2 ** 53 - 1, 3 * 2 ** 40, 5 * 2 ** 50, 1025, 2 ** 32];
  for (let i = 0; i < 200; i++) numbers.push(random.below(2 ** 31) * 2 ** random.below(22));
  const line = parts`${PATH} ${decimal(ofFile(0))} ${hex(ofFile(0))} ${octal(ofFile(0))} ${exactBytes(ofFile(0))}`;
  const { programs, starts } = new FileTemplates({ line }, { between: '\n', values: 1, rowValues: 1 });
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
  const { programs, starts } = new FileTemplates({ table }, { between: '', values: 0, rowValues: 2 });
  const text = new RecordText(programs);
  text.add(starts.table, 0, 0, [], [7, 1, 1000, 2 ** 40]);
  text.add(starts.table, 0, 0, [], [1, 2]);
  const expected = '   a|        label\n   7|          0x1\n1000|0x10000000000\na|label\n1|  0x2\n';
  assert.equal(text.take(NAMES).toString(), expected);
});

test('a number, a name or a row out of bounds is refused', () => {
  const row = parts`${PATH}${{ rows: [decimal(ofRow(0))], between: ' ' }}${decimal(ofFile(0))}`;
  const { programs, starts } = new FileTemplates({ row }, { between: '', values: 1, rowValues: 1 });
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

test('rows and images past the end are refused', () => {
  const all = parts`${{ rows: [decimal(ofRow(0))], between: ' ' }}${{ fill: 'hex' }}`;
  const { programs } = new FileTemplates({ all }, { between: '', values: 0, rowValues: 1 });
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

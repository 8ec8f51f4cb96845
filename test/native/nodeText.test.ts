import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ENTRY_LAYOUT } from '../../src/format/entries/layout.js';
import { decimal, ofRecord, PATH, parts, TextTemplates } from '../../src/fs/pool/textTemplate.js';
import { LogTable, NO_ROW } from '../../src/native/logTable.js';
import { HEADING, type NodeForm, NodeText } from '../../src/native/nodeText.js';
import { needsNoEscape } from '../../src/ui/text.js';
import { Random } from '../support/random.js';

const line = parts`${PATH} ${decimal(ofRecord(0))} ${decimal(ofRecord(1))} ${decimal(ofRecord(2))} ${decimal(ofRecord(3))} ${decimal(ofRecord(4))}`;
const { programs, starts } = new TextTemplates({ line, name: [PATH] }, { between: '|', ...NodeText.SHAPE });
const ALL: readonly NodeForm[] = [
  { directory: false, whole: true, start: starts.line },
  { directory: true, whole: true, start: starts.name },
];

interface Made {
  readonly directory?: boolean;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
}

function tableOf(nodes: readonly (readonly [path: string, made?: Made])[]): LogTable {
  const table = new LogTable(ENTRY_LAYOUT, 1);
  for (const [slot, [path, made = {}]] of nodes.entries()) {
    const bytes = Buffer.from(path, 'latin1');
    const node = { directory: false, mode: 0o644, uid: 1, gid: 2, ...made, slot: slot + 10, size: slot };
    assert.equal(table.addNode(node, { bytes, start: 0, end: bytes.length }), 'none', path);
  }
  return table;
}

/** The pieces of a listing; a row that was not printed as its number. */
function print(table: LogTable, rows: readonly number[], forms = ALL): (string | number)[] {
  const text = table.printer(programs, forms, needsNoEscape);
  const pieces: (string | number)[] = [];
  for (let at = 0; at < rows.length; ) {
    const printed = text.print(Uint32Array.from(rows), at);
    if (printed.text.length > 0) pieces.push(printed.text.toString());
    at = printed.place;
    if (printed.stopped) pieces.push(rows[at++] as number);
  }
  return pieces;
}

test('nodes are printed in the order of their rows, those that no program can print by themselves', () => {
  const table = tableOf([
    ['a', { directory: true, mode: 0o755 }],
    ['a/b'],
    ['a/"'],
    ['c', { mode: 0o7777, uid: 3, gid: 4 }],
  ]);
  assert.deepEqual(print(table, [3, 1, 0, 2, 1]), ['c 3 4095 3 4 13|a/b 1 420 1 2 11|a', 2, 'a/b 1 420 1 2 11']);
  const names: NodeForm[] = [{ directory: false, mode: 0o644, uid: 1, gid: 2, whole: false, start: starts.name }];
  assert.deepEqual(print(table, [0, 1, 2, 3], names), [0, 'b', 2, 3]);
  for (const change of [{ mode: 0o755 }, { uid: 2 }, { gid: 3 }])
    assert.deepEqual(print(table, [1], [{ ...names[0]!, ...change }]), [1]);
  // a directory may have a name that cannot be printed, where only names are
  const inside = tableOf([['"', { directory: true }], ['"/x']]);
  assert.deepEqual(print(inside, [1], names), ['x']);
  assert.deepEqual(print(inside, [1]), [1]);
});

test('names are sorted byte by byte, if all are ASCII', (t) => {
  const random = new Random(t);
  for (let round = 0; round < 200; round++) {
    const letters = random.pick(['ab', 'abcdefgh!~', '-.:09']);
    const name = () =>
      random.pick(['', 'prefix', 'longer-prefix']) +
      Array.from({ length: 1 + random.below(12) }, () => letters[random.below(letters.length)]).join('');
    const inside = round % 2 === 0 ? '' : 'd/';
    const paths = [...new Set(Array.from({ length: 1 + random.below(40) }, () => `${inside}${name()}`))];
    const table = tableOf([
      ['d', { directory: true }],
      ...paths.filter((path) => path !== 'd').map((path) => [path] as const),
    ]);
    const rows = table.childrenOf(inside === '' ? NO_ROW : 0);
    assert.ok(table.sortByName(rows));
    const sorted = Array.from(rows, (row) => table.path(row).toString());
    assert.deepEqual(
      sorted,
      sorted.toSorted((a, b) => (a < b ? -1 : 1)),
    );
    assert.equal(new Set(sorted).size, paths.filter((path) => path !== 'd').length + Number(inside === ''));
  }
  const odd = tableOf([['b'], ['a\xe9']]);
  const rows = odd.childrenOf(NO_ROW);
  assert.equal(odd.sortByName(rows), false);
  assert.deepEqual([...rows], [0, 1]);
  assert.ok(odd.sortByName(new Uint32Array()));
});

test('the contents of all directories are sorted as those of each are', (t) => {
  const random = new Random(t);
  const folders = Array.from({ length: 40 }, (_, i) => `d${i}`);
  const names = new Set(Array.from({ length: 3000 }, () => `${random.pick(folders)}/${random.below(2000)}`));
  const odd = ['d7/\xe9', 'd7/a'];
  const table = tableOf([
    ...folders.map((folder) => [folder, { directory: true }] as const),
    ...[...names, ...odd].map((name) => [name] as const),
  ]);
  const { rows, starts } = table.tree();
  const sorted = rows.slice();
  const done = table.sortContents(sorted, starts);
  for (let directory = 0; directory < starts.length - 1; directory++) {
    const own = rows.slice(starts[directory], starts[directory + 1]);
    assert.equal(done[directory], Number(table.sortByName(own)), `${directory}`);
    assert.equal(done[directory], Number(directory !== 8));
    assert.deepEqual(sorted.slice(starts[directory], starts[directory + 1]), own);
  }
  const refused = { code: 'EINVAL' };
  assert.throws(() => table.sortContents(sorted, new Uint32Array()), refused);
  assert.throws(() => table.sortContents(sorted, Uint32Array.of(0, sorted.length + 1)), refused);
  assert.throws(() => table.sortContents(sorted, Uint32Array.of(2, 1)), refused);
  assert.throws(() => table.sortContents(Uint32Array.of(2 ** 31), Uint32Array.of(0, 1)), refused);
  // rows of several directories are not sorted
  assert.deepEqual([...table.sortContents(Uint32Array.of(0, rows.length - 1), Uint32Array.of(0, 2))], [0]);
});

test('a heading is printed by its own program, with the whole path', () => {
  const table = tableOf([
    ['d', { directory: true }],
    ['d/e', { directory: true }],
    ['d/e/"', { directory: true }],
    ['d/e/f'],
  ]);
  const heading = { ...ALL[1]!, heading: true, whole: true };
  const names = ALL.map((form) => ({ ...form, whole: false }));
  assert.deepEqual(print(table, [1 + HEADING, 3], [...names, heading]), ['d/e|f 3 420 1 2 13']);
  assert.deepEqual(print(table, [1 + HEADING], names), [1 + HEADING]);
  assert.deepEqual(print(table, [2 + HEADING], [heading]), [2 + HEADING]);
  assert.deepEqual(print(table, [1], [heading]), [1]);
  assert.throws(() => print(table, [4 + HEADING], [heading]), { code: 'EINVAL' });
});

test('traits come once each, in the order in which they come up', () => {
  const table = tableOf([
    ['x', { uid: 9 }],
    ['d', { directory: true }],
    ['y', { uid: 9 }],
    ['a'],
    ['z', { uid: 9 }],
    ['b', { mode: 0 }],
    ['c', { gid: 0xffffffff }],
  ]);
  const file = { directory: false, mode: 0o644, uid: 1, gid: 2 };
  assert.deepEqual(table.traitsOf(Uint32Array.of(3, 0, 1, 2, 4, 3, 6, 5)), [
    file,
    { ...file, uid: 9 },
    { ...file, directory: true },
    { ...file, gid: 0xffffffff },
    { ...file, mode: 0 },
  ]);
});

test('long listings come in pieces', () => {
  const table = tableOf(Array.from({ length: 40_000 }, (_, i) => [`file${i}`] as const));
  const pieces = print(table, [...table.childrenOf(NO_ROW)]);
  assert.ok(pieces.length > 1);
  assert.deepEqual(
    pieces.flatMap((piece) => String(piece).split('|')),
    Array.from({ length: 40_000 }, (_, i) => `file${i} ${i} 420 1 2 ${i + 10}`),
  );
});

test('rows, forms and programs out of bounds are refused', (t) => {
  const table = tableOf([['a'], ['b']]);
  const refused = { code: 'EINVAL' };
  assert.throws(() => print(table, [2]), refused);
  assert.throws(() => print(table, [0, NO_ROW]), refused);
  assert.throws(() => table.sortByName(Uint32Array.of(1, 2)), refused);
  assert.throws(() => table.traitsOf(Uint32Array.of(2)), refused);
  assert.throws(() => print(tableOf([]), [0]), refused);
  for (const wrong of [{ mode: -2 }, { uid: 2 ** 32 }, { gid: Number.NaN }])
    assert.throws(() => print(table, [0], [{ ...ALL[0]!, ...wrong }]), refused);
  const text = table.printer(programs, ALL, needsNoEscape);
  assert.throws(() => text.print(Uint32Array.of(0), 2), refused);
  const random = new Random(t);
  let printed = 0;
  for (let i = 0; i < 5000; i++) {
    const code = Uint32Array.from({ length: random.below(30) }, () => random.below(i % 3 === 0 ? 2 ** 31 : 12));
    const start = random.below(31);
    try {
      const forms = [{ directory: false, whole: true, start }];
      table.printer({ ...programs, code }, forms, needsNoEscape).print(Uint32Array.of(1, 0), 0);
      printed++;
    } catch (error) {
      assert.equal((error as { code?: string }).code, 'EINVAL');
    }
  }
  assert.ok(printed > 0 && printed < 5000);
});

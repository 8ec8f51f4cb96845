import assert from 'node:assert/strict';
import { test } from 'node:test';
import { colourStyle, showCodes, wantsColour } from '../../src/ui/style.js';
import { escapeJson, escapeText, textWidth } from '../../src/ui/text.js';

const rows: readonly (readonly [string, string])[] = [
  ['plain /a/b 100%', 'plain /a/b 100%'],
  ['grüße 日本 😀', 'grüße 日本 😀'],
  ['a\\x1b', 'a\\x1b'],
  ['\x1b[31mred', '\\x1b[31mred'],
  ['a\nb\r\tc\0', 'a\\nb\\r\\tc\\x00'],
  ['\x7f', '\\x7f'],
  ['\x9b31m', '\\u009b31m'],
  ['abc\u202efed', 'abc\\u202efed'],
  ['\u2066x\u2069\u200f\u061c', '\\u2066x\\u2069\\u200f\\u061c'],
  ['a\u2028b\ufeff', 'a\\u2028b\\ufeff'],
  ['bad \udcff byte', 'bad \\xff byte'],
  ['half \ud83d pair', 'half \\ud83d pair'],
];

test('characters that control a terminal become visible', () => {
  for (const [raw, shown] of rows) {
    assert.equal(escapeText(raw), shown);
    assert.equal(escapeText(shown), shown, 'escaping again changes nothing');
  }
});

test('no character that a terminal acts on gets through', () => {
  for (let code = 0; code < 0x10000; code += 1) {
    const shown = escapeText(String.fromCharCode(code));
    const printable = code >= 0x20 && !(code >= 0x7f && code < 0xa0);
    assert.ok(shown.length === 1 ? printable : /^\\(?:[nrt]|x[\da-f]{2}|u[\da-f]{4})$/.test(shown), code.toString(16));
  }
});

test('escapes within JSON leave the value as it is', () => {
  const value = { name: 'a\x1b\x7f\x9b\u202e\n"\\' };
  const json = escapeJson(JSON.stringify(value, undefined, 1));
  assert.doesNotMatch(json, /[\x7f-\x9f\u202e]/);
  assert.deepEqual(JSON.parse(json), value);
});

test('colours of the program are written, those in untrusted text are not', async () => {
  const style = await colourStyle();
  const line = `${style.red('dead\x1b[32m')} \x1b[0m`;
  assert.equal(showCodes(escapeText(line)), '\x1b[31mdead\\x1b[32m\x1b[39m \\x1b[0m');
});

test('colour is for terminals, unless asked for or against', () => {
  const cases: readonly (readonly [Parameters<typeof wantsColour>, boolean])[] = [
    [['auto', true, {}], true],
    [['auto', false, {}], false],
    [['auto', true, { NO_COLOR: '1' }], false],
    [['auto', true, { NO_COLOR: '' }], true],
    [['auto', true, { TERM: 'dumb' }], false],
    [['auto', false, { FORCE_COLOR: '1' }], true],
    [['auto', false, { FORCE_COLOR: '' }], true],
    [['auto', true, { FORCE_COLOR: '0' }], false],
    [['auto', false, { FORCE_COLOR: '1', NO_COLOR: '1' }], false],
    [['never', true, { FORCE_COLOR: '1' }], false],
    [['always', false, { NO_COLOR: '1' }], true],
    [['never', true, {}], false],
  ];
  for (const [given, wanted] of cases) assert.equal(wantsColour(...given), wanted, JSON.stringify(given));
});

test('width counts columns, not characters', () => {
  assert.equal(textWidth('abc'), 3);
  assert.equal(textWidth('é'), 1);
  assert.equal(textWidth('e\u0301'), 1);
  assert.equal(textWidth('日本'), 4);
  assert.equal(textWidth('😀'), 2);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compactJson, jsonPieces } from '../../src/ui/json.js';

const document = (value: unknown) => [...jsonPieces(value)].join('');

test('a document without streams is what JSON.stringify writes', () => {
  const values = [
    { a: 1, b: [1, 'x', null, [], {}], c: { d: true, e: undefined }, f: 1.5, g: '"\n\u{1f600}' },
    [],
    {},
    [[1], [{ a: [] }]],
    { when: new Date(0) },
    null,
    { nan: Number.NaN },
    [undefined],
  ];
  for (const value of values) assert.equal(document(value), JSON.stringify(value, undefined, 2));
});

test('an iterable is written an element a line', () => {
  const files = function* () {
    yield { path: '/a', size: 1, strips: [1, 2], more: new Set([3]), none: undefined };
    yield { path: '/b', size: 2n ** 60n };
  };
  assert.equal(
    document({ files: files(), none: new Set() }),
    [
      '{',
      '  "files": [',
      '    {"path":"/a","size":1,"strips":[1,2],"more":[3]},',
      '    {"path":"/b","size":1152921504606846976}',
      '  ],',
      '  "none": []',
      '}',
    ].join('\n'),
  );
});

test('elements are generated as they are written', () => {
  let drawn = 0;
  const numbers = function* () {
    while (true) yield drawn++;
  };
  const pieces = jsonPieces({ numbers: numbers() });
  while (drawn < 3) pieces.next();
  assert.equal(drawn, 3);
});

test('an object is written on one line', () => {
  const value = { a: [1, { b: 'x' }], c: { d: null } };
  assert.deepEqual(JSON.parse(compactJson(value)), value);
  assert.ok(!compactJson({ a: '\n\u202e' }).includes('\n'));
});

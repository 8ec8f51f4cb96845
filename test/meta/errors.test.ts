/** Every code that scripts can see is in the table, in use, and documented. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { errorTables } from '../../scripts/errorTables.js';
import { ERRORS, WARNINGS } from '../../src/fs/errorTable.js';
import { ROOT } from '../support/root.js';
import { readSource, sourceFiles } from './sources.js';

/** Codes that the addon, not our code, gives to an error. */
const FROM_THE_ADDON = ['SIGBUS'];

const sources = sourceFiles('src')
  .filter((path) => !path.endsWith('errorTable.ts'))
  .map(readSource)
  .join('\n');

test('docs/errors.md shows the errors and warnings as they are declared', () => {
  const page = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8');
  assert.equal(errorTables(page), page, 'run: npm run docs');
});

test('the codes are in order, and each is in use', () => {
  for (const table of [ERRORS, WARNINGS]) {
    const codes = Object.keys(table);
    assert.deepEqual(codes, [...codes].sort());
    const unused = codes.filter((code) => !FROM_THE_ADDON.includes(code) && !sources.includes(`'${code}'`));
    assert.deepEqual(unused, []);
  }
});

test('the codes of the user interface, which knows no famfs, are in the table too', () => {
  const codes = [...uiSources().matchAll(/\bcode = '([A-Z_]+)'|\?\? '([A-Z]{2,})'/g)].map(
    ([, own, other]) => own ?? other,
  );
  assert.deepEqual([...new Set(codes)].sort(), ['INTERNAL', 'INTERRUPTED', 'OUTPUT', 'USAGE']);
  for (const code of codes) assert.ok(code !== undefined && code in ERRORS, code);
});

test('every warning that a command gives has a code of the table', () => {
  const codes = [...sources.matchAll(/\bwarn\(\s*'([A-Z_]+)'/g)].map(([, code]) => code as string);
  assert.ok(codes.length > 5);
  assert.deepEqual(
    codes.filter((code) => !(code in WARNINGS) && !(code in ERRORS)),
    [],
  );
});

function uiSources(): string {
  return sourceFiles('src/ui').map(readSource).join('\n');
}

/** Checks, fields on media and the damages that tests make are complete. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { allDamages, checkTables } from '../../scripts/checkTables.js';
import { IMAGE, KERNEL, MEDIA, TRANSIENT } from '../../scripts/formatTables.js';
import { FAULT_CODES } from '../../src/format/fault.js';
import { CATALOGUE } from '../../src/fs/fsck/catalogue/catalogue.js';
import { VERDICTS } from '../fs/fsck/damages/golden.js';
import { PRIMARY_DAMAGES } from '../fs/fsck/damages/index.js';
import { ROOT } from '../support/root.js';
import { readSource, sourceFiles } from './sources.js';

test('every record of the format is documented, and tests damage every record on media', () => {
  const declared = sourceFiles('src/format').flatMap((path) =>
    [...readSource(path).matchAll(/\bstruct\('(\w+)'/g)].map(([, name]) => name),
  );
  assert.deepEqual([...MEDIA, ...TRANSIENT, ...KERNEL, ...IMAGE].map(({ name }) => name).sort(), declared.sort());
  assert.deepEqual(
    PRIMARY_DAMAGES.map(({ struct }) => struct),
    MEDIA,
  );
  // test/fs/rewrite and test/commands/daxdevRemove.test.ts damage each field
  assert.deepEqual(
    TRANSIENT.map(({ name }) => name),
    ['rewrite_journal', 'journal_extent', 'departure'],
  );
});

test('tests damage every field on media', () => {
  for (const { struct, damages } of PRIMARY_DAMAGES)
    for (const field of Object.keys(struct.fields))
      assert.ok((damages[field]?.length ?? 0) > 0, `${struct.name}.${field}`);
});

test('every check has a damage that is meant to trigger it', () => {
  const meant = new Set(allDamages().map(({ codes }) => codes[0]));
  assert.deepEqual(
    Object.keys(CATALOGUE).filter((code) => !meant.has(code as keyof typeof CATALOGUE)),
    [],
  );
  assert.deepEqual(
    Object.keys(FAULT_CODES).filter((code) => !(code in CATALOGUE)),
    [],
  );
});

test('no two damages have the same name', () => {
  const names = allDamages().map(({ what }) => what);
  assert.deepEqual(names, [...new Set(names)]);
});

test('every golden image has a verdict', () => {
  const images = readdirSync(join(ROOT, 'test/golden')).flatMap((name) => /^(g\d+)\.meta\.gz$/.exec(name)?.[1] ?? []);
  assert.deepEqual(Object.keys(VERDICTS).sort(), images.sort());
});

test('docs/fsck.md shows the checks, fields and damages as they are declared', () => {
  const page = readFileSync(join(ROOT, 'docs/fsck.md'), 'utf8');
  assert.equal(checkTables(page), page, 'run: npm run docs');
});

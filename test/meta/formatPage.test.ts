import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { formatTables, imageTables, kernelTables } from '../../scripts/formatTables.js';
import { ROOT } from '../support/root.js';

test('docs/format.md shows the fields as they are declared', () => {
  const page = readFileSync(join(ROOT, 'docs/format.md'), 'utf8');
  assert.equal(formatTables(page), page, 'run: npm run docs');
});

test('docs/kernel-maps.md shows the fields and rules as they are declared', () => {
  const page = readFileSync(join(ROOT, 'docs/kernel-maps.md'), 'utf8');
  assert.equal(kernelTables(page), page, 'run: npm run docs');
});

test('docs/metadata-images.md shows the fields as they are declared', () => {
  const page = readFileSync(join(ROOT, 'docs/metadata-images.md'), 'utf8');
  assert.equal(imageTables(page), page, 'run: npm run docs');
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { demoOutput } from '../../scripts/demoOutput.js';
import { program } from '../../src/commands/index.js';
import { ROOT } from '../support/root.js';

test('README.md shows what the demo prints', () => {
  const page = readFileSync(join(ROOT, 'README.md'), 'utf8');
  assert.equal(demoOutput(page), page, 'run: npm run docs');
});

test('README.md lists all commands', () => {
  const table = readFileSync(join(ROOT, 'README.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .join('\n');
  assert.deepEqual(
    Object.keys(program.commands).filter((name) => !table.includes(`\`${name}`)),
    [],
  );
});

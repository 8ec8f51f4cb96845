/** Code, output and documents use the words of docs/glossary.md. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../support/root.js';
import { WORDS } from './words.js';

const PLACES = ['README.md', 'docs', 'man', 'src', 'test', 'bench', 'scripts'];
const TEXT = /\.(ts|mjs|cc|h|sh|py|md|[1-8])$/;
const THIS = ['test/meta/words.ts', 'test/meta/words.test.ts'];

const files = PLACES.flatMap(textFiles).map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));

function textFiles(place: string): string[] {
  if (!statSync(join(ROOT, place)).isDirectory()) return [place];
  return readdirSync(join(ROOT, place), { recursive: true, encoding: 'utf8' })
    .map((path) => join(place, path))
    .filter((path) => TEXT.test(path) && !path.includes('node_modules/') && !THIS.includes(path));
}

for (const row of WORDS) {
  test(`"${row.say}" and not ${row.word}`, () => {
    const hits = files
      .filter(({ text }) => row.word.test(text))
      .map(({ path, text }) => `${path}: ${row.word.exec(text)?.[0]}`);
    assert.deepEqual(hits, []);
  });
}

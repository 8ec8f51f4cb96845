/** types/famfs.d.ts and docs/api are those of src/library. `npm run test:packages` compares them byte for byte. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../support/root.js';
import { sourceFiles } from './sources.js';

const AGAIN = 'run: npm run docs';
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const types = read('types/famfs.d.ts');

/** The names that the library exports. */
const exported = [...read('src/library/index.ts').matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(
  ([, names = '']) =>
    names
      .split(',')
      .map((name) => name.trim().replace(/^.* as /, ''))
      .filter((name) => name !== ''),
);

test('every name that the library exports is declared and described', () => {
  const [, list = ''] = /^export \{(.*)\};$/m.exec(types) ?? [];
  const [, typeList = ''] = /^export type \{(.*)\};$/m.exec(types) ?? [];
  const declared = [list, typeList].flatMap((names) =>
    names.split(',').map((name) => name.trim().replace(/^.* as /, '')),
  );
  assert.deepEqual(declared.sort(), [...exported].sort(), AGAIN);
  const page = read('docs/api/README.md');
  const headings = [...page.matchAll(/^### (\w+)/gm)].map(([, name]) => name);
  assert.deepEqual(headings.sort(), [...exported].sort(), AGAIN);
});

test('docs/api is written from the types', () => {
  const sha256 = createHash('sha256').update(types).digest('hex');
  assert.ok(read('docs/api/README.md').endsWith(`sha256 ${sha256} -->\n`), AGAIN);
});

test('the types have the comments of the sources', () => {
  const plain = (comment: string) =>
    comment
      .replace(/^\s*(?:\/\*\*|\*\/|\*)?\s*/gm, ' ')
      .replace(/\s*\*\/\s*$/, '')
      .trim();
  const declared = new Set([...types.matchAll(/\/\*\*.*?\*\//gs)].map(([comment]) => plain(comment)));
  let count = 0;
  for (const path of sourceFiles('src/library')) {
    for (const [, comment = '', name = '', body = ''] of read(path).matchAll(
      /(\/\*\*(?:(?!\*\/).)*\*\/)\nexport (?:async )?(?:interface|type|function) (\w+)[^\n]*\n((?: {2}.*\n|\n(?= ))*)/g,
    )) {
      if (!exported.includes(name)) continue;
      for (const [one = ''] of [[comment], ...body.matchAll(/\/\*\*.*?\*\//gs)]) {
        count++;
        assert.ok(declared.has(plain(one)), `${path}: ${one}: ${AGAIN}`);
      }
    }
  }
  assert.ok(count > 100, String(count));
});

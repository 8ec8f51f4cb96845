/** docs/json/ holds the schemas of what --json writes, and every command names the type that its schema is made of. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { jsonSchemas } from '../../scripts/jsonSchemas.js';
import { documentType, hasDocument } from '../../scripts/schemaNames.js';
import { program } from '../../src/commands/index.js';
import { formsIn, noteForms } from '../support/jsonForms.js';
import { ROOT } from '../support/root.js';
import { importsOf, readSource } from './sources.js';

test('docs/json has a schema for every command, error, warning and event, as the types say', () => {
  const folder = join(ROOT, 'docs/json');
  const written = new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  const schemas = jsonSchemas();
  assert.deepEqual([...written.keys()].sort(), [...schemas.keys()].sort(), 'run: npm run docs');
  for (const [name, text] of schemas) assert.equal(written.get(name), text, `${name} is out of date: npm run docs`);
});

test('every command returns a result of the type that its schema is generated from', () => {
  const modules = importsOf('src/commands/index.ts').flatMap(({ target, lazy }) => (lazy ? [target] : []));
  for (const [index, name] of Object.keys(program.commands).entries()) {
    if (!hasDocument(name)) continue;
    assert.ok(readSource(modules[index] as string).includes(`: Promise<Result<${documentType(name)}>>`), name);
  }
});

test('the forms that a document has are kept apart from those that its schema allows', () => {
  const schema = {
    type: 'object',
    properties: {
      rows: { type: 'array', items: { $ref: '#/definitions/Row' } },
      size: { type: ['integer', 'null'] },
    },
    definitions: {
      Row: {
        anyOf: [
          { type: 'object', properties: { kind: { const: 'a' } }, required: ['kind'] },
          { type: 'object', properties: { kind: { const: 'b' }, to: { enum: ['x', 'y'] } }, required: ['kind'] },
        ],
      },
    },
  } as const;
  const seen = new Set<string>();
  noteForms('d.json', schema as never, { rows: [{ kind: 'b', to: 'y' }], size: 1 }, seen);
  const left = [...formsIn('d.json', schema as never)].filter((form) => !seen.has(form));
  assert.deepEqual(left, ['Row | 0 kind "a"', 'Row | 1 kind "b".to = "x"', 'd.json.size: null']);
});

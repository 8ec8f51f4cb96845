/**
 * node out/test/support/jsonFormsLeft.js FOLDER: says which forms of docs/json no test has produced, and fails if there are
 * any. FOLDER has what the tests noted; see jsonDocuments.ts.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formsIn } from './jsonForms.js';
import { ROOT } from './root.js';

const [folder = ''] = process.argv.slice(2);
const schemas = join(ROOT, 'docs/json');

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const seen = new Set(readdirSync(folder).flatMap((name) => read(join(folder, name)) as string[]));
const forms = new Set(readdirSync(schemas).flatMap((name) => [name, ...formsIn(name, read(join(schemas, name)))]));
const left = [...forms].filter((form) => !seen.has(form));
for (const form of left) process.stderr.write(`no test has produced this of docs/json: ${form}\n`);
process.exitCode = left.length > 0 ? 1 : 0;

// Runs the compiled tests: all of them, or those whose path contains one of the arguments. With --forms it then lists the
// forms of docs/json that none of these tests has produced, and fails if there are any.
// The list comes from the sources, because out/ may still contain deleted tests.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const filters = process.argv.slice(2).filter((argument) => argument !== '--forms');
const listsForms = process.argv.includes('--forms');
const tests = readdirSync('test', { recursive: true })
  .filter((path) => path.endsWith('.test.ts'))
  .map((path) => join('test', path))
  .filter((path) => filters.length === 0 || filters.some((filter) => path.includes(filter)))
  .sort()
  .map((path) => join('out', path.replace(/\.ts$/, '.js')));

if (tests.length === 0) {
  process.stderr.write(`no test has ${filters.join(' or ')} in its path\n`);
  process.exit(1);
}
const options = ['--enable-source-maps', '--test', '--test-concurrency=2', '--test-timeout=600000'];
const forms = listsForms ? mkdtempSync(join(tmpdir(), 'famfs-forms-')) : undefined;
const env = { ...process.env, ...(forms && { FAMFS_JSON_FORMS: forms }) };
const run = (...args) => spawnSync(process.execPath, args, { stdio: 'inherit', env }).status ?? 1;
const status = run(...options, '--test-reporter=spec', ...tests);
process.exitCode = forms === undefined ? status : run('out/test/support/jsonFormsLeft.js', forms) || status;
if (forms !== undefined) rmSync(forms, { recursive: true });

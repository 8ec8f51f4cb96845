// Runs the compiled tests: all of them, or those whose path contains one of the arguments.
// The list comes from the sources, because out/ may still contain deleted tests.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const filters = process.argv.slice(2);
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
const { status } = spawnSync(process.execPath, [...options, '--test-reporter=spec', ...tests], { stdio: 'inherit' });
process.exit(status ?? 1);

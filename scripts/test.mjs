// Runs the compiled tests: all of them, or those whose path contains one of the arguments. With --forms it then lists the
// forms of docs/json that none of these tests has produced, and fails if there are any.
// The list comes from the sources, because out/ may still contain deleted tests.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Files that take longest: they begin first, so that no processor is idle while the last one ends. */
const LONGEST = [
  'crash/crash',
  'commands/mount',
  'fuzz/fuzz',
  'cli',
  'commands/apply',
  'fs/fsck/members',
  'fs/fsck/undoImage',
  'fs/fsck/modes',
  'native/bulkFault',
  'native/bulkLife',
  'native/calls/calls',
  'coherence/coherence',
  'scenarios/concurrency/concurrency',
  'scenarios/mount/programs',
  'scenarios/mount/kill',
];

/** Folders whose files share processes, because most of them take less time than to start node and to load the commands. */
const SHARING = ['test/commands/', 'test/format/', 'test/fs/', 'test/library/', 'test/picture/', 'test/ui/'];
/** Files there that need a process of their own: they mount or serve, or watch what this process does. */
const ALONE = /^test\/(?:fs\/(?:serve|rewrite)|commands\/(?:u?mount|flush|verify)\.)/;
/** files that share a process */
const SHARED = 12;

const isLongest = (path) => LONGEST.some((name) => path === `test/${name}.test.ts`);
const compiled = (path) => join('out', path.replace(/\.ts$/, '.js'));

const filters = process.argv.slice(2).filter((argument) => argument !== '--forms');
const listsForms = process.argv.includes('--forms');
const all = readdirSync('test', { recursive: true })
  .filter((path) => path.endsWith('.test.ts'))
  .map((path) => join('test', path))
  .sort();
const tests = all.filter((path) => filters.length === 0 || filters.some((filter) => path.includes(filter)));

if (tests.length === 0) {
  process.stderr.write(`no test has ${filters.join(' or ')} in its path\n`);
  process.exit(1);
}
const lost = LONGEST.filter((name) => !all.includes(`test/${name}.test.ts`));
if (lost.length > 0) throw new Error(`scripts/test.mjs: there is no test ${lost.join(', ')}`);

const longest = LONGEST.map((name) => `test/${name}.test.ts`).filter((path) => tests.includes(path));
const others = tests.filter((path) => !isLongest(path));
const sharing = others.filter((path) => SHARING.some((folder) => path.startsWith(folder)) && !ALONE.test(path));
const alone = others.filter((path) => !sharing.includes(path));

const work = mkdtempSync('out/run-');
const forms = resolve(work, 'forms');
mkdirSync(forms);
/** Modules that import the files of one process each. */
const shared = [];
for (let from = 0; from < sharing.length; from += SHARED) {
  const module = join(work, `shared${shared.length}.mjs`);
  const files = sharing.slice(from, from + SHARED).map(compiled);
  writeFileSync(module, files.map((file) => `import ${JSON.stringify(resolve(file))};\n`).join(''));
  shared.push(module);
}

const env = { ...process.env, ...(listsForms && { FAMFS_JSON_FORMS: forms }) };
const run = (...args) => spawnSync(process.execPath, args, { stdio: 'inherit', env }).status ?? 1;
const modules = [...[...longest, ...alone].map(compiled), ...shared];
// the option is one of each test process too: a garbage collector without threads takes less processor time
const status = run('--single-threaded-gc', 'scripts/testRun.mjs', ...modules);
process.exitCode = listsForms ? run('out/test/support/jsonFormsLeft.js', forms) || status : status;
rmSync(work, { recursive: true });

// Runs the compiled tests: all of them, or those whose path contains one of the arguments. With --forms it then lists the
// forms of docs/json that none of these tests has produced, and fails if there are any.
// The list comes from the sources, because out/ may still contain deleted tests.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Files that take longest: they begin first, so that no processor is idle while the last one ends. */
const LONGEST = [
  'crash/crash',
  'cli',
  'commands/mount',
  'scenarios/hosts/twoHosts',
  'fs/fsck/undoImage',
  'scenarios/hosts/discovery',
  'scenarios/mount/programs',
  'scenarios/hosts/powerLoss',
  'fuzz/fuzz',
  'fs/rewrite/inOneGo',
  'coherence/coherence',
  'fs/fsck/modes',
  'native/bulkFault',
  'meta/jsonSchemas',
  'scenarios/concurrency/concurrency',
  'fs/fsck/members',
  'commands/apply',
  'native/bulkLife',
  'native/calls/calls',
  'scenarios/mount/kill',
];

/** Files that need a process of their own: they mount or serve, watch or change what this process does, or take long. */
const ALONE =
  /^test\/(?:crash\/|fs\/(?:serve|rewrite)|commands\/(?:u?mount|flush|verify)\.|native\/(?:addon|bulk|calls|copy|fault|fuse|instructions|memory|stream)|scenarios\/(?:\w+\/|(?:contrib|follow|memory|mounted|userNamespace|utilLinux)\.)|meta\/(?:jsonSchemas|startup)\.)/;
/** files that share a process, since most take less time than to start node and to load the commands */
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
const alone = others.filter((path) => ALONE.test(path));
const sharing = others.filter((path) => !alone.includes(path));

const work = mkdtempSync('out/run-');
const forms = resolve(work, 'forms');
mkdirSync(forms);
/** Modules that import the files of one process each: some of every folder, so that none takes much longer than another. */
const processes = Math.ceil(sharing.length / SHARED);
const shared = Array.from({ length: processes }, (_, i) => {
  const module = join(work, `shared${i}.mjs`);
  const files = sharing.filter((_path, at) => at % processes === i).map(compiled);
  writeFileSync(module, files.map((file) => `import ${JSON.stringify(resolve(file))};\n`).join(''));
  return module;
});

const env = { ...process.env, ...(listsForms && { FAMFS_JSON_FORMS: forms }) };
const run = (...args) => spawnSync(process.execPath, args, { stdio: 'inherit', env }).status ?? 1;
// those that take least come last, so that both processors are busy until the end
const modules = [...longest.map(compiled), ...shared, ...alone.map(compiled)];
// the options are those of each test process too: a garbage collector without threads takes less processor time
const hooks = pathToFileURL(resolve('scripts/testHooks.mjs')).href;
const status = run('--single-threaded-gc', '--import', hooks, 'scripts/testRun.mjs', ...modules);
process.exitCode = listsForms ? run('out/test/support/jsonFormsLeft.js', forms) || status : status;
rmSync(work, { recursive: true });

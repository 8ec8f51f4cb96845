/** The npm package: packed, installed without scripts or registry, and run by other users, processors and versions of Node.js. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { runExamples } from '../library/examples.js';
import { ROOT } from '../support/root.js';
import { record, shortest } from './installs.js';
import { mainJob, type Runner } from './mainJob.js';
import { nodeBinary, nodesOf } from './nodes.js';

const folder = mkdtempSync(join(tmpdir(), 'famfs-npm-'));
const prefix = join(folder, 'prefix');
const installed = join(prefix, 'lib', 'node_modules', 'famfs');
const mounts: string[] = [];

/** Some user without rights, and how root becomes it. */
const NOBODY = 65_534;
const asNobody = ['--reuid', String(NOBODY), '--regid', String(NOBODY), '--clear-groups', '--inh-caps=-all'];
const isRoot = process.getuid?.() === 0;

after(() => {
  for (const mount of mounts) execFileSync('umount', [mount]);
  rmSync(folder, { recursive: true });
});

let tarball = '';

before(() => {
  chmodSync(folder, 0o755);
  tarball = pack(ROOT, folder);
  mkdirSync(prefix);
  if (isRoot) {
    execFileSync('mount', ['-t', 'tmpfs', 'none', prefix]);
    mounts.push(prefix);
  }
  // an empty cache and no network: nothing but the tarball can be used
  const options = ['--global', '--ignore-scripts', '--offline', '--cache', join(folder, 'cache'), '--prefix', prefix];
  execFileSync('npm', ['install', ...options, tarball], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (isRoot) execFileSync('mount', ['-o', 'remount,ro', prefix]);
});

/** Builds and packs a checkout; returns the path of the tarball. */
function pack(checkout: string, into: string): string {
  for (const script of ['build.mjs', 'prebuild.mjs'])
    execFileSync(process.execPath, [join('scripts', script)], {
      cwd: checkout,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  const options = ['--json', '--ignore-scripts', '--pack-destination', into];
  const output = execFileSync('npm', ['pack', ...options], { cwd: checkout, encoding: 'utf8', maxBuffer: 2 ** 26 });
  const [{ filename, size, unpackedSize }] = JSON.parse(output);
  process.stdout.write(`${filename}: ${size} bytes, ${unpackedSize} unpacked\n`);
  return join(into, filename);
}

/** Runs what is installed with the words before it, in an environment with nothing but PATH. */
function runner(...words: string[]): Runner {
  return (program, argv, env) => {
    const [file = '', ...rest] = [...words, join(prefix, 'bin', program), ...argv];
    const path = `${dirname(process.execPath)}:/usr/bin:/bin`;
    const result = spawnSync(file, rest, { env: { PATH: path, ...env }, encoding: 'utf8' });
    assert.equal(result.status, 0, `${program} ${argv.join(' ')}: ${result.stderr}`);
    return result.stdout;
  };
}

/** A folder for the main job that anybody may write to. */
function openFolder(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  chmodSync(path, 0o777);
  return path;
}

test('what is packed has no script to run and nothing to compile', () => {
  const { scripts, dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  assert.deepEqual([scripts.preinstall, scripts.install, scripts.postinstall, dependencies], Array(4).fill(undefined));
  for (const name of ['binding.gyp', 'src', 'build', 'node_modules', 'dist/compile-cache'])
    assert.equal(existsSync(join(installed, name)), false, name);
  assert.match(
    readFileSync(join(installed, 'dist/THIRD-PARTY.txt'), 'utf8'),
    /^yargs \d.*^node-addon-api |^node-addon-api .*^yargs \d/ms,
  );
});

test('the main job runs as it is installed', () => {
  mainJob(runner(), join(folder, 'job'));
  record({
    way: `npm package, Node.js ${process.version}`,
    size: statSync(tarball).size,
    installed: Number(/^\d+/.exec(execFileSync('du', ['--bytes', '--summarize', prefix], { encoding: 'utf8' }))),
    version: shortest(() => runner()('famfs', ['--version'], {})),
    ls: shortest(() => runner()('famfs', ['ls', '--dev', join(folder, 'job', 'pool.img')], {})),
  });
});

/** A project of a user, in which the package is a dependency. */
function project(): string {
  const path = join(folder, 'project');
  if (existsSync(path)) return path;
  mkdirSync(path);
  writeFileSync(join(path, 'package.json'), JSON.stringify({ name: 'user', private: true, type: 'module' }));
  const options = ['--ignore-scripts', '--offline', '--no-audit', '--no-fund', '--cache', join(folder, 'cache')];
  execFileSync('npm', ['install', ...options, tarball], { cwd: path, stdio: ['ignore', 'ignore', 'inherit'] });
  return path;
}

test('programs use it as a library: the examples run', async () => {
  const examples = join(project(), 'examples');
  cpSync(join(project(), 'node_modules/famfs/examples'), examples, { recursive: true });
  const nodes = [
    process.execPath,
    ...nodesOf('x64').flatMap((name) => (process.arch === 'x64' ? nodeBinary(name) : undefined) ?? []),
  ];
  for (const [i, node] of nodes.entries()) await runExamples([node], examples, openFolder(`examples${i}`));
});

test('it can be required, and handles can be disposed of, by every version of Node.js', () => {
  const program = `
    const { checkFamfs, openFamfs } = require('famfs');
    openFamfs('/nowhere').catch(({ code }) => console.log(code, typeof checkFamfs, typeof Symbol.dispose));`;
  const nodes = [
    process.execPath,
    ...nodesOf('x64').flatMap((name) => (process.arch === 'x64' ? nodeBinary(name) : undefined) ?? []),
  ];
  for (const node of nodes) {
    const { stdout, stderr } = spawnSync(node, ['--input-type=commonjs', '--eval', program], {
      cwd: project(),
      encoding: 'utf8',
    });
    assert.equal(stdout, 'DEVICE_OPEN function symbol\n', `${node}: ${stderr}`);
  }
});

/** Compilers that users have: that of this project, and older ones, which tools of this project bring along. */
const COMPILERS = [
  'node_modules/typescript',
  'scripts/apiDocs/node_modules/typescript',
  'node_modules/ts-json-schema-generator/node_modules/typescript',
];

for (const compiler of COMPILERS) {
  const { version } = JSON.parse(readFileSync(join(ROOT, compiler, 'package.json'), 'utf8'));
  test(`TypeScript ${version} compiles a program of a user, and finds its mistakes`, () => {
    const path = project();
    const source = readFileSync(join(ROOT, 'test/library/declarations.ts'), 'utf8');
    // what compares with the sources is for the repository
    writeFileSync(
      join(path, 'user.ts'),
      source.replace(/\/\*\* Fails to compile if types.*?\n\}\n/s, '').replace(/^import type \* as Source .*\n/m, ''),
    );
    cpSync(join(ROOT, 'node_modules/@types/node'), join(path, 'node_modules/@types/node'), { recursive: true });
    cpSync(join(ROOT, 'node_modules/undici-types'), join(path, 'node_modules/undici-types'), { recursive: true });
    const compilerOptions = {
      target: 'es2023',
      lib: ['es2023', 'esnext.disposable'],
      module: 'nodenext',
      types: ['node'],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noEmit: true,
    };
    writeFileSync(join(path, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['user.ts'] }));
    const { status, stdout } = spawnSync(process.execPath, [join(ROOT, compiler, 'bin/tsc'), '-p', path], {
      encoding: 'utf8',
    });
    assert.deepEqual([status, stdout], [0, '']);
  });
}

test('publint and "Are the types wrong?" find nothing', () => {
  for (const [tool, ...argv] of [
    ['publint', tarball, '--strict'],
    ['attw', tarball, '--profile', 'esm-only'],
  ] as const) {
    const { status, stdout, stderr } = spawnSync(join(ROOT, 'node_modules/.bin', tool), argv, { encoding: 'utf8' });
    assert.equal(status, 0, `${tool}: ${stdout}${stderr}`);
  }
});

test('the types and docs/api are those of the sources', () => {
  const again = openFolder('types');
  execFileSync(process.execPath, [join(ROOT, 'scripts/apiDocs/write.mjs'), again], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  for (const path of ['types/famfs.d.ts', 'docs/api/README.md'])
    assert.equal(
      readFileSync(join(ROOT, path), 'utf8'),
      readFileSync(join(again, path), 'utf8'),
      `${path}: run npm run docs`,
    );
});

test('another user runs it, and it is on a read-only file system', { skip: !isRoot && 'needs root' }, () => {
  assert.notEqual(spawnSync('touch', [join(installed, 'dist', 'x')]).status, 0);
  const work = openFolder('nobody');
  // the main job prepares its files as this user
  process.umask(0);
  mainJob((program, argv, env) => {
    for (const name of ['pool.img', 'in', 'out']) if (existsSync(join(work, name))) chmodSync(join(work, name), 0o666);
    return runner('setpriv', ...asNobody)(program, argv, env);
  }, work);
});

test('manual pages are where man looks', () => {
  for (const page of ['man1/famfs-creat.1', 'man8/fsck.famfs.8'])
    assert.match(readFileSync(join(prefix, 'share/man', page), 'utf8'), /\.Dt /);
});

for (const name of nodesOf('x64')) {
  const node = process.arch === 'x64' ? nodeBinary(name) : undefined;
  test(`${name} runs the main job`, { skip: node === undefined && 'cannot be had here' }, () => {
    mainJob(runner(node as string), join(folder, name));
  });
}

for (const name of nodesOf('arm64')) {
  const qemu = ['qemu-aarch64-static', '-L', '/usr/aarch64-linux-gnu'];
  const emulated = process.arch === 'x64';
  const missing = emulated && spawnSync(qemu[0] as string, ['--version']).status !== 0 && 'needs qemu-user-static';
  const node = missing ? undefined : nodeBinary(name);
  test(`${name} runs the main job`, { skip: missing || (node === undefined && 'cannot be had here') }, () => {
    mainJob(runner(...(emulated ? qemu : []), node as string), join(folder, name));
  });
}

test('a processor without a prebuilt addon gets a message that says what to do', () => {
  const copy = join(folder, 'copy');
  cpSync(installed, copy, { recursive: true });
  rmSync(join(copy, 'prebuilds', `linux-${process.arch}`), { recursive: true });
  const { status, stderr } = spawnSync(join(copy, 'dist/famfs.cjs'), ['ls', '--dev', tarball], { encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stderr, /no native addon for linux-.*build famfs from source: npm ci in a clone/s);
});

test('the same sources packed in another folder are the same bytes', () => {
  const copy = join(folder, 'another/checkout');
  mkdirSync(copy, { recursive: true });
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  for (const file of files.split('\0').filter((name) => name !== '' && existsSync(join(ROOT, name))))
    cpSync(join(ROOT, file), join(copy, file), { verbatimSymlinks: true, preserveTimestamps: true });
  for (const name of ['node_modules', 'build'])
    cpSync(join(ROOT, name), join(copy, name), { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  execFileSync('npx', ['tsc', '-p', '.'], { cwd: copy, stdio: 'inherit' });
  const again = pack(copy, openFolder('again'));
  assert.ok(readFileSync(again).equals(readFileSync(tarball)));
});

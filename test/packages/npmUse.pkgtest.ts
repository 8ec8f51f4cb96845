/** The npm package, used by other versions of Node.js, other processors, and programs; and packed in another folder. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runExamples } from '../library/examples.js';
import { ROOT } from '../support/root.js';
import { mainJob } from './mainJob.js';
import { nodeBinary, nodesOf } from './nodes.js';
import { ARCHS, folder, openFolder, pack, runner, tarball } from './npmPackage.js';

/** A project of a user, in which the package is a dependency. */
function project(): string {
  const path = join(folder, 'project');
  if (existsSync(path)) return path;
  mkdirSync(path);
  writeFileSync(join(path, 'package.json'), JSON.stringify({ name: 'user', private: true, type: 'module' }));
  const options = ['--ignore-scripts', '--offline', '--no-audit', '--no-fund', '--cache', join(folder, 'cache')];
  execFileSync('npm', ['install', ...options, tarball()], { cwd: path, stdio: ['ignore', 'ignore', 'inherit'] });
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
    ['publint', tarball(), '--strict'],
    ['attw', tarball(), '--profile', 'esm-only'],
  ] as const) {
    const { status, stdout, stderr } = spawnSync(join(ROOT, 'node_modules/.bin', tool), argv, { encoding: 'utf8' });
    assert.equal(status, 0, `${tool}: ${stdout}${stderr}`);
  }
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
  const noAddon = ARCHS.includes('arm64') ? undefined : 'needs g++-aarch64-linux-gnu';
  const noQemu = emulated && spawnSync(qemu[0] as string, ['--version']).status !== 0 && 'needs qemu-user-static';
  const missing = noAddon ?? noQemu;
  const node = missing ? undefined : nodeBinary(name);
  test(`${name} runs the main job`, { skip: missing || (node === undefined && 'cannot be had here') }, () => {
    mainJob(runner(...(emulated ? qemu : []), node as string), join(folder, name));
  });
}

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
  execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: copy, stdio: ['ignore', 'ignore', 'inherit'] });
  const again = pack(copy, openFolder('again'));
  assert.ok(readFileSync(again).equals(readFileSync(tarball())));
});

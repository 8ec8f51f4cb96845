/** Operands as scripts make them: empty, with doubled slashes, `.` and `..`, with a slash at the end. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { program } from '../../src/commands/index.js';
import { loadAll } from '../../src/ui/registry.js';
import { FAMFS, runProcess } from '../support/famfs.js';
import { Head } from '../support/head.js';
import { MIB, Sandbox } from '../support/sandbox.js';

async function filled(): Promise<Sandbox> {
  const box = new Sandbox();
  await box.makeFs();
  await box.ok(['mkdir', '-p', 'd/e']);
  await box.ok(['creat', '-s', '2M', '--seed', '1', 'd/f']);
  return box;
}

test('an empty operand is refused by name, by every command, and nothing is done', async () => {
  const box = await filled();
  const before = new Head(box.env.FAMFS_DEV as string, 4 * MIB);
  for (const { name, args, exitCodes } of await loadAll(program.commands)) {
    for (const [index, { name: operand }] of args.entries()) {
      const words = args.slice(0, index + 1).map((_, i) => (i === index ? '' : 'x'));
      const rest = args.slice(index + 1).map(() => 'x');
      const { exitCode, message } = await box.error([...name.split(' '), ...words, ...rest]);
      assert.equal(exitCode, exitCodes?.usage ?? 2, name);
      assert.equal(message, `argument ${operand} is empty`, name);
    }
  }
  assert.ok(before.isUnchanged());
});

test('of several operands, the empty one is named', async () => {
  const box = await filled();
  assert.match((await box.error(['cp', '-r', '', 'd'])).message, /argument SRC is empty/);
  assert.match((await box.error(['cp', 'a', '', 'd'])).message, /argument SRC is empty/);
  assert.match((await box.error(['get', '-r', 'd', ''])).message, /argument DST is empty/);
});

test('an empty value of an option is refused by name', async () => {
  const box = await filled();
  for (const { name, args, options } of await loadAll(program.commands)) {
    for (const [key, { type, choices, long }] of Object.entries(options)) {
      if (type !== 'string' || choices !== undefined) continue;
      const option = `--${long ?? key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
      const { message } = await box.error([...name.split(' '), ...args.map(() => 'x'), option, '']);
      assert.equal(message, `option ${option}: the value is empty`, name);
    }
  }
});

test('doubled slashes and `.` mean nothing inside the file system', async () => {
  const box = await filled();
  for (const path of ['d//f', './d/f', 'd/./f', '/./d//.//f', '//d/f'])
    assert.match(await box.ok(['stat', path]), /Path: \/d\/f$/m, path);
  await box.ok(['creat', '-s', '2M', './d//new']);
  await box.ok(['mkdir', 'd/./sub/', './other/.']);
  writeFileSync(join(box.folder, 'local'), 'x');
  await box.ok(['cp', 'local', './d//sub/./copy']);
  const { entries } = await box.json<{ entries: { path: string }[] }>(['ls', '-R', '.']);
  assert.deepEqual(entries.map(({ path }) => path).sort(), [
    'd',
    'd/e',
    'd/f',
    'd/new',
    'd/sub',
    'd/sub/copy',
    'other',
  ]);
});

test('`..` is refused', async () => {
  const box = await filled();
  for (const argv of [
    ['stat', 'd/../d/f'],
    ['ls', '..'],
    ['creat', '-s', '2M', 'd/../new'],
    ['mkdir', '-p', 'd/..'],
    ['verify', '--seed', '1', '../d/f'],
  ])
    assert.match((await box.run(argv)).stderr, /'\.\.'/, argv.join(' '));
  assert.equal((await box.error(['stat', 'd/../d/f'])).code, 'BAD_PATH');
});

test('the root exists: mkdir -p takes it, mkdir does not', async () => {
  const box = await filled();
  for (const root of ['/', '.', './', '//', '/.']) {
    await box.ok(['mkdir', '-p', root]);
    assert.equal((await box.error(['mkdir', root])).code, 'EXISTS', root);
  }
  const { directories } = await box.json(['mkdir', '-p', '/']);
  assert.deepEqual(directories, [{ path: '', slot: null, created: false }]);
  assert.equal((await box.error(['creat', '-s', '2M', '/'])).code, 'NOT_A_FILE');
});

test('a slash at the end means a directory', async () => {
  const box = await filled();
  for (const path of ['d/f/', 'd/f/.'])
    for (const argv of [['stat'], ['ls'], ['showfmap'], ['verify', '--seed', '1'], ['resolve'], ['flush'], ['get']]) {
      const [command = '', ...options] = argv;
      const { code } = await box.error([command, ...options, path, ...(command === 'get' ? ['out'] : [])]);
      assert.equal(code, 'NOT_A_DIRECTORY', `${argv.join(' ')} ${path}`);
    }
  const cat = await runProcess(process.execPath, [FAMFS, 'cat', 'd/f/'], box.env);
  assert.match(cat.stderr, /is a file, not a directory/);
  assert.equal((await box.error(['creat', '-s', '2M', 'd/new/'])).code, 'NOT_A_FILE');
  assert.equal((await box.error(['creat', '-s', '2M', '--exist-ok', 'd/f/'])).code, 'NOT_A_FILE');
  await box.ok(['stat', 'd/', 'd/e/.']);
});

test('cp takes a target with a slash for a directory', async () => {
  const box = await filled();
  writeFileSync(join(box.folder, 'local'), 'x');
  mkdirSync(join(box.folder, 'there'));
  await box.ok(['cp', 'local', 'd/']);
  await box.ok(['cp', 'local', 'd/e/.']);
  await box.ok(['stat', 'd/local', 'd/e/local']);
  assert.equal((await box.error(['cp', 'local', 'd/f/'])).code, 'NOT_A_DIRECTORY');
  assert.equal((await box.error(['cp', 'local', 'none/.'])).code, 'NO_DIRECTORY');
  await box.ok(['get', 'd/f', 'there/']);
  assert.equal((await box.error(['get', 'd/f', 'none/'])).code, 'NO_DIRECTORY');
});

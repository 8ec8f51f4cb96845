import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { manPages } from '../../scripts/manPages.js';
import { program } from '../../src/commands/index.js';
import type { Command } from '../../src/ui/command.js';
import { GLOBAL_OPTIONS } from '../../src/ui/globals.js';
import { longNames, shortNames } from '../../src/ui/optionNames.js';
import { loadAll } from '../../src/ui/registry.js';
import { parseValue } from '../../src/ui/values.js';
import { ROOT } from '../support/root.js';
import { runCommand } from '../support/runCommand.js';
import { importsOf, readSource, sourceFiles } from './sources.js';

const commands = await loadAll(program.commands);
const modules = importsOf('src/commands/index.ts').flatMap(({ target, lazy }) => (lazy ? [target] : []));

test('commands are listed under the names in their definitions', () => {
  assert.deepEqual(
    Object.keys(program.commands),
    commands.map((command) => command.name),
  );
});

test('no two commands have the same name or alias', () => {
  const names = commands.flatMap((command) => [command.name, ...(command.aliases ?? [])]);
  assert.deepEqual(names, [...new Set(names)]);
});

test('no command is said to be absent', () => {
  const names = commands.flatMap((command) => [command.name, ...(command.aliases ?? [])]);
  const groups = names.flatMap((name) => (name.includes(' ') ? [name.split(' ')[0]] : []));
  for (const name of Object.keys(program.absent ?? {})) assert.ok(![...names, ...groups].includes(name), name);
});

test('no two options of a command have the same name or alias', () => {
  for (const { name, options, absentOptions = {} } of commands) {
    const table = { ...options, ...GLOBAL_OPTIONS };
    assert.equal(Object.keys(table).length, Object.keys(options).length + Object.keys(GLOBAL_OPTIONS).length, name);
    const longs = Object.entries(table).flatMap(([key, spec]) => longNames(key, spec));
    assert.deepEqual(longs, [...new Set(longs)], name);
    const shorts = Object.values(table).flatMap(shortNames);
    assert.deepEqual(shorts, [...new Set(shorts)], name);
    const written = [...longs.map((long) => `--${long}`), ...shorts.map((short) => `-${short}`)];
    for (const word of Object.keys(absentOptions)) assert.ok(!written.includes(word), `${name} ${word}`);
  }
});

test('every default could be given on the command line', () => {
  for (const { name, options } of commands) {
    for (const [key, spec] of Object.entries(options)) {
      if (spec.default === undefined) continue;
      if (spec.type === 'boolean') assert.equal(typeof spec.default, 'boolean', `${name} ${key}`);
      else assert.equal(parseValue(spec, defaultText(spec.default, spec.type)), spec.default, `${name} ${key}`);
    }
  }
});

function defaultText(value: string | number | boolean, type: string): string {
  return type === 'mode' ? Number(value).toString(8) : String(value);
}

test('summaries are phrases, details are sentences', () => {
  for (const command of commands) {
    const options = Object.values(command.options);
    for (const text of [command.summary, ...[...options, ...command.args].map(({ summary }) => summary)]) {
      assert.match(text, /^(?!Print|Show|Make|List)\S.*[^.\s]$/s, `${command.name}: ${text}`);
    }
    for (const text of [...command.details, ...options.flatMap(({ details }) => details ?? [])]) {
      assert.match(text, /^\S.*[.:]$/s, `${command.name}: ${text}`);
    }
    assert.ok(command.details.length > 0 && command.examples.length > 0, command.name);
  }
});

test('every command that another refers to exists', () => {
  const names = commands.map((command) => command.name);
  for (const { name, seeAlso = [] } of commands) for (const other of seeAlso) assert.ok(names.includes(other), name);
  for (const link of program.links) assert.ok(names.includes(link), link);
});

test('the links are those of package.json', () => {
  const { bin, version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const names = [program.name, ...program.links.map((link) => `${link}.${program.name}`)];
  assert.deepEqual(Object.keys(bin).sort(), names.sort());
  assert.equal(program.version, version);
});

test('every command prints its help', async () => {
  for (const { name } of commands) {
    const { exitCode, stdout, stderr } = await runCommand([...name.split(' '), '--help']);
    assert.deepEqual({ exitCode, stderr }, { exitCode: 0, stderr: '' }, name);
    assert.ok(stdout.startsWith(`Usage: famfs ${name} `), name);
  }
});

test('every command reads all its options', () => {
  for (const [index, command] of commands.entries()) {
    const source = afterTables(modules[index] ?? '');
    const unread = Object.keys(command.options).filter((key) => !new RegExp(`\\b${key}\\b`).test(source));
    assert.deepEqual(unread, [], command.name);
  }
});

/** The code of a command and its helpers, without the tables that define options. */
function afterTables(path: string): string {
  const helpers = importsOf(path).filter(({ target, lazy }) => /^src\/commands\//.test(target) && !lazy);
  const own = readSource(path).replace(/^[\s\S]*?\basync run\(/, '');
  // in a helper, `key: {...}` is a table that commands share
  const others = helpers.map(({ target }) => readSource(target).replace(/^ {2}\w+: \{[\s\S]*?^ {2}\},$/gm, ''));
  return [own, ...others].join('\n');
}

test('every command has a man page that matches its definition', async () => {
  const folder = join(ROOT, 'man');
  const pages = await manPages(folder);
  const files = readdirSync(folder).filter((name) => /\.\d$/.test(name));
  const { man } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  assert.deepEqual(man, files.map((name) => `man/${name}`).sort(), 'the pages that npm installs');
  assert.deepEqual(files.sort(), [...pages.keys()].sort(), 'npm run man');
  for (const [name, text] of pages) {
    assert.equal(readFileSync(join(folder, name), 'utf8'), text, `${name} is out of date: npm run man`);
  }
  for (const command of commands) assert.ok(pages.has(manName(command)), command.name);
});

function manName({ name }: Command): string {
  return `famfs-${name.replaceAll(' ', '-')}.1`;
}

test('every command is run by some test', () => {
  const tests = sourceFiles('test').filter((path) => path.endsWith('.test.ts') && !path.startsWith('test/meta/'));
  const text = tests.map(readSource).join('\n');
  for (const { name } of commands) {
    const words = name.split(' ').map((word) => `'${word}'`);
    assert.ok(text.includes(`[${words.join(', ')}`) || text.includes(`$FAMFS ${name} `), `no test runs famfs ${name}`);
  }
});

test('test/commands has one file for each command', () => {
  const files = (folder: string) => sourceFiles(folder).filter((path) => dirname(path) === folder);
  const names = files('src/commands').map((path) => basename(path, '.ts'));
  assert.deepEqual(
    files('test/commands').map((path) => basename(path, '.test.ts')),
    names.filter((name) => name !== 'index' && name !== 'absent'),
  );
});

/** Variables that are for the toolkit itself: a mount in the background finds its parent by it. */
const INTERNAL = ['FAMFS_MOUNT_STATUS'];

test('famfs(1) describes every variable that the code reads, and no other', async () => {
  const read = new Set<string>();
  const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name as string);
  for (const file of sourceFiles('src')) {
    const text = readSource(file);
    const names = [
      ...found(text, /\benv\.([A-Z][A-Z0-9_]*)\b/g),
      // const { NAME } = host.env, and { env: { NAME, OTHER } }
      ...found(text, /\{([^{}]*)\} = (?:[\w.]+\.)?env\b/g).flatMap((list) => found(list, /\b([A-Z][A-Z0-9_]*)\b/g)),
      ...found(text, /\benv: \{([^{}]*)\} \}: /g).flatMap((list) => found(list, /\b([A-Z][A-Z0-9_]*)\b/g)),
      ...found(text, /'(FAMFS_[A-Z_]+)'/g),
      ...(text.includes('tmpdir()') ? ['TMPDIR'] : []),
      ...(text.includes('_DEBUG`') ? ['FAMFS_DEBUG'] : []),
    ];
    for (const name of names) if (!INTERNAL.includes(name)) read.add(name);
  }
  assert.ok(read.size >= 17, [...read].join(' '));
  const page = (await manPages(join(ROOT, 'man'))).get('famfs.1') as string;
  const described = found(page, /^\.It (Ev .*)$/gm).flatMap((line) => found(line, /\bEv ([A-Z_]+)/g));
  assert.deepEqual(described.sort(), [...read].sort());
});

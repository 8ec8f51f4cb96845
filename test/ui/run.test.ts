import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { type Command, type Context, defineCommand, type Result } from '../../src/ui/command.js';
import { Interrupted, UsageError } from '../../src/ui/errors.js';
import type { Program } from '../../src/ui/registry.js';
import type { ProcessContext } from '../../src/ui/run.js';
import { runProgram } from '../support/runCommand.js';
import { sample, samples } from '../support/sample.js';

const run = (argv: string, overrides: Partial<ProcessContext> = {}, program = samples) =>
  runProgram(program, argv.split(' ').filter(Boolean), overrides);

const EMPTY: Result = { data: {}, text: () => [] };

/** A program with one command, `do`, that does what it is given; `exitCodes` are its own. */
function doing(work: (context: Context) => Promise<Result>, exitCodes?: Command['exitCodes']): Program {
  const command = defineCommand({
    ...sample,
    name: 'do',
    aliases: [],
    args: [],
    options: {},
    ...(exitCodes && { exitCodes }),
    run: work,
  });
  return { ...samples, commands: { do: async () => ({ command }) } };
}

function failing(error: unknown, exitCodes?: Command['exitCodes']): Program {
  return doing(() => Promise.reject(error), exitCodes);
}

test('a command gets its own options and arguments, and its result is written', async () => {
  const { exitCode, stdout, stderr } = await run('sample /a -lR --json');
  assert.deepEqual({ exitCode, stderr }, { exitCode: 0, stderr: '' });
  assert.deepEqual(JSON.parse(stdout), {
    formatVersion: 1,
    args: ['/a'],
    options: { logLen: 8388608, tag: [], long: true, recursive: true, fsync: true, force: 0 },
  });
  assert.equal((await run('sample /a /b')).stdout, '/a\n/b\n');
});

test('options of every command may stand before the name', async () => {
  for (const argv of ['--json sample /a', '--color never --json sample /a', '--color=never sample --json /a']) {
    assert.deepEqual(JSON.parse((await run(argv)).stdout).args, ['/a'], argv);
  }
});

test('an option of many commands may stand before the name, or after it, or both', async () => {
  const dev = { type: 'string', short: 'd', value: 'DEV', repeat: true, summary: 'a device' } as const;
  const command = { ...sample, options: { ...sample.options, dev } };
  const program: Program = {
    ...samples,
    leading: { dev },
    commands: {
      sample: async () => ({ command: command as never }),
      other: async () => ({ command: { ...sample, name: 'other', aliases: [] } }),
    },
  };
  for (const [argv, devices] of [
    ['--dev x sample /a --json', ['x']],
    ['-dx sample /a --json', ['x']],
    ['sample /a --dev x --json', ['x']],
    ['--json --dev sample sample --dev=y /a', ['sample', 'y']],
    ['-q --dev=x --json sample /a -q', ['x']],
  ] as const) {
    const { stdout, stderr } = await run(argv, {}, program);
    assert.equal(stderr, '', argv);
    assert.deepEqual([JSON.parse(stdout).options.dev, JSON.parse(stdout).args], [devices, ['/a']], argv);
  }
  // a command that has no such option refuses it there, too
  assert.match((await run('--dev x other /a', {}, program)).stderr, /^famfs other: unknown option --dev;/);
  assert.match((await run('--dev', {}, program)).stderr, /^famfs: option --dev needs a value\n$/);
  assert.match((await run('--size 1G sample /a', {}, program)).stderr, /^famfs: unknown option --size;/);
});

const wrong: readonly (readonly [argv: string, stderr: RegExp])[] = [
  ['', /^famfs: no command is given; 'famfs --help' lists them\n$/],
  ['smaple', /^famfs: unknown command 'smaple'; did you mean sample\?\n$/],
  ['zzz', /^famfs: unknown command 'zzz'; 'famfs --help' lists the commands\n$/],
  ['constructor', /^famfs: unknown command 'constructor'/],
  ['--bogus sample', /^famfs: unknown option --bogus/],
  ['-- sample', /^famfs: unknown command '--'/],
  ['-x sample', /^famfs: unknown option -x;/],
  ['-qx sample', /^famfs: unknown option -qx;/],
  ['--quiet=1 sample /a', /^famfs sample: option --quiet takes no value\n$/],
  ['sample --color pink /a', /^famfs sample: option --color: 'pink' is not allowed/],
  ['--color', /^famfs: option --color needs a value\n$/],
  ['sample', /^famfs sample: argument FILE is missing; the first file\n$/],
  ['sample --bogus', /^famfs sample: unknown option --bogus/],
];

test('a wrong command line gives one line on stderr and exit code 2', async () => {
  for (const [argv, words] of wrong) {
    const { exitCode, stdout, stderr } = await run(argv);
    assert.deepEqual({ exitCode, stdout }, { exitCode: 2, stdout: '' }, argv);
    assert.match(stderr, words, argv);
  }
});

test('in JSON mode a wrong command line is an object, even if it could not be read', async () => {
  for (const argv of ['smaple --json', '--json', 'sample --size --json', '--json sample --bogus']) {
    const { exitCode, stdout, stderr } = await run(argv);
    assert.deepEqual({ exitCode, stdout }, { exitCode: 2, stdout: '' });
    assert.equal(JSON.parse(stderr).error.code, 'USAGE', argv);
  }
  assert.match((await run('sample --bogus -- --json')).stderr, /^famfs sample: unknown/);
});

test('an alias is the command', async () => {
  assert.equal((await run('specimen /a')).stdout, '/a\n');
});

test('running a command loads its module and no other', async () => {
  const loaded: string[] = [];
  const load = (name: string) => async () => {
    loaded.push(name);
    return { command: { ...sample, name, aliases: [] } };
  };
  const program = { ...samples, commands: { one: load('one'), two: load('two'), 'group list': load('group list') } };
  await run('two /a', {}, program);
  await run('group list /a', {}, program);
  assert.deepEqual(loaded, ['two', 'group list']);
});

test('commands of a group are found, listed and suggested', async () => {
  const member = (name: string) => async () => ({ command: { ...sample, name, aliases: [] } });
  const program = { ...samples, commands: { 'dev list': member('dev list'), 'dev add': member('dev add') } };
  assert.equal((await run('dev list /a', {}, program)).stdout, '/a\n');
  assert.match(
    (await run('dev', {}, program)).stderr,
    /'dev' is not a command by itself; 'famfs dev' needs one of list, add/,
  );
  assert.match((await run('dev lsit', {}, program)).stderr, /unknown command 'dev lsit'; did you mean dev list\?/);
  assert.match((await run('dev --help', {}, program)).stdout, /dev list .*\n.*dev add/);
  assert.match((await run('dev list --help', {}, program)).stdout, /^Usage: famfs dev list /);
});

test('exit codes: 0, 1 for failures, 2 for usage, the command own ones, 128 + n for signals', async () => {
  const codes = { usage: 16, failed: 8, table: { 0: 'clean' } };
  const failure = Object.assign(new Error('no'), { code: 'NO' });
  const rows: readonly (readonly [Program, number])[] = [
    [doing(async () => EMPTY), 0],
    [doing(async () => ({ ...EMPTY, exitCode: 4 })), 4],
    [failing(failure), 1],
    [failing(new TypeError('a bug')), 1],
    [failing(new UsageError('no')), 2],
    [failing(failure, codes), 8],
    [failing(new UsageError('no'), codes), 16],
    [failing(new Interrupted('SIGINT')), 130],
    [failing(new Interrupted('SIGTERM'), codes), 143],
  ];
  for (const [program, code] of rows) assert.equal((await run('do', {}, program)).exitCode, code);
  assert.equal(
    (
      await run(
        'do --bogus',
        {},
        doing(async () => EMPTY, codes),
      )
    ).exitCode,
    16,
  );
});

test('a result that cannot be written is a failure, a reader that has gone away is not', async () => {
  const broken = (code: string) => ({
    sink: { write: () => Promise.reject(Object.assign(new Error(code), { code })) },
  });
  const full = await run('sample /a', broken('ENOSPC'));
  assert.equal(full.exitCode, 1);
  assert.equal(full.stderr, 'famfs sample: cannot write to standard output: ENOSPC\n');
  const changing = { ...sample, changes: true, args: [], exitCodes: { usage: 16, failed: 8, table: {} } };
  const repairing = async () => ({ data: {}, text: () => ['x'], exitCode: 1 });
  const command = { ...changing, run: repairing } as Command;
  const done = await run('sample', broken('ENOSPC'), { ...samples, commands: { sample: async () => ({ command }) } });
  assert.equal(done.exitCode, 9);
  assert.equal(done.stderr, 'famfs sample: cannot write to standard output: ENOSPC; its work was done nevertheless\n');
  const program = doing(async () => ({ data: {}, text: () => ['x'], exitCode: 4 }));
  assert.deepEqual(await run('do', broken('EPIPE'), program), { exitCode: 4, stdout: '', stderr: '' });
});

test('a warning is a line on stderr, an object in JSON mode, and nothing with --quiet', async () => {
  const program = doing(async (context) => {
    context.warn('SMALL', 'small');
    return EMPTY;
  });
  assert.equal((await run('do', {}, program)).stderr, 'famfs do: warning: small\n');
  assert.equal(JSON.parse((await run('do --json', {}, program)).stderr).warning.code, 'SMALL');
  assert.equal((await run('do -q', {}, program)).stderr, '');
});

test('colour goes to terminals only, unless told otherwise', async () => {
  const program = doing(async () => ({ data: {}, text: (style) => [style.red('x')] }));
  assert.equal((await run('do', {}, program)).stdout, 'x\n');
  assert.equal((await run('do --color always', {}, program)).stdout, '\x1b[31mx\x1b[39m\n');
  assert.equal((await run('do', { terminal: true }, program)).stdout, '\x1b[31mx\x1b[39m\n');
  assert.equal((await run('do', { terminal: true, env: { NO_COLOR: '1' } }, program)).stdout, 'x\n');
  assert.equal((await run('do --color never', { terminal: true }, program)).stdout, 'x\n');
});

test('errors and warnings are coloured where standard error is a terminal', async () => {
  const program = doing(async (context) => {
    context.warn('SMALL', 'small');
    throw new UsageError('no');
  });
  const onTerminal = () => {
    const written: string[] = [];
    const stderr = new PassThrough().on('data', (chunk) => written.push(String(chunk)));
    return { stderr: Object.assign(stderr, { isTTY: true }), text: () => written.join('') };
  };
  const PLAIN = 'famfs do: warning: small\nfamfs do: no\n';
  const COLOURED = 'famfs do: \x1b[33mwarning:\x1b[39m small\n\x1b[31mfamfs do:\x1b[39m no\n';
  for (const [line, env, expected] of [
    ['do', {}, COLOURED],
    ['do', { TERM: 'dumb' }, PLAIN],
    ['do', { NO_COLOR: '1' }, PLAIN],
    ['do', { FORCE_COLOR: '0' }, PLAIN],
    ['do --color never', {}, PLAIN],
    ['do --color=never', {}, PLAIN],
    ['--color=never do', { FORCE_COLOR: '1' }, PLAIN],
    ['do --color always', { NO_COLOR: '1' }, COLOURED],
  ] as const) {
    const { stderr, text } = onTerminal();
    await run(line, { stderr, env }, program);
    assert.equal(text(), expected, `${line} ${JSON.stringify(env)}`);
  }
  // a terminal on standard output alone does not colour errors
  assert.equal((await run('do', { terminal: true }, program)).stderr, PLAIN);
  assert.equal((await run('do', { env: { FORCE_COLOR: '1' } }, program)).stderr, COLOURED);
  assert.equal((await run('do --color always', {}, program)).stderr, COLOURED);
});

test('the debug variable shows the stack of an internal error', async () => {
  const program = failing(new TypeError('oops'));
  assert.doesNotMatch((await run('do', {}, program)).stderr, /run\.test/);
  assert.match((await run('do', { env: { FAMFS_DEBUG: '1' } }, program)).stderr, /run\.test/);
});

test('the version', async () => {
  assert.equal((await run('--version')).stdout, 'famfs 1.2.3\n');
  assert.equal((await run('-V')).stdout, 'famfs 1.2.3\n');
  assert.equal((await run('sample --bogus --version')).stdout, 'famfs 1.2.3\n');
  for (const argv of ['--json --version', '--version --json', '-V --json', 'sample --json -V']) {
    assert.deepEqual(JSON.parse((await run(argv)).stdout), { formatVersion: 1, name: 'famfs', version: '1.2.3' }, argv);
  }
});

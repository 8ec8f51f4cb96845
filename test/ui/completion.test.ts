import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { completionScript, type Shell } from '../../src/ui/completionScripts.js';
import { completionWords } from '../../src/ui/completionWords.js';
import { runCommand } from '../support/runCommand.js';
import { Sandbox } from '../support/sandbox.js';
import { completed } from './completed.js';

const installed = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0;
/** where the program would look for names */
const host = { env: {}, cwd: '/' };
const missing = (shell: string) => !installed(shell) && `${shell} is not installed`;

/** A folder with the script for a shell, the program in `bin`, and a file `there.img`. */
function prepare(shell: Shell): { folder: string; script: string } {
  const { folder } = new Sandbox();
  const script = join(folder, shell);
  const bin = join(folder, 'bin');
  writeFileSync(script, `${completionScript(shell, completed).join('\n')}\n`);
  writeFileSync(join(folder, 'there.img'), '');
  mkdirSync(bin);
  const program = join(import.meta.dirname, 'completed.js');
  writeFileSync(join(bin, 'famfs'), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
  chmodSync(join(bin, 'famfs'), 0o755);
  return { folder, script };
}

function runShell(shell: Shell, folder: string, script: string, words: readonly string[] = []): string {
  const { stdout, stderr } = spawnSync(shell, [...(shell === 'zsh' ? ['-f'] : []), '-c', script, shell, ...words], {
    encoding: 'utf8',
    cwd: folder,
    env: { ...process.env, PATH: `${folder}/bin:${process.env.PATH}`, HOME: folder },
  });
  assert.equal(stderr, '');
  return stdout;
}

type Row = readonly [words: string[], includes: string[], excludes: string[]];

/** What is offered for the last of `words`; where files are, `there.img`. One row for each thing that a shell does its own way. */
const throughShells: readonly Row[] = [
  [
    ['famfs', ''],
    ['sample', 'dev'],
    ['list', '--size', 'there.img'],
  ],
  [['famfs', '--dev', ''], ['there.img'], ['sample']],
  [
    ['famfs', '--'],
    ['--dev', '--json'],
    ['--size', 'sample'],
  ],
  [
    ['famfs', 'dev', ''],
    ['list', 'add'],
    ['sample', 'there.img'],
  ],
  [
    ['famfs', 'sample', '--'],
    ['--size', '--log-len', '--loglen', '--no-fsync', '--json', '--help'],
    ['--fsync', '--dev', '--s'],
  ],
  [['famfs', 'sample', '--policy', 'sp'], ['spread'], ['random']],
  [['famfs', 'sample', 'the'], ['there.img'], []],
  [['sample.famfs', '--si'], ['--size'], ['--json']],
  [['sample.famfs', ''], ['there.img'], ['sample', 'dev']],
];

/** What the shells ask the program for, where they would show the same as for a row above. */
const offered: readonly Row[] = [
  [['famfs', 'sa'], ['sample'], ['dev']],
  [
    ['famfs', '--dev', 'x', ''],
    ['sample', 'dev'],
    ['there.img', 'list'],
  ],
  [['famfs', 'dev', 'l'], ['list'], ['add']],
  [['famfs', 'sample', '-'], ['-s', '--size'], ['there.img']],
  [['famfs', 'sample', 'file', '--si'], ['--size'], ['--json']],
  [['famfs', 'dev', 'add', '--si'], ['--size'], ['--json']],
  [
    ['famfs', 'sample', '--policy', ''],
    ['random', 'spread', 'fill'],
    ['there.img', '--size'],
  ],
  [['famfs', 'sample', '--color', ''], ['auto', 'always', 'never'], ['there.img']],
  [['famfs', 'sample', ''], ['there.img'], ['--size', 'sample']],
  [['famfs', 'sample', '--name', ''], ['there.img'], ['--size']],
];

function checkRow([words, includes, excludes]: Row, found: readonly string[], by: string): void {
  const wrong = [...includes.filter((w) => !found.includes(w)), ...excludes.filter((w) => found.includes(w))];
  assert.deepEqual(wrong, [], `${by}: ${words.join(' ')}: ${found.join(' ')}`);
}

/** Each row as a shell completes it. */
function check(shell: string, complete: (words: readonly string[]) => string[]): void {
  for (const row of throughShells) checkRow(row, complete(row[0]), shell);
}

test('the program offers words, or nothing where files are, which the shell then offers', async (t) => {
  const shell = process.env.SHELL;
  t.after(() => {
    process.env.SHELL = shell;
  });
  process.env.SHELL = '/bin/bash';
  for (const row of [...throughShells, ...offered]) {
    const words = await completionWords(completed, row[0], host);
    checkRow(row, words.length === 0 ? ['there.img'] : words, 'the program');
  }
});

test('bash completes', { skip: missing('bash') }, () => {
  const { folder, script } = prepare('bash');
  // what readline does where nothing is offered: complete -o default
  const run = `. ${script}; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _famfs
    [[ \${#COMPREPLY[@]} == 0 ]] && COMPREPLY=($(compgen -f -- "\${@: -1}")); printf '%s\\n' "\${COMPREPLY[@]}"`;
  check('bash', (words) => runShell('bash', folder, run, words).split('\n'));
  assert.equal(
    runShell('bash', folder, `. ${script}; complete -p famfs sample.famfs`),
    'complete -o default -F _famfs famfs\ncomplete -o default -F _famfs sample.famfs\n',
  );
});

test('bash completes a value after an equals sign', { skip: missing('bash') }, () => {
  const { folder, script } = prepare('bash');
  const values = (words: string, at: number) =>
    runShell('bash', folder, `. ${script}; COMP_WORDS=(${words}); COMP_CWORD=${at}; _famfs; echo "\${COMPREPLY[@]}"`);
  assert.equal(values('famfs sample --policy = sp', 4), 'spread\n');
  assert.equal(values('famfs sample --policy =', 3), 'random spread fill\n');
});

test('zsh completes', { skip: missing('zsh') }, () => {
  const { folder, script } = prepare('zsh');
  // the functions of zsh's completion system that the script calls only work while a line is edited
  const run = `compdef() { : }; _describe() { print -rl -- "\${(@P)2%%:*}" }; _files() { print -rl -- *.img }
    eval "$(<${script})"; words=("$@"); CURRENT=$#; _famfs`;
  check('zsh', (words) => runShell('zsh', folder, run, words).split('\n'));
});

test('zsh reads its script', { skip: missing('zsh') }, () => {
  const { folder, script } = prepare('zsh');
  const run = `autoload -U compinit; compinit -D -u; eval "$(cat ${script})"; echo $_comps[famfs] $_comps[sample.famfs]`;
  assert.equal(runShell('zsh', folder, run), '_famfs _famfs\n');
});

test('fish completes', { skip: missing('fish') }, () => {
  const { folder, script } = prepare('fish');
  check('fish', (words) => {
    const stdout = runShell('fish', folder, `source ${script}; complete -C ${JSON.stringify(words.join(' '))}`);
    return stdout.split('\n').map((line) => line.split('\t')[0] ?? '');
  });
});

test('zsh and fish show what words mean, and complete a value in the word of its option', async () => {
  const shell = process.env.SHELL;
  try {
    process.env.SHELL = '/bin/zsh';
    assert.deepEqual(await completionWords(completed, ['famfs', 'sample', '--si'], host), ['--size:a size']);
    process.env.SHELL = '/usr/bin/fish';
    assert.deepEqual(await completionWords(completed, ['famfs', 'sam'], host), ['sample\tshow what was given']);
    assert.deepEqual(await completionWords(completed, ['famfs', 'sample', '--policy=s'], host), ['--policy=spread']);
  } finally {
    process.env.SHELL = shell;
  }
});

test('completing runs nothing, whatever is on the line', async () => {
  for (const words of [
    ['mkfs', '--force', '/dev/null', ''],
    ['--version', ''],
    ['nothing', ''],
    ['', '--'],
    ['--', ''],
  ]) {
    const { exitCode, stderr } = await runCommand(['--get-yargs-completions', 'famfs', ...words]);
    assert.deepEqual({ exitCode, stderr }, { exitCode: 0, stderr: '' }, words.join(' '));
  }
});

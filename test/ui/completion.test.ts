import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { completionScript, type Shell } from '../../src/ui/completion/index.js';
import type { Program } from '../../src/ui/registry.js';
import { sample } from '../support/sample.js';
import { Sandbox } from '../support/sandbox.js';

const member = (name: string) => async () => ({ command: { ...sample, name, aliases: [] } });
const program: Program = {
  name: 'famfs',
  version: '1',
  links: ['sample'],
  commands: { sample: member('sample'), 'dev list': member('dev list'), 'dev add': member('dev add') },
};

const installed = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0;

async function scriptFile(shell: Shell, ours = program): Promise<string> {
  const path = join(new Sandbox().folder, shell);
  writeFileSync(path, `${(await completionScript(shell, ours)).join('\n')}\n`);
  return path;
}

/** What is offered for the last of `words`. */
const offered: readonly (readonly [words: string[], includes: string[], excludes: string[]])[] = [
  [
    ['famfs', ''],
    ['sample', 'dev'],
    ['list', '--size'],
  ],
  [['famfs', 'sa'], ['sample'], ['dev']],
  [['famfs', 'dev', ''], ['list', 'add'], ['sample']],
  [['famfs', 'dev', 'l'], ['list'], ['add']],
  [['famfs', 'sample', '--'], ['--size', '--log-len', '--loglen', '--no-fsync', '--json', '--help'], ['--fsync']],
  [['famfs', 'sample', 'file', '--si'], ['--size'], ['--json']],
  [['famfs', 'dev', 'add', '--si'], ['--size'], ['--json']],
  [['famfs', 'sample', '--policy', ''], ['random', 'spread', 'fill'], []],
  [['famfs', 'sample', '--policy', 'sp'], ['spread'], ['random']],
  [['famfs', 'sample', '--color', ''], ['auto', 'always', 'never'], []],
  [['sample.famfs', '--si'], ['--size'], ['--json']],
];

function check(shell: string, complete: (words: readonly string[]) => string[]): void {
  for (const [words, includes, excludes] of offered) {
    const found = complete(words);
    const wrong = [...includes.filter((w) => !found.includes(w)), ...excludes.filter((w) => found.includes(w))];
    assert.deepEqual(wrong, [], `${shell}: ${words.join(' ')}: ${found.join(' ')}`);
  }
}

test('bash completes', async () => {
  const path = await scriptFile('bash');
  check('bash', (words) => {
    const script = `. ${path}; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _famfs; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', ...words], { encoding: 'utf8' });
    assert.equal(stderr, '');
    return stdout.split('\n');
  });
});

test('bash completes a value after an equals sign', async () => {
  const path = await scriptFile('bash');
  const script = `. ${path}; COMP_WORDS=(famfs sample --policy = sp); COMP_CWORD=4; _famfs; echo "\${COMPREPLY[@]}"`;
  assert.equal(spawnSync('bash', ['-c', script], { encoding: 'utf8' }).stdout, 'spread\n');
});

test('fish completes', { skip: !installed('fish') && 'fish is not installed' }, async () => {
  const path = await scriptFile('fish');
  check('fish', (words) => {
    const script = `source ${path}; complete -C ${JSON.stringify(words.join(' '))}`;
    const { stdout } = spawnSync('fish', ['-c', script], { encoding: 'utf8' });
    return stdout.split('\n').map((line) => line.split('\t')[0] ?? '');
  });
});

test('zsh reads its script', { skip: !installed('zsh') && 'zsh is not installed' }, async () => {
  const path = await scriptFile('zsh');
  const script = `autoload -U compinit; compinit -D -u; eval "$(cat ${path})"; echo $_comps[famfs] $_comps[sample.famfs]`;
  const { stdout, stderr } = spawnSync('zsh', ['-f', '-c', script], { encoding: 'utf8' });
  assert.deepEqual({ stdout, stderr }, { stdout: '_famfs _famfs\n', stderr: '' });
});

test('quotes and brackets in a summary are no syntax', async () => {
  const odd = { ...sample, options: { odd: { type: 'string', summary: `it's [a]: "b" $c` } } } as const;
  const oddProgram = { ...program, commands: { sample: async () => ({ command: odd as never }) } };
  for (const shell of ['bash', 'zsh', 'fish'] as const) {
    if (!installed(shell)) continue;
    const { status, stderr } = spawnSync(shell, ['-n', await scriptFile(shell, oddProgram)], { encoding: 'utf8' });
    assert.equal(status, 0, `${shell}: ${stderr}`);
  }
});

/** fsck on a terminal: it shows what it found, then asks. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GOLDEN_MASTER, goldenImage } from '../../support/golden.js';
import { Head } from '../../support/head.js';
import { pokeHeader, pokeSuperblock } from '../../support/patch.js';
import { MIB, Sandbox, stdinOf } from '../../support/sandbox.js';

const sandbox = new Sandbox(GOLDEN_MASTER);

function answer(image: string, ...words: string[]) {
  const stdin = Object.assign(stdinOf(words.map((word) => `${word}\n`).join('')), { isTTY: true });
  return sandbox.run(['fsck', '--no-undo', image], {
    stdin: stdin as never,
    terminal: true,
    env: { ...sandbox.env, NO_COLOR: '1' },
  });
}

function damaged(): string {
  return goldenImage('g2', sandbox.folder, (i) => [pokeHeader(i, 'crc', 1, false), pokeSuperblock(i, 'padding', 1)]);
}

test('the findings are shown once, above the first question', async () => {
  const image = damaged();
  const { exitCode, stdout, stderr } = await answer(image, 'y', 'n');
  assert.equal(exitCode, 1 | 4, stderr);
  const found = stderr.indexOf('error LOG_CRC');
  const asked = stderr.indexOf('(y/n)');
  assert.ok(found >= 0 && found < asked && stderr.indexOf('error SB_RESERVED') < asked, stderr);
  assert.equal(stderr.match(/error LOG_CRC/g)?.length, 1, stderr);
  // what is left is said after the repairs
  assert.equal(stdout.match(/error LOG_CRC/g)?.length, 1, stdout);
  assert.doesNotMatch(stdout, /error SB_RESERVED/);
});

test('an answer of no changes nothing', async () => {
  const image = damaged();
  const before = new Head(image, 10 * MIB);
  assert.equal((await answer(image, 'n', 'n')).exitCode, 4);
  assert.ok(before.isUnchanged());
});

test('where there is nothing to ask, the findings are on standard output', async () => {
  const image = goldenImage('g12', sandbox.folder);
  const { stdout, stderr } = await answer(image);
  assert.match(stdout, /^error EXTENT_OVERLAP/m);
  assert.equal(stderr, '');
});

test('the end of input is a no to every question', async () => {
  const image = damaged();
  const before = new Head(image, 10 * MIB);
  const { exitCode, stderr } = await answer(image);
  assert.deepEqual([exitCode, stderr.match(/\(y\/n\)/g)?.length], [4, 2]);
  assert.ok(before.isUnchanged());
});

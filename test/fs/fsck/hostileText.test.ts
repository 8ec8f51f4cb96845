/** Paths that would control a terminal: escaped in text, unchanged in JSON. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GOLDEN_MASTER, goldenImage } from '../../support/golden.js';
import { pokePayload } from '../../support/patch.js';
import { Sandbox } from '../../support/sandbox.js';

const sandbox = new Sandbox(GOLDEN_MASTER);

const NAMES: readonly [string, Buffer, string][] = [
  ['ANSI escape', Buffer.from('a\x1b[2J\x1b]0;title\x07b'), 'a\x1b[2J\x1b]0;title\x07b'],
  ['newline', Buffer.from('a\nerror FAKE (log entry 1)'), 'a\nerror FAKE (log entry 1)'],
  ['direction override', Buffer.from('a\u202egnp.exe'), 'a\u202egnp.exe'],
  ['invalid UTF-8', Buffer.from([0x61, 0xff, 0xc3, 0x28]), 'a\udcff\udcc3('],
  ['C1 control', Buffer.from('a\u009b31m'), 'a\u009b31m'],
];
const COMMANDS = [
  ['ls', '-lR', '--dev'],
  ['logplay', '--dev'],
  ['showfmap', '--all', '--dev'],
  ['fsck', '-n'],
];

for (const [what, bytes, text] of NAMES) {
  test(`a path with ${what}`, async () => {
    const image = goldenImage('g2', sandbox.folder, (i) => {
      pokePayload(i, 12, 'file', 'path', Buffer.concat([bytes, Buffer.alloc(80 - bytes.length)]));
    });
    for (const argv of COMMANDS) {
      const { stdout, stderr } = await sandbox.run([...argv, image]);
      assert.doesNotMatch(stdout + stderr, /[^\P{Cc}\n\t]|[\u202a-\u202e]/u, argv[0]);
      assert.doesNotMatch(stdout, /^error FAKE/m, argv[0]);
    }
    const { entries } = await sandbox.json<{ entries: { path: string }[] }>(['ls', '-R', '--dev', image]);
    assert.ok(
      entries.some(({ path }) => path === text),
      JSON.stringify(entries.map(({ path }) => path)),
    );
  });
}

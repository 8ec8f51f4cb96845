/** Names that try to reach the terminal. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GOLDEN_MASTER, goldenImage } from '../support/golden.js';
import { pokePayload } from '../support/patch.js';
import { Sandbox } from '../support/sandbox.js';

test('hostile names are escaped in text and faithful in JSON', async () => {
  const sandbox = new Sandbox(GOLDEN_MASTER);
  const name = Buffer.concat([Buffer.from('a\x1b[2J\n\xff\xfe', 'latin1'), Buffer.alloc(80)]).subarray(0, 80);
  const dev = ['--dev', goldenImage('g2', sandbox.folder, (image) => pokePayload(image, 3, 'file', 'path', name))];
  for (const argv of [['ls'], ['ls', '-lR'], ['logplay'], ['showfmap', '--all'], ['fsck', dev[1] as string]]) {
    const { stdout } = await sandbox.run(argv[0] === 'fsck' ? argv : [...argv, ...dev]);
    assert.ok(!stdout.includes('\x1b'), argv.join(' '));
    assert.ok(stdout.includes('a\\x1b[2J\\n'), `${argv.join(' ')}: ${stdout}`);
  }
  const { entries } = await sandbox.json<{ entries: { path: string }[] }>(['ls', ...dev]);
  assert.ok(entries.some(({ path }) => path === 'a\x1b[2J\n\udcff\udcfe'));
});

test('hostile names are escaped while a log is followed, too', async () => {
  const sandbox = new Sandbox(GOLDEN_MASTER);
  const name = Buffer.concat([Buffer.from('a\x1b[2J\n', 'latin1'), Buffer.alloc(80)]).subarray(0, 80);
  const dev = ['--dev', goldenImage('g2', sandbox.folder, (image) => pokePayload(image, 12, 'file', 'path', name))];
  const follow = async (terminal: boolean) => {
    const controller = new AbortController();
    const overrides = { signal: controller.signal, terminal };
    const running = sandbox.run(['logplay', '--follow', '--interval', '1', ...dev], overrides);
    await new Promise((resolve) => setTimeout(resolve, 300));
    controller.abort(new Error('enough'));
    return (await running).stdout;
  };
  const text = await follow(false);
  assert.ok(text.includes('a\\x1b[2J\\n'), text);
  assert.ok(!text.includes('\x1b'), text);
  assert.ok(!(await follow(true)).includes('\x1b[2J'));
});

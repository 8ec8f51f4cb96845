/** Names that try to reach the terminal. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { GOLDEN_MASTER, goldenImage } from '../support/golden.js';
import { pokePayload } from '../support/patch.js';
import { MIB, Sandbox, sandboxWithFs } from '../support/sandbox.js';

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

test('new names that are not UTF-8 need --allow-bytes; what exists is used as before', async () => {
  const sandbox = await sandboxWithFs(256 * MIB);
  const before = await sandbox.ok(['info', '--json']);
  writeFileSync(join(sandbox.folder, 'src'), 'bytes');
  const odd = 'a\udcff';
  const commands: readonly string[][] = [
    ['mkdir', odd],
    ['mkdir', '-p', `${odd}/b/c`],
    ['creat', '-s', '1', odd],
    ['creat', '--multi', `${odd},1`],
    ['creat', '--zero', '-s', '1', 'fine', odd],
    ['cp', 'src', odd],
  ];
  const from = () => ({ stdin: Readable.from([Buffer.from('a\xff 1\n', 'latin1')]) });
  for (const argv of commands)
    assert.match((await sandbox.run([...argv, '--json'])).stderr, /NOT_UTF8/, argv.join(' '));
  const list = await sandbox.error(['creat', '--from', '-'], from());
  assert.deepEqual([list.code, list.exitCode], ['NOT_UTF8', 1]);
  assert.match(list.hint ?? '', /--allow-bytes/);
  assert.equal(await sandbox.ok(['info', '--json']), before);

  await sandbox.ok(['mkdir', '--allow-bytes', odd]);
  await sandbox.ok(['creat', '--allow-bytes', '-s', '5', `${odd}/f`]);
  await sandbox.ok(['cp', '--allow-bytes', 'src', `${odd}/g`]);
  await sandbox.ok(['cp', 'src', `${odd}/g`]);
  await sandbox.ok(['creat', '--exist-ok', '-s', '5', `${odd}/f`]);
  await sandbox.ok(['mkdir', '-p', odd]);
  assert.match((await sandbox.run(['mkdir', '--json', `${odd}/new`])).stderr, /NOT_UTF8/);
  const { exitCode, stdout } = await sandbox.run(['fsck', '-n', '--json']);
  assert.deepEqual([exitCode, JSON.parse(stdout).found.counts], [0, { PATH_BYTES: 3 }]);

  await sandbox.ok(['creat', '-s', '5', 'plain']);
  const mv = ['mv', '--clients-unmounted'];
  for (const target of ['b\udcff', odd]) assert.equal((await sandbox.error([...mv, 'plain', target])).code, 'NOT_UTF8');
  await sandbox.ok([...mv, `${odd}/f`, `${odd}/moved`]);
  await sandbox.ok([...mv, '--allow-bytes', 'plain', odd]);
});

test('of a tree, only what has such a name is left out', async () => {
  const sandbox = await sandboxWithFs(256 * MIB);
  const folder = join(sandbox.folder, 'tree');
  mkdirSync(folder);
  for (const name of ['a', 'b\xff', 'c']) writeFileSync(Buffer.from(join(folder, name), 'latin1'), name);
  const { exitCode, stdout } = await sandbox.run(['cp', '-r', 'tree', '/', '--json']);
  const { files, failed } = JSON.parse(stdout) as { files: { path: string }[]; failed: { code: string }[] };
  assert.deepEqual(
    [exitCode, files.map(({ path }) => path), failed.map(({ code }) => code)],
    [1, ['tree/a', 'tree/c'], ['NOT_UTF8']],
  );
  await sandbox.ok(['cp', '-r', '--allow-bytes', 'tree/.', '/tree']);
  await sandbox.ok(['get', '-r', 'tree', 'out']);
  assert.deepEqual(readdirSync(join(sandbox.folder, 'out'), 'latin1'), readdirSync(folder, 'latin1'));
});

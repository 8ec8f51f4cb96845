/** What a server that was killed has left: the next one commits it, or says why not and leaves it. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathBytes } from '../../../src/format/path.js';
import { FamfsServer } from '../../../src/fs/serve/famfsServer.js';
import type { ServeOptions } from '../../../src/fs/serve/serveOptions.js';
import { OP, rename2In, SET } from '../../support/fuseWire.js';
import { PoolSandbox } from '../../support/pool.js';
import { close, create, mkdir, serveSandbox, stop } from '../../support/servedStand.js';
import { cString, pack } from '../../support/testKernel.js';

const O_WRONLY = 1;
/** of no process: above all that Linux gives out */
const GONE = 4_200_000;

async function sandboxOf(...sizes: number[]) {
  const sandbox = new PoolSandbox();
  await sandbox.makePool(...sizes);
  const { fsUuid } = await sandbox.json<{ fsUuid: string }>(['info']);
  const folder = join(sandbox.folder, `famfs-staged-${process.geteuid?.()}-${fsUuid}`);
  /** leaves something as a server that is gone would have */
  const leave = (kind: 'd' | 'f', path: string, bytes = '', mode = '640') => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const name = [kind, GONE, 2 ** 40, mode, 12, 13, pathBytes(path).toString('base64url')].join('-');
    writeFileSync(join(folder, name), bytes);
    return name;
  };
  return { sandbox, folder, leave };
}

test('what was closed has a name that says all of it, and follows each change, until it is committed or removed', async () => {
  const { sandbox, folder } = await sandboxOf(256);
  const stand = serveSandbox(sandbox, { linger: 3_600_000 });
  const { kernel } = stand;
  await kernel.init();
  const kept = () => readdirSync(folder).map((name) => name.replace(/-\d+-\d+-/, '-'));
  const text = (path: string) => Buffer.from(path).toString('base64url');
  const node = await create(kernel, 1, 'one');
  await kernel.write(node, 0, Buffer.from('bytes'));
  assert.deepEqual(kept(), [], 'not closed yet');
  await close(kernel, node, O_WRONLY);
  assert.deepEqual(kept(), [`f-640-12-12-${text('one')}`]);
  assert.equal(readFileSync(join(folder, readdirSync(folder)[0] as string), 'utf8'), 'bytes');
  await kernel.setattr(node, { valid: SET.MODE, mode: 0o100600 });
  const rename = Buffer.concat([pack(rename2In, { newParent: 1 }), cString('one'), cString('two')]);
  assert.equal((await kernel.ask(OP.RENAME2, 1, rename)).error, 0);
  assert.deepEqual(kept(), [`f-600-12-12-${text('two')}`]);
  const directory = await mkdir(kernel, 1, 'd');
  await kernel.setattr(directory, { valid: SET.MODE, mode: 0o40700 });
  assert.deepEqual(kept().sort(), [`d-700-0-0-${text('d')}`, `f-600-12-12-${text('two')}`]);
  assert.equal((await kernel.ask(OP.UNLINK, 1, cString('two'))).error, 0);
  assert.deepEqual(kept(), [`d-700-0-0-${text('d')}`]);
  await stop(stand);
  assert.ok(!readdirSync(sandbox.folder).some((name) => name.startsWith('famfs-staged-')));
});

test('the next server commits what was left, before it answers', async () => {
  const { sandbox, folder, leave } = await sandboxOf(256);
  leave('f', 'd/e/file', 'bytes');
  leave('d', 'd/e', '', '700');
  leave('d', 'd');
  leave('f', 'empty-mode', 'x', '0');
  const stand = serveSandbox(sandbox, { linger: 3_600_000 });
  await stand.kernel.init();
  assert.deepEqual(
    (await sandbox.entries()).map(({ path, size, mode }) => [path, size, mode]),
    [
      ['d', 0, '0640'],
      ['empty-mode', 1, '0000'],
      ['d/e', 0, '0700'],
      ['d/e/file', 5, '0640'],
    ],
  );
  assert.deepEqual(readdirSync(folder), []);
  const { node } = await stand.kernel.walk('d/e/file');
  assert.equal((await stand.kernel.read(node, 0, 100)).body.toString(), 'bytes');
  assert.deepEqual(stand.log, ['4 of 4 files and directories left by an earlier server are committed now']);
});

test('a file that was emptied after it was closed is not counted as committed', async () => {
  const { sandbox, folder, leave } = await sandboxOf(256);
  const emptied = leave('f', 'emptied');
  leave('f', 'file', 'bytes');
  const stand = serveSandbox(sandbox);
  await stand.kernel.init();
  assert.deepEqual(stand.log, ['1 of 2 files and directories left by an earlier server are committed now']);
  assert.deepEqual(
    (await sandbox.entries()).map(({ path }) => path),
    ['file'],
  );
  assert.equal((await stand.kernel.walk('emptied')).size, 0);
  assert.equal(readdirSync(folder).length, 1);
  assert.ok(!readdirSync(folder).includes(emptied), 'it has the name that this server gives it');
});

test('names that are not UTF-8 are committed byte by byte', async () => {
  const { sandbox, folder, leave } = await sandboxOf(256);
  const paths = ['d\udcff', 'd\udcff/f\udcfe', 'd\udcff/f\udcff'];
  leave('d', 'd\udcff');
  for (const path of paths.slice(1)) leave('f', path, 'bytes');
  const stand = serveSandbox(sandbox);
  await stand.kernel.init();
  assert.deepEqual(
    (await sandbox.entries()).map(({ path }) => path),
    paths,
  );
  assert.deepEqual(readdirSync(folder), []);
});

test('what is in the log already is not made again: a server may be killed between append and removal', async () => {
  const { sandbox, folder, leave } = await sandboxOf(256);
  writeFileSync(join(sandbox.folder, 'source'), 'the same bytes');
  await sandbox.ok(['mkdir', 'd']);
  for (const path of ['d/same', 'd/other', 'd/longer']) await sandbox.ok(['cp', 'source', path]);
  leave('d', 'd');
  leave('f', 'd/same', 'the same bytes');
  const others = [leave('f', 'd/other', 'THE same bytes'), leave('f', 'd/longer', 'the same bytes, and more')];
  const stand = serveSandbox(sandbox);
  await stand.kernel.init();
  assert.deepEqual(readdirSync(folder).sort(), others.sort());
  assert.equal(stand.log.filter((line) => /cannot be recovered from .*exists, with other bytes/.test(line)).length, 2);
  await stop(stand);
  assert.deepEqual(readdirSync(folder).sort(), others.sort());
});

test('what cannot be committed stays, and is tried again by the next mount', async () => {
  const { sandbox, folder, leave } = await sandboxOf(32);
  await sandbox.ok(['creat', '-s', '20M', 'before']);
  const lost = leave('f', 'missing/file', 'x');
  leave('f', 'large', 'x'.repeat(9 * 1024 * 1024));
  for (let round = 0; round < 2; round++) {
    const stand = serveSandbox(sandbox);
    await stand.kernel.init();
    assert.equal((await sandbox.entries()).length, 1);
    assert.equal((await stand.kernel.walk('large')).size, 9 * 1024 * 1024);
    await stop(stand);
    assert.equal(readdirSync(folder).length, 2);
    assert.ok(readdirSync(folder).includes(lost));
    const told = stand.log.join('\n');
    assert.match(told, /^missing\/file: cannot be recovered from \/.*: missing\/file has no directory/m);
    assert.match(told, /^large: not committed: no room/m);
    assert.match(told, /^large: was not committed; it is kept as \/.* for the next mount/m);
  }
});

test('nothing but what a server can have left is touched', async () => {
  const { sandbox, folder, leave } = await sandboxOf(256);
  writeFileSync(join(sandbox.folder, 'elsewhere'), 'secret');
  const names = [
    leave('f', '../up', 'x'),
    leave('f', '.meta/x', 'x'),
    leave('f', 'a\u0000b', 'x'),
    leave('f', `/${'x'.repeat(79)}`, 'x'),
    leave('f', '', 'x'),
  ];
  const link = `f-${GONE}-1-640-0-0-${Buffer.from('link').toString('base64url')}`;
  symlinkSync(join(sandbox.folder, 'elsewhere'), join(folder, link));
  const live = `f-1-1-640-0-0-${Buffer.from('live').toString('base64url')}`;
  writeFileSync(join(folder, live), 'x');
  mkdirSync(join(folder, 'a folder'));
  const before = readdirSync(folder).sort();
  assert.ok(before.length >= names.length + 2);
  const stand = serveSandbox(sandbox);
  await stand.kernel.init();
  assert.deepEqual(await sandbox.entries(), []);
  assert.deepEqual(readdirSync(folder).sort(), before);
  assert.equal(readFileSync(join(sandbox.folder, 'elsewhere'), 'utf8'), 'secret');
});

test('a folder that is not of this user alone is refused before anything is mounted', async () => {
  const { sandbox, folder } = await sandboxOf(256);
  mkdirSync(folder, { mode: 0o755 });
  const host = { env: sandbox.env, cwd: sandbox.folder, warn: () => {} };
  const options = {
    readOnly: false,
    staging: sandbox.folder,
    layout: { policy: 'random', contiguous: false },
  } as ServeOptions;
  assert.throws(() => FamfsServer.open(host, [], options, () => {}), { code: 'NO_DIRECTORY' });
});

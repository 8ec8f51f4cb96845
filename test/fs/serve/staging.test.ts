/** New files: staged until they are closed, then in the log with all their bytes. */
import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ServeOptions } from '../../../src/fs/serve/serveOptions.js';
import { fallocateIn, fsyncIn, getxattrIn, OP, rename2In, SET, setxattrIn } from '../../support/fuseWire.js';
import { entryOffset, pokeExtent } from '../../support/patch.js';
import { overwrite, PoolSandbox } from '../../support/pool.js';
import { Random } from '../../support/random.js';
import { firstBytes, MIB, stdinOf } from '../../support/sandbox.js';
import { close, create, mkdir, open, serveSandbox, stop, until } from '../../support/servedStand.js';
import { cString, pack } from '../../support/testKernel.js';

const { EEXIST, ENOSPC, ENOTEMPTY, EPERM } = constants.errno;
const O_RDONLY = 0;
const O_WRONLY = 1;

async function stand({ sizes = [256, 256], ...options }: Partial<ServeOptions> & { sizes?: number[] } = {}) {
  const sandbox = new PoolSandbox();
  await sandbox.makePool(...sizes);
  const served = serveSandbox(sandbox, options);
  await served.kernel.init();
  const list = () => sandbox.entries();
  /** the bytes of a file, past the mount */
  const bytesOf = async (path: string) => {
    const copy = join(sandbox.folder, 'copy');
    rmSync(copy, { force: true });
    await sandbox.ok(['get', path, copy]);
    return readFileSync(copy);
  };
  return { sandbox, ...served, list, bytesOf };
}

test('a file is committed after its last writer has closed it, with its bytes, mode and owner', async (t) => {
  const { kernel, list, bytesOf, log, sandbox } = await stand();
  const node = await create(kernel, 1, 'new');
  const bytes = new Random(t).bytes(3 * MIB + 17);
  for (let at = 0; at < bytes.length; at += 100_000)
    assert.equal(await kernel.write(node, at, bytes.subarray(at, at + 100_000)), Math.min(100_000, bytes.length - at));
  assert.equal(await open(kernel, node, O_WRONLY), 0);
  assert.equal(await close(kernel, node, O_WRONLY), 0);
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.deepEqual(await list(), [], 'one writer is left');
  assert.equal(await close(kernel, node, O_WRONLY), 0);
  await until('committed', async () => (await list()).length === 1);
  const [entry] = await list();
  assert.deepEqual([entry?.path, entry?.size, entry?.mode, entry?.uid], ['new', bytes.length, '0640', 12]);
  assert.ok((await bytesOf('new')).equals(bytes));
  // the node is the same, and its bytes are read from the memory now
  assert.equal((await kernel.walk('new')).node, node);
  assert.ok((await kernel.read(node, 1_000_000, 100_000)).body.equals(bytes.subarray(1_000_000, 1_100_000)));
  assert.equal(await kernel.write(node, 5, Buffer.from('changed')), 7);
  assert.equal((await bytesOf('new')).toString('latin1', 5, 12), 'changed');
  assert.deepEqual(log, []);
  assert.equal((await sandbox.fsck('-n')).errors, 0);
});

test('fsync commits at once, while the file is open', async () => {
  const { kernel, list } = await stand();
  const node = await create(kernel, 1, 'synced');
  await kernel.write(node, 0, Buffer.from('bytes'));
  assert.equal((await kernel.ask(OP.FSYNC, node, pack(fsyncIn, {}))).error, 0);
  assert.deepEqual(
    (await list()).map(({ path, size }) => [path, size]),
    [['synced', 5]],
  );
  assert.equal(await kernel.write(node, 0, Buffer.from('BYTES')), 5);
  assert.equal(await kernel.write(node, 5, Buffer.from('more')), -EPERM);
});

test('fsync of a directory commits all that was closed; to open the log does not', async () => {
  const { kernel, list } = await stand({ linger: 3_600_000 });
  const node = await create(kernel, 1, 'closed');
  await kernel.write(node, 0, Buffer.from('x'));
  await close(kernel, node, O_WRONLY);
  assert.equal(await open(kernel, (await kernel.walk('.meta/.log')).node, O_RDONLY), 0);
  assert.equal((await list()).length, 0);
  assert.equal((await kernel.ask(OP.FSYNCDIR, 1, pack(fsyncIn, {}))).error, 0);
  assert.equal((await list()).length, 1);
});

test('the end of the mount commits what was closed, and says what is lost', async () => {
  const all = await stand();
  const { kernel, list, log } = all;
  const node = await create(kernel, 1, 'kept');
  await kernel.write(node, 0, Buffer.from('x'));
  await create(kernel, 1, 'empty');
  await stop(all);
  assert.deepEqual(
    (await list()).map(({ path }) => path),
    ['kept'],
  );
  assert.equal(log.length, 1);
  assert.match(log[0] ?? '', /^empty: /);
});

test('a size for an empty file places it at once, filled with zeros', async () => {
  const { kernel, list, bytesOf, sandbox } = await stand();
  await sandbox.ok(['creat', '-s', '1M', 'before', '--seed', '1']);
  const truncated = await create(kernel, 1, 'truncated');
  assert.equal((await kernel.setattr(truncated, { valid: SET.SIZE, size: 3_000_001 })).error, 0);
  const allocated = await create(kernel, 1, 'allocated');
  assert.equal((await kernel.ask(OP.FALLOCATE, allocated, pack(fallocateIn, { length: 5000 }))).error, 0);
  assert.deepEqual(
    (await list()).map(({ path, size }) => [path, size]),
    [
      ['allocated', 5000],
      ['before', MIB],
      ['truncated', 3_000_001],
    ],
  );
  assert.ok((await bytesOf('truncated')).equals(Buffer.alloc(3_000_001)));
  assert.equal(await kernel.write(truncated, 3_000_000, Buffer.from('end')), 1);
  assert.equal((await kernel.setattr(truncated, { valid: SET.SIZE, size: 3_000_001 })).error, 0);
});

test('before it is committed a file can grow, shrink, change its mode and name, and go', async () => {
  const { kernel, list } = await stand();
  const directory = await mkdir(kernel, 1, 'd');
  const rename = async (from: string, to: string, parent = 1) => {
    const payload = Buffer.concat([pack(rename2In, { newParent: parent }), cString(from), cString(to)]);
    return (await kernel.ask(OP.RENAME2, 1, payload)).error;
  };
  const node = await create(kernel, 1, 'first');
  await kernel.write(node, 0, Buffer.alloc(1000, 'x'));
  assert.equal((await kernel.setattr(node, { valid: SET.SIZE, size: 10 })).error, 0);
  assert.equal((await kernel.setattr(node, { valid: SET.MODE, mode: 0o100600 })).error, 0);
  assert.equal(await rename('first', 'second', directory), 0);
  const other = await create(kernel, 1, 'other');
  await kernel.write(other, 0, Buffer.from('other'));
  const victim = await create(kernel, 1, 'victim');
  assert.equal(await rename('other', 'victim'), 0);
  assert.equal(await kernel.lookup(1, 'other'), undefined);
  assert.equal((await kernel.walk('victim')).node, other);
  const gone = await create(kernel, 1, 'gone');
  await kernel.write(gone, 0, Buffer.from('still readable'));
  assert.equal((await kernel.ask(OP.UNLINK, 1, cString('gone'))).error, 0);
  assert.equal((await kernel.read(gone, 0, 100)).body.toString(), 'still readable');
  for (const id of [node, other, victim, gone]) await close(kernel, id, O_WRONLY);
  await until('committed', async () => (await list()).length === 3);
  assert.deepEqual(
    (await list()).map(({ path, size, mode }) => [path, size, mode]),
    [
      ['d', 0, '0750'],
      ['victim', 5, '0640'],
      ['d/second', 10, '0600'],
    ],
  );
});

test('a directory can be changed and removed until it is committed, by itself or by what is in it', async () => {
  const { kernel, list } = await stand({ linger: 3_600_000 });
  const outer = await mkdir(kernel, 1, 'outer');
  const inner = await mkdir(kernel, outer, 'inner');
  const gone = await mkdir(kernel, outer, 'gone');
  assert.equal(await mkdir(kernel, outer, 'inner'), -EEXIST);
  assert.equal((await kernel.setattr(outer, { valid: SET.MODE, mode: 0o40700 })).error, 0);
  assert.equal((await kernel.setattr(gone, { valid: SET.MODE, mode: 0o40700 })).error, 0);
  assert.equal((await kernel.ask(OP.RMDIR, 1, cString('outer'))).error, ENOTEMPTY);
  assert.equal((await kernel.ask(OP.RMDIR, outer, cString('gone'))).error, 0);
  assert.equal(await kernel.lookup(outer, 'gone'), undefined);
  const renamed = Buffer.concat([pack(rename2In, { newParent: 1 }), cString('inner'), cString('moved')]);
  assert.equal((await kernel.ask(OP.RENAME2, outer, renamed)).error, 0);
  assert.equal((await kernel.walk('moved')).node, inner);
  assert.equal((await kernel.walk('outer')).nlink, 2);
  assert.deepEqual(await list(), []);
  const node = await create(kernel, outer, 'file');
  await kernel.write(node, 0, Buffer.from('x'));
  assert.equal((await kernel.ask(OP.FSYNC, node, pack(fsyncIn, {}))).error, 0);
  const names = async () => (await list()).map(({ path, mode }) => [path, mode]);
  assert.deepEqual(await names(), [
    ['outer', '0700'],
    ['outer/file', '0640'],
  ]);
  assert.equal((await kernel.setattr(outer, { valid: SET.MODE, mode: 0o40700 })).error, 0, 'what it is already');
  assert.equal((await kernel.setattr(outer, { valid: SET.MODE, mode: 0o40755 })).error, EPERM);
  assert.equal((await kernel.ask(OP.FSYNCDIR, inner, pack(fsyncIn, {}))).error, 0);
  assert.deepEqual((await names())[0], ['moved', '0750']);
  assert.equal((await kernel.ask(OP.RMDIR, 1, cString('moved'))).error, EPERM);
});

test('a directory is committed when nothing has happened to it for a while', async () => {
  const { kernel, list } = await stand();
  await mkdir(kernel, await mkdir(kernel, 1, 'outer'), 'inner');
  await until('committed', async () => (await list()).length === 2);
});

test('a mode that is set while a file is committed is that of the log', async () => {
  const { kernel, list } = await stand({ linger: 3_600_000 });
  for (let round = 0; round < 10; round++) {
    const node = await create(kernel, 1, `f${round}`);
    await kernel.write(node, 0, Buffer.alloc(100_000, 'x'));
    const syncing = kernel.ask(OP.FSYNC, node, pack(fsyncIn, {}));
    let mode = 0o640;
    for (let i = 1; i < 20; i++) {
      const { error } = await kernel.setattr(node, { valid: SET.MODE, mode: 0o100600 + i });
      if (error === 0) mode = 0o600 + i;
      else assert.equal(error, EPERM);
    }
    assert.equal((await syncing).error, 0);
    assert.equal((await list()).find(({ path }) => path === `f${round}`)?.mode, `0${mode.toString(8)}`);
  }
});

test('a directory that another writer makes is theirs, and what is in it stays', async () => {
  const { kernel, sandbox, list, log } = await stand({ linger: 3_600_000 });
  const directory = await mkdir(kernel, 1, 'd');
  const node = await create(kernel, directory, 'file');
  await kernel.write(node, 0, Buffer.from('x'));
  await sandbox.ok(['mkdir', '-m', '0711', 'd']);
  await until('theirs is seen', async () => ((await kernel.walk('d')).mode & 0o777) === 0o711);
  assert.equal((await kernel.ask(OP.FSYNC, node, pack(fsyncIn, {}))).error, 0);
  assert.deepEqual(
    (await list()).map(({ path }) => path),
    ['d', 'd/file'],
  );
  assert.deepEqual(log, []);
});

test('no room: the close fails, one line says so, the file stays, and is committed once there is room', async () => {
  const { kernel, list, log } = await stand({ sizes: [32] });
  const large = await create(kernel, 1, 'large');
  assert.equal((await kernel.setattr(large, { valid: SET.SIZE, size: 0 })).error, 0);
  await kernel.write(large, 60 * MIB, Buffer.from('end'));
  assert.equal(await close(kernel, large, O_WRONLY), ENOSPC);
  assert.equal((await kernel.ask(OP.FSYNC, large, pack(fsyncIn, {}))).error, ENOSPC);
  assert.equal(log.length, 1, log.join('\n'));
  assert.match(log[0] ?? '', /^large: not committed: /);
  assert.equal((await kernel.read(large, 60 * MIB, 10)).body.toString(), 'end');
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.deepEqual(await list(), []);
  await open(kernel, large, O_WRONLY);
  assert.equal((await kernel.setattr(large, { valid: SET.SIZE, size: 8 * MIB })).error, 0);
  assert.equal(await close(kernel, large, O_WRONLY), 0);
  await until('committed', async () => (await list()).length === 1);
});

test('no slot: mkdir and close fail where the log has no slot for the name', async () => {
  const sandbox = new PoolSandbox();
  await sandbox.ok(['mkfs', '--alloc-unit', '4k', '--size', '256M', join(sandbox.folder, 'p1.img')]);
  sandbox.env.FAMFS_DEV = join(sandbox.folder, 'p1.img');
  const plain = Array.from({ length: 15_419 }, (_, i) => `f${i} 1`).join('\n');
  await sandbox.ok(['creat', '--from', '-'], { stdin: stdinOf(plain) });
  const { kernel, log } = serveSandbox(sandbox, { linger: 3_600_000 });
  await kernel.init();
  const last = await create(kernel, 1, 'last');
  await kernel.write(last, 0, Buffer.from('x'));
  assert.equal(await close(kernel, last, O_WRONLY), 0);
  assert.equal(await mkdir(kernel, 1, 'folder'), -ENOSPC);
  const more = await create(kernel, 1, 'more');
  await kernel.write(more, 0, Buffer.from('y'));
  assert.equal(await close(kernel, more, O_WRONLY), ENOSPC);
  assert.equal((await kernel.ask(OP.FSYNC, last, pack(fsyncIn, {}))).error, 0);
  assert.ok((await sandbox.entries()).some(({ path }) => path === 'last'));
  assert.equal(log.length, 1, log.join('\n'));
  assert.match(log[0] ?? '', /^more: not committed: all 15420 slots/);
});

test('a name that another writer takes is theirs', async () => {
  const { kernel, sandbox, log } = await stand();
  const ours = await create(kernel, 1, 'name');
  await kernel.write(ours, 0, Buffer.from('ours'));
  await sandbox.ok(['creat', '-s', '5000', 'name']);
  await until('theirs is seen', async () => {
    const found = await kernel.lookup(1, 'name');
    assert.equal(typeof found, 'object', 'theirs comes in the place of ours, so there is always one');
    return typeof found === 'object' && found.size === 5000;
  });
  assert.notEqual((await kernel.walk('name')).node, ours);
  assert.equal((await kernel.read(ours, 0, 10)).body.toString(), 'ours');
  assert.equal(log.length, 1);
  assert.match(log[0] ?? '', /^name: another writer/);
});

test('a name that another writer takes is gone if what has it cannot be shown', async () => {
  const { kernel, sandbox, log } = await stand({ refresh: 3_600_000 });
  const ours = await create(kernel, 1, 'name');
  await kernel.write(ours, 0, Buffer.from('ours'));
  await sandbox.ok(['creat', '-s', '8M', '--stripes', '2', 'name']);
  const image = sandbox.path('p0.img');
  const head = firstBytes(image, entryOffset(2));
  // slot 0 is that of the second daxdev; with strips of unequal lengths, it is not certain which bytes are whose
  pokeExtent(head, 1, 1, 2, 6 * MIB, true);
  overwrite(image, entryOffset(1), head.subarray(entryOffset(1)));
  // to commit anything, the server reads the log
  const directory = await mkdir(kernel, 1, 'd');
  assert.equal((await kernel.ask(OP.FSYNCDIR, directory, pack(fsyncIn, {}))).error, 0);
  assert.equal(await kernel.lookup(1, 'name'), undefined);
  assert.equal((await kernel.read(ours, 0, 10)).body.toString(), 'ours');
  assert.equal(log.length, 2);
  assert.match(log[0] ?? '', /^name: another writer/);
  assert.match(log[1] ?? '', /^1 of 1 new names cannot be shown/);
});

test('files of a directory are striped as its attribute says', async () => {
  const { kernel, sandbox } = await stand();
  const directory = await mkdir(kernel, 1, 'd');
  const value = Buffer.concat([pack(setxattrIn, { size: 1 }), cString('user.famfs.stripes'), Buffer.from('2')]);
  assert.equal((await kernel.ask(OP.SETXATTR, directory, value)).error, 0);
  for (const [parent, name] of [
    [directory, 'striped'],
    [1, 'plain'],
  ] as const) {
    const node = await create(kernel, parent, name);
    assert.equal((await kernel.setattr(node, { valid: SET.SIZE, size: 8 * MIB })).error, 0);
  }
  const layout = async (path: string) =>
    (await sandbox.json<{ files: { layout: string; extents: unknown[] }[] }>(['showfmap', path])).files.map((file) => [
      file.layout,
      file.extents.length,
    ]);
  assert.deepEqual(await layout('d/striped'), [['interleaved', 2]]);
  assert.deepEqual(await layout('plain'), [['simple', 1]]);
});

test('attributes: the map of a file, and the names of those that there are', async () => {
  const { kernel, sandbox } = await stand();
  await sandbox.ok(['creat', '-s', '5000', 'file']);
  await until('seen', async () => (await kernel.lookup(1, 'file')) !== undefined);
  const { node } = await kernel.walk('file');
  const get = (size: number) =>
    kernel.ask(OP.GETXATTR, node, Buffer.concat([pack(getxattrIn, { size }), cString('user.famfs.map')]));
  assert.equal((await get(100)).body.toString(), 'file');
  assert.equal((await get(0)).body.readUInt32LE(0), 4);
  assert.equal((await get(3)).error, constants.errno.ERANGE);
  assert.equal(
    (await kernel.ask(OP.LISTXATTR, node, pack(getxattrIn, { size: 100 }))).body.toString(),
    'user.famfs.map\0',
  );
  assert.equal((await kernel.ask(OP.LISTXATTR, 1, pack(getxattrIn, { size: 100 }))).body.toString(), '');
});

test('a file that is written while it is committed is committed with what was written', async (t) => {
  const { kernel, bytesOf, list } = await stand();
  const random = new Random(t);
  for (let round = 0; round < 10; round++) {
    const name = `f${round}`;
    const node = await create(kernel, 1, name);
    const bytes = random.bytes(100_000);
    await kernel.write(node, 0, bytes);
    const syncing = kernel.ask(OP.FSYNC, node, pack(fsyncIn, {}));
    for (let i = 0; i < 20; i++) {
      const at = random.below(99_000);
      const piece = random.bytes(1000);
      assert.equal(await kernel.write(node, at, piece), 1000);
      bytes.set(piece, at);
    }
    assert.equal((await syncing).error, 0);
    assert.ok((await bytesOf(name)).equals(bytes), name);
    await close(kernel, node, O_WRONLY);
  }
  assert.equal((await list()).length, 10);
});

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { type FamfsError, isFamfsError, makeFamfs, openFamfs, openSession } from '../../src/library/index.js';
import { MIB, OTHER_UUID, OWN_UUID, Sandbox } from '../support/sandbox.js';

/** A sandbox with an empty pool of two images, made by the library. */
async function emptyPool(): Promise<{ sandbox: Sandbox; devices: string[] }> {
  const sandbox = new Sandbox();
  const devices = ['a.img', 'b.img'].map((name) => join(sandbox.folder, name));
  await makeFamfs(devices, { ...sandbox, size: 48 * MIB, label: 'made', stripes: 2, chunkSize: 2 * MIB });
  sandbox.env.FAMFS_DEV = devices[0] as string;
  return { sandbox, devices };
}

test('a file system is made as mkfs makes it, and only where nothing is', async () => {
  const { sandbox, devices } = await emptyPool();
  const info = await sandbox.json<Record<string, unknown>>(['info']);
  assert.deepEqual([info.label, info.defaultInterleave], ['made', { stripes: 2, chunkSize: 2 * MIB }]);
  await assert.rejects(makeFamfs(devices, sandbox), { code: 'HAS_FAMFS' });
  const uuid = '01234567-89ab-4def-8123-456789abcdef';
  const made = await makeFamfs(devices[0] as string, { ...sandbox, replace: 'content', uuid, logLength: 16 * MIB });
  assert.equal(made.fsUuid, uuid);
  assert.deepEqual(
    made.daxdevs.map(({ index, path, size }) => [index, path, size]),
    [[0, devices[0], 48 * MIB]],
  );
  for (const [options, pattern] of [
    [{ chunkSize: 2 * MIB }, /chunkSize needs stripes/],
    [{ label: 'a/b' }, /label: 'a\/b'/],
    [{ uuid: 'x' }, /uuid: 'x' is no uuid/],
    [{ size: 0.5 }, /size: 0.5/],
    [{ replace: 'all' as 'content' }, /replace: 'all' is unknown/],
  ] as const)
    await assert.rejects(makeFamfs(devices, { ...sandbox, ...options }), (error: FamfsError) => {
      assert.equal(error.code, 'USAGE');
      assert.match(error.message, pattern);
      return true;
    });
  await assert.rejects(makeFamfs([], sandbox), { code: 'USAGE' });
});

test('what a session makes is there for the commands, and for itself', async () => {
  const { sandbox, devices } = await emptyPool();
  const bytes = randomBytes(3 * MIB + 17);
  const tree = join(sandbox.folder, 'tree');
  mkdirSync(join(tree, 'sub'), { recursive: true, mode: 0o750 });
  writeFileSync(join(tree, 'one'), bytes, { mode: 0o640 });
  writeFileSync(join(tree, 'sub/two'), 'two');
  {
    using session = await openSession(devices, sandbox);
    const directory = await session.mkdir('a/b', { parents: true, mode: 0o700, uid: 5, gid: 6 });
    assert.deepEqual([directory.type, directory.mode, directory.uid, directory.gid], ['directory', 0o700, 5, 6]);
    assert.equal((await session.mkdir('a/b', { parents: true })).slot, directory.slot);
    assert.equal(session.stat('a').mode, 0o755);
    const empty = await session.create('a/plain', { size: 4 * MIB, stripes: 0, policy: 'fill' });
    assert.deepEqual([empty.size, empty.mode, session.map('a/plain').layout], [4 * MIB, 0o644, 'simple']);
    assert.equal((await session.create('a/plain', { size: 4 * MIB, existOk: true, stripes: 0 })).slot, empty.slot);
    await session.create('a/pattern', { size: 5 * MIB, fill: { seed: 7 } });
    await session.create('a/zeros', { size: MIB, fill: 'zeros' });
    await session.cp(bytes, 'bytes', { mode: 0o600 });
    await session.cp(Readable.from([bytes.subarray(0, 100_000), bytes.subarray(100_000)]), 'stream', {
      size: bytes.length,
    });
    await session.cp([bytes.subarray(0, 5), new Uint8Array(0), bytes.subarray(5)], 'chunks', { size: bytes.length });
    let progress = 0;
    const [file] = await session.cp(join(tree, 'one'), 'file', {
      verify: true,
      onProgress: (more) => {
        progress += more;
      },
    });
    assert.deepEqual([file?.path, file?.mode, progress], ['file', 0o640, 2 * bytes.length]);
    const copied = await session.cp(tree, 'copy', { recursive: true });
    assert.deepEqual(
      copied.map(({ path }) => path),
      ['copy/one', 'copy/sub/two'],
    );
    assert.equal(session.stat('copy/sub').mode & 0o700, 0o700);
    for (const path of ['bytes', 'stream', 'chunks', 'file', 'copy/one'])
      assert.ok((await buffer(session.read(path))).equals(bytes), path);
    // the same size: in place
    const { slot } = session.stat('bytes');
    await session.cp(Buffer.alloc(bytes.length, 1), 'bytes');
    assert.equal(session.stat('bytes').slot, slot);
    assert.ok((await buffer(session.read('bytes'))).every((byte) => byte === 1));
  }
  await sandbox.ok(['verify', '--seed', '7', 'a/pattern']);
  assert.equal((await sandbox.json<{ errors: number }>(['fsck', '-n'])).errors, 0);
  assert.equal((await sandbox.entries()).find(({ path }) => path === 'bytes')?.mode, '0600');
});

test('what is refused has changed nothing', async () => {
  const { sandbox, devices } = await emptyPool();
  const names = () => sandbox.entries().then((entries) => entries.map(({ path }) => path));
  {
    using session = await openSession(devices, sandbox);
    await session.create('file', { size: 100 });
    const source = join(sandbox.folder, 'source');
    mkdirSync(source);
    const bytes = Buffer.alloc(100);
    const failing = (async function* () {
      yield bytes;
      throw new Error('source failed');
    })();
    for (const [work, expected] of [
      [() => session.mkdir('file'), 'EXISTS'],
      [() => session.mkdir('no/parent'), 'NO_PARENT'],
      [() => session.mkdir('x', { mode: 0o10000 }), 'USAGE'],
      [() => session.mkdir('x', { uid: -1 }), 'USAGE'],
      [() => session.create('file', { size: 100 }), 'EXISTS'],
      [() => session.create('x', { size: 0 }), 'BAD_SIZE'],
      [() => session.create('x', { size: 1.5 }), 'BAD_SIZE'],
      [() => session.create('x', { size: 2 ** 40 }), 'NO_SPACE'],
      [() => session.create('x', { size: 1, stripes: 17 }), 'BAD_LAYOUT'],
      [() => session.create('x', { size: 1, policy: 'best' as 'fill' }), 'USAGE'],
      [() => session.create('x', { size: 1, contiguous: true, stripes: 2 }), 'USAGE'],
      [() => session.create('x', { size: 1, daxdevs: [9] }), 'NO_SUCH_DAXDEV'],
      [() => session.create('x', { size: 1, fill: { seed: -1 } }), 'USAGE'],
      [() => session.create('x', { size: 1, fill: { seed: 2n ** 64n } }), 'USAGE'],
      [() => session.cp(bytes, 'x', { size: 101 }), 'STREAM_ENDED'],
      [() => session.cp([bytes, bytes], 'x', { size: 150 }), 'STREAM_GOES_ON'],
      [() => session.cp([bytes], 'x'), 'USAGE'],
      [() => session.cp(bytes, 'x', { verify: true }), 'USAGE'],
      [() => session.cp(bytes, 'x', { threads: 0 }), 'USAGE'],
      [() => session.cp(new Uint8Array(0), 'x'), 'BAD_SIZE'],
      [() => session.cp(Buffer.alloc(99), 'file'), 'EXISTS'],
      [() => session.cp(join(sandbox.folder, 'none'), 'x'), 'CANNOT_READ'],
      [() => session.cp(source, 'x'), 'IS_DIRECTORY'],
      [() => session.cp(devices[1] as string, 'x'), 'IS_THE_IMAGE'],
      [() => session.cp(source, 'x', { size: 5 }), 'USAGE'],
    ] as const)
      await assert.rejects(work, (error) => {
        assert.ok(isFamfsError(error, expected), `${work}: ${error}`);
        return true;
      });
    await assert.rejects(session.cp(failing, 'x', { size: 200 }), /source failed/);
    await assert.rejects(session.cp(['text' as never], 'x', { size: 4 }), TypeError);
    const stop = AbortSignal.abort(new Error('enough'));
    await assert.rejects(session.create('x', { size: 1, signal: stop }), /enough/);
    await assert.rejects(session.cp(bytes, 'x', { signal: stop }), /enough/);
  }
  assert.deepEqual(await names(), ['file']);
});

test('of several files, those that can be copied are, and the error lists the others', async () => {
  const { sandbox, devices } = await emptyPool();
  const tree = join(sandbox.folder, 'tree');
  mkdirSync(tree);
  writeFileSync(join(tree, 'good'), 'good');
  writeFileSync(join(tree, 'empty'), '');
  symlinkSync('good', join(tree, 'link'));
  using session = await openSession(devices, sandbox);
  await assert.rejects(session.cp(tree, 'tree', { recursive: true }), (error) => {
    assert.ok(isFamfsError(error, 'INCOMPLETE'));
    const codes = (error.details?.failed as { code: string }[] | undefined)?.map(({ code }) => code);
    assert.deepEqual(codes?.sort(), ['EMPTY_FILE', 'LINK']);
    return true;
  });
  assert.deepEqual(
    [...session.list('tree')].map(({ path }) => path),
    ['tree/good'],
  );
});

test('calls that overlap are carried out in order, and files never share space', async () => {
  const { sandbox, devices } = await emptyPool();
  const contents = Array.from({ length: 6 }, (_, i) => Buffer.alloc(MIB + i, i + 1));
  const slow = async function* (bytes: Buffer) {
    for (let at = 0; at < bytes.length; at += 300_000) {
      await new Promise((resolve) => setImmediate(resolve));
      yield bytes.subarray(at, at + 300_000);
    }
  };
  using session = await openSession(devices, sandbox);
  await Promise.all([
    session.mkdir('all'),
    ...contents.map((bytes, i) => session.cp(slow(bytes), `all/${i}`, { size: bytes.length })),
  ]);
  for (const [i, bytes] of contents.entries()) assert.ok((await buffer(session.read(`all/${i}`))).equals(bytes));
  assert.deepEqual(
    [...session.log({ from: 1 })].map((entry) => ('path' in entry ? entry.path : entry.type)),
    ['all', ...contents.map((_, i) => `all/${i}`)],
  );
});

test('a session is alone with the file system until it is closed', async () => {
  const { sandbox, devices } = await emptyPool();
  const session = await openSession(devices, sandbox);
  assert.equal((await sandbox.error(['mkdir', '--no-wait', 'x'])).code, 'BUSY');
  await assert.rejects(openSession(devices, { ...sandbox, wait: 0 }), { code: 'BUSY' });
  const waiting = openSession(devices, { ...sandbox, signal: AbortSignal.timeout(20) });
  await assert.rejects(waiting, { name: 'TimeoutError' });
  session.close();
  await assert.rejects(session.mkdir('x'), { code: 'CLOSED' });
  await sandbox.ok(['mkdir', '--no-wait', 'x']);
});

test('a Client reads, and is refused a session', async () => {
  const { sandbox, devices } = await emptyPool();
  sandbox.becomeHost(OTHER_UUID);
  {
    using fs = await openFamfs(devices, sandbox);
    assert.equal(fs.role, 'Client');
  }
  await assert.rejects(openSession(devices, sandbox), { code: 'NOT_MASTER' });
  await assert.rejects(makeFamfs(devices, { ...sandbox, replace: 'content' }), { code: 'OTHER_HOST' });
  sandbox.becomeHost(OWN_UUID);
});

/** What a mount shows of a file system that others change, damage or replace. */
import assert from 'node:assert/strict';
import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { FILE_FLAG_READ_ONLY } from '../../../src/format/entries/file.js';
import { SUPERBLOCK_REGION } from '../../../src/format/superblock.js';
import { entryOffset, pokePayload } from '../../support/patch.js';
import { overwrite, PoolSandbox } from '../../support/pool.js';
import { firstBytes, MIB, OWN_UUID, Sandbox } from '../../support/sandbox.js';
import { serveSandbox, until } from '../../support/servedStand.js';
import { STEPS, stopAfter } from '../rewrite/stopped.js';

const { EIO, EPERM } = constants.errno;
const CLIENT = '99999999-2222-4333-8444-555555555555';

test('a Client shows what the Master makes, and the kernel is made to forget that it was not there', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs();
  await sandbox.ok(['mkdir', 'd']);
  sandbox.becomeHost(CLIENT);
  const { kernel, log } = serveSandbox(sandbox);
  await kernel.init();
  const { node } = await kernel.walk('d');
  assert.equal(await kernel.lookup(node, 'new'), undefined);
  sandbox.becomeHost('11111111-2222-4333-8444-555555555555');
  await sandbox.ok(['creat', '-s', '3M', '--seed', '7', 'd/new']);
  await until('notice', () => {
    kernel.hear();
    return kernel.notices.some(({ code, body }) => code === 3 && body.toString('latin1', 16) === 'new\0');
  });
  const found = await kernel.walk('d/new');
  assert.equal(found.size, 3 * MIB);
  assert.ok((await kernel.read(found.node, 0, 100_000)).body.some((byte) => byte !== 0));
  assert.deepEqual(log, []);
});

test('inode numbers are those of the log: the same in every mount', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs();
  await sandbox.ok(['mkdir', 'a', 'b']);
  await sandbox.ok(['creat', '-s', '1M', 'b/c']);
  for (let i = 0; i < 2; i++) {
    const { kernel } = serveSandbox(sandbox, { readOnly: i > 0 });
    await kernel.init();
    assert.deepEqual(
      [(await kernel.walk('a')).ino, (await kernel.walk('b')).ino, (await kernel.walk('b/c')).ino],
      [16, 17, 18],
    );
  }
});

test('statfs is that of df, and follows', async () => {
  const sandbox = new PoolSandbox();
  await sandbox.makePool(64, 128);
  const { kernel } = serveSandbox(sandbox);
  await kernel.init();
  const compare = async () => {
    const { capacity, free } = await sandbox.json<{ capacity: number; free: number }>(['df']);
    const { blocks, free: left, blockSize } = await kernel.statfs();
    return blocks * blockSize === capacity && left * blockSize === free;
  };
  assert.ok(await compare());
  await sandbox.ok(['creat', '-s', '9M', 'file']);
  await until('df and statfs agree', compare);
});

test('a file system that is made again: EIO at once, one line, and no byte of the new one', async () => {
  const sandbox = new Sandbox();
  const image = await sandbox.makeFs();
  await sandbox.ok(['creat', '-s', '3M', '--seed', '7', 'file']);
  // looks at the log too seldom to see it that way
  const { kernel, log } = serveSandbox(sandbox, { refresh: 1_000_000 });
  await kernel.init();
  const { node } = await kernel.walk('file');
  assert.equal((await kernel.read(node, 0, 10)).error, 0);
  await sandbox.ok(['mkfs', '--force', image]);
  assert.equal((await kernel.read(node, 0, 10)).error, EIO);
  assert.equal(await kernel.write(node, 0, Buffer.alloc(1)), -EIO);
  await until('failed', async () => (await kernel.lookup(1, 'file')) === EIO);
  assert.equal(log.length, 1, log.join('\n'));
  assert.match(log[0] ?? '', /every access is an I\/O error/);
});

test('a log that is rewritten: EIO at once, one line, and no byte of the file that has the space now', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs();
  for (const whole of [false, true]) {
    await sandbox.ok(['creat', '-s', '3M', '--seed', '7', 'gone', 'kept']);
    // looks at the log too seldom to see it that way
    sandbox.becomeHost(CLIENT);
    const { kernel, log } = serveSandbox(sandbox, { refresh: 1_000_000 });
    sandbox.becomeHost(OWN_UUID);
    await kernel.init();
    const nodes = [(await kernel.walk('gone')).node, (await kernel.walk('kept')).node];
    for (const node of nodes) assert.equal((await kernel.read(node, 0, 10)).error, 0);
    const rm = ['rm', '--clients-unmounted', 'gone'];
    if (whole) await sandbox.ok(rm);
    else await stopAfter(sandbox, STEPS.begun, rm);
    if (whole) await sandbox.ok(['creat', '-s', '3M', '--seed', '8', 'other']);
    for (const node of nodes) assert.equal((await kernel.read(node, 0, 10)).error, EIO);
    await until('failed', async () => (await kernel.lookup(1, 'kept')) === EIO);
    assert.equal(log.length, 1, log.join('\n'));
    assert.match(
      log[0] ?? '',
      whole ? /was rewritten after it was read.*I\/O error/ : /is being rewritten.*I\/O error/,
    );
    // completes what was stopped
    if (!whole) await sandbox.ok(['rm', '--clients-unmounted', 'gone', 'kept']);
  }
});

test('an image that is replaced is seen at the next look', async () => {
  const sandbox = new Sandbox();
  const image = await sandbox.makeFs();
  await sandbox.ok(['mkdir', 'd']);
  const { kernel, log } = serveSandbox(sandbox);
  await kernel.init();
  rmSync(image);
  writeFileSync(image, '');
  truncateSync(image, 64 * MIB);
  await until('failed', async () => (await kernel.lookup(1, 'd')) === EIO);
  assert.equal(log.length, 1);
});

test('a file that no host may write: no write bits, no write, whether it was there first or came later', async () => {
  const sandbox = new Sandbox();
  const image = await sandbox.makeFs(64 * MIB);
  // one call for each: files of one call get their slots in the order in which they are filled
  for (const name of ['usual', 'first']) await sandbox.ok(['creat', '-s', '3M', '--seed', '1', name]);
  const start = SUPERBLOCK_REGION;
  const log = () => firstBytes(image, entryOffset(3)).subarray(start);
  const before = log();
  await sandbox.ok(['creat', '-s', '3M', '--seed', '1', 'later']);
  const after = log();
  for (const [bytes, slot] of [
    [before, 1],
    [after, 1],
    [after, 2],
  ] as const) {
    const whole = Buffer.concat([Buffer.alloc(start), bytes]);
    pokePayload(whole, slot, 'file', 'flags', FILE_FLAG_READ_ONLY);
    whole.copy(bytes, 0, start);
  }
  overwrite(image, start, before);
  const { kernel } = serveSandbox(sandbox);
  await kernel.init();
  // the entry, and then the header that counts it
  overwrite(image, entryOffset(2), after.subarray(entryOffset(2) - start));
  overwrite(image, start, after);
  await until('seen', async () => typeof (await kernel.lookup(1, 'later')) === 'object');
  const found: unknown[] = [];
  for (const name of ['usual', 'first', 'later']) {
    const { node, mode } = await kernel.walk(name);
    found.push([name, (mode & 0o777).toString(8), await kernel.write(node, 0, Buffer.alloc(10))]);
  }
  assert.deepEqual(found, [
    ['usual', '644', 10],
    ['first', '444', -EPERM],
    ['later', '444', -EPERM],
  ]);
});

test('a daxdev that is missing: its files are EIO, the others are read', async () => {
  const sandbox = new PoolSandbox();
  const [first = '', second = ''] = await sandbox.makePool(64, 64);
  await sandbox.ok(['creat', '-s', '3M', '--seed', '1', '--daxdevs', '0', 'here']);
  await sandbox.ok(['creat', '-s', '3M', '--seed', '1', '--daxdevs', '1', 'gone']);
  rmSync(second);
  const { kernel, log } = serveSandbox(sandbox, { readOnly: true });
  await kernel.init();
  assert.equal((await kernel.read((await kernel.walk('here')).node, 0, 10)).error, 0);
  assert.equal((await kernel.read((await kernel.walk('gone')).node, 0, 10)).error, EIO);
  assert.ok(
    log.some((line) => /daxdev 1/.test(line)),
    log.join('\n'),
  );
  assert.equal(first, join(sandbox.folder, 'p0.img'));
});

test('a daxdev that joins while the pool is mounted: files on it are read', async () => {
  const sandbox = new PoolSandbox();
  // with a secondary, the daxdevs of this host have been searched before
  await sandbox.makePool(64, 64);
  sandbox.becomeHost(CLIENT);
  const { kernel, log } = serveSandbox(sandbox);
  sandbox.becomeHost(OWN_UUID);
  await kernel.init();
  await sandbox.ok(['daxdev', 'add', sandbox.image('p2.img', 64 * MIB)]);
  await sandbox.ok(['creat', '-s', '3M', '--seed', '1', '--daxdevs', '2', 'new']);
  await until('seen', async () => typeof (await kernel.lookup(1, 'new')) === 'object');
  const { error, body } = await kernel.read((await kernel.walk('new')).node, 0, 4096);
  assert.deepEqual([error, body.length, log], [0, 4096, []]);
  assert.ok(body.some((byte) => byte !== 0));
});

test('memory that is cut short under the server: one line with all places, and on it goes', async () => {
  const sandbox = new Sandbox();
  const image = await sandbox.makeFs(64 * MIB);
  await sandbox.ok(['creat', '-s', '3M', '--seed', '1', 'low']);
  await sandbox.ok(['creat', '-s', '3M', '--seed', '1', 'high']);
  const { kernel, log } = serveSandbox(sandbox, { readOnly: true });
  await kernel.init();
  const [low, high] = [await kernel.walk('low'), await kernel.walk('high')];
  truncateSync(image, 15 * MIB);
  assert.equal((await kernel.read(high.node, 0, 4096)).error, 0);
  assert.equal((await kernel.read(high.node, MIB, 8192)).error, EIO);
  assert.equal((await kernel.read(low.node, 0, 65_536)).error, 0);
  await until('line', () => log.length > 0);
  assert.match(
    log[0] ?? '',
    /^high: memory cannot be read at offset 0x100000, daxdev 0 \(.*pool\.img\) offset 0xf00000$/,
  );
});

import assert from 'node:assert/strict';
import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { observeMemory } from '../../src/native/device.js';
import { PoolSandbox } from '../support/pool.js';
import { MIB } from '../support/sandbox.js';

interface Resized {
  readonly daxdev: number;
  readonly path: string;
  readonly sizeBefore: number;
  readonly size: number;
  readonly written: boolean;
  readonly unchanged: boolean;
}

const sandbox = new PoolSandbox();
const resize = (daxdev: string | number) => ['daxdev', 'resize', '--clients-unmounted', `${daxdev}`];

async function judge(sizes: readonly number[]): Promise<void> {
  await sandbox.ok(['verify', '-S', '1', 'a', 'b']);
  const { exitCode, findings } = await sandbox.fsck('-n');
  assert.deepEqual([exitCode, findings], [0, []]);
  const { daxdevs } = await sandbox.list();
  assert.deepEqual(
    daxdevs.map(({ size, state }) => [size, state]),
    sizes.map((size) => [size * MIB, 'present']),
  );
}

async function pool(): Promise<[primary: string, second: string]> {
  const [primary = '', second = ''] = await sandbox.makePool(16, 8);
  await sandbox.ok(['creat', '--seed', '1', '-s', '3M', '--daxdevs', '1', 'a']);
  await sandbox.ok(['creat', '--seed', '1', '-s', '4M', '--daxdevs', '0', 'b']);
  return [primary, second];
}

test('a secondary that grew gets its size in superblock and log, and its space is used', async () => {
  const [, second] = await pool();
  assert.deepEqual((await sandbox.json<Resized>(resize(1))).unchanged, true);
  truncateSync(second, 32 * MIB);
  const { stderr } = await sandbox.run(['ls']);
  assert.match(stderr, /famfs daxdev resize/);
  const planned = await sandbox.json<Resized>(['daxdev', 'resize', '-n', '1']);
  assert.deepEqual([planned.written, planned.sizeBefore, planned.size], [false, 8 * MIB, 32 * MIB]);
  const done = await sandbox.json<Resized>(resize(second));
  assert.deepEqual([done.daxdev, done.path, done.written, done.size], [1, second, true, 32 * MIB]);
  await judge([16, 32]);
  await sandbox.ok(['creat', '-s', '24M', '--daxdevs', '1', 'large']);
});

test('a primary that grew gets its size in its superblock', async () => {
  const [primary] = await pool();
  truncateSync(primary, 40 * MIB);
  assert.equal((await sandbox.error(['creat', '-s', '2M', 'c'])).code, 'WRONG_SIZE');
  assert.match(await sandbox.ok(['daxdev', 'resize', '-n', '0']), /would have 40M.* now, 16M.* before/);
  assert.deepEqual((await sandbox.json<Resized>(resize(0))).written, true);
  await judge([40, 8]);
  await sandbox.ok(['creat', '-s', '24M', '--daxdevs', '0', 'large']);
});

test('a daxdev that a process maps keeps its size', async () => {
  const paths = await pool();
  const process = join(sandbox.env.FAMFS_SYSROOT as string, 'proc/77');
  mkdirSync(process, { recursive: true });
  for (const [index, path] of paths.entries()) {
    truncateSync(path, 40 * MIB);
    writeFileSync(join(process, 'maps'), `7f00-7f80 rw-s 00000000 00:63 1        ${path}\n`);
    const { code, message } = await sandbox.error(resize(index));
    assert.deepEqual([code, message.includes(`${path} is mapped by process 77`)], ['MAPPED', true]);
    writeFileSync(join(process, 'maps'), '');
    assert.notEqual((await sandbox.json<Resized>(resize(index))).sizeBefore, 40 * MIB);
  }
  rmSync(process, { recursive: true });
});

test('a daxdev may become smaller as long as it has all space of files', async () => {
  const [, second] = await pool();
  truncateSync(second, 6 * MIB);
  await sandbox.ok(resize(1));
  await judge([16, 6]);
  truncateSync(second, 5 * MIB);
  const { code, message } = await sandbox.error(resize(1));
  assert.equal(code, 'TOO_SMALL');
  assert.match(message, /the files on daxdev 1 end at 6291456: 1048576 bytes are missing/);
  truncateSync(second, 6 * MIB);
  await judge([16, 6]);
});

test('a resize that was stopped is completed by the next', async () => {
  // at the superblock, at the journal, in the rewrite, and not at all
  for (const stop of [0, 1, 3, 6, 100]) {
    const [primary, second] = await pool();
    truncateSync(second, 12 * MIB);
    let stores = 0;
    observeMemory({
      write() {
        if (++stores > stop) throw new Error('stopped by the test');
      },
    });
    const { exitCode } = await sandbox.run(resize(1)).finally(() => observeMemory(undefined));
    const fsck = await sandbox.run(['fsck', '-p', '--no-undo', primary]);
    assert.doesNotMatch(fsck.stdout, /file.*lost|overlap/i);
    await sandbox.ok(resize(1));
    await judge([16, 12]);
    assert.equal(exitCode === 0, stop === 100);
  }
});

import assert from 'node:assert/strict';
import { copyFileSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import { DEPARTURE_OFFSET, departureStruct } from '../../src/format/departure.js';
import { superblockStruct } from '../../src/format/superblock.js';
import { observeMemory } from '../../src/native/device.js';
import { watchImages } from '../support/head.js';
import { overwrite, PoolSandbox } from '../support/pool.js';
import { firstBytes, MIB, OTHER_UUID, OWN_UUID } from '../support/sandbox.js';

interface Replaced {
  readonly daxdev: number;
  readonly left: { readonly path: string | null; readonly cleared: boolean };
  readonly joined: {
    readonly path: string;
    readonly size: number;
    readonly uuid: string;
    readonly replaced: string | null;
  };
  readonly bytes: number;
  readonly written: boolean;
}

const sandbox = new PoolSandbox();
const replace = (old: string | number, path: string, ...options: string[]) => [
  ...['daxdev', 'replace', '--clients-unmounted', ...options, `${old}`, path],
];

async function filledPool(): Promise<string[]> {
  const paths = await sandbox.makePool(24, 16, 16);
  await sandbox.ok(['creat', '--seed', '1', '-s', '5M', '--daxdevs', '1', 'simple']);
  await sandbox.ok(['creat', '--seed', '2', '-s', '11M', '--stripes', '3', 'striped']);
  return paths;
}

async function judgeFiles(): Promise<void> {
  await sandbox.ok(['verify', '-S', '1', 'simple']);
  await sandbox.ok(['verify', '-S', '2', 'striped']);
  const { exitCode, findings } = await sandbox.fsck('-n');
  assert.deepEqual([exitCode, findings], [0, []]);
}

test('another daxdev takes index and offsets of the old one', async () => {
  const [primary, old = '', third] = await filledPool();
  const maps = await sandbox.ok(['showfmap', '--all']);
  const fresh = sandbox.image('fresh.img', 14 * MIB);
  const planned = await sandbox.json<Replaced>(['daxdev', 'replace', '-n', '1', fresh]);
  assert.deepEqual([planned.written, planned.left.cleared, planned.bytes], [false, false, 10 * MIB]);
  assert.ok(firstBytes(fresh, 14 * MIB).every((byte) => byte === 0));
  const done = await sandbox.json<Replaced>(replace(1, fresh));
  assert.deepEqual([done.daxdev, done.left.path, done.left.cleared], [1, old, true]);
  assert.deepEqual([done.joined.path, done.joined.size, done.joined.replaced], [fresh, 14 * MIB, null]);
  assert.equal(await sandbox.ok(['showfmap', '--all']), maps);
  assert.deepEqual(
    (await sandbox.list()).daxdevs.map(({ path, size, state }) => [path, size, state]),
    [
      [primary, 24 * MIB, 'present'],
      [fresh, 14 * MIB, 'present'],
      [third, 16 * MIB, 'present'],
    ],
  );
  await judgeFiles();
  assert.ok(firstBytes(old, 2 * MIB).every((byte) => byte === 0));
  // and back, by path; what is left there of files is in no first region
  assert.match(
    await sandbox.ok(replace(fresh, old)),
    /daxdev 1 \(.*fresh.img\) was replaced by .*p1.img, 16M.*: 10M copied/,
  );
  await judgeFiles();
});

test('what cannot take the place is refused, and nothing is changed', async () => {
  const paths = await filledPool();
  const [primary = '', , third = ''] = paths;
  const small = sandbox.image('small.img', 10 * MIB);
  const other = sandbox.image('other.img', 24 * MIB);
  await sandbox.ok(['mkfs', other]);
  const blank = sandbox.image('blank.img', 16 * MIB);
  const before = paths.map((path) => firstBytes(path, 16 * MIB));
  for (const [argv, code] of [
    [replace(0, blank), 'IS_PRIMARY'],
    [replace(1, small), 'TOO_SMALL'],
    [replace(1, third), 'ALREADY_MEMBER'],
    [replace(1, primary), 'ALREADY_MEMBER'],
    [replace(1, other), 'HAS_FAMFS'],
    [replace(3, blank), 'NO_SUCH_DAXDEV'],
    [replace(1, 'none.img'), 'DEVICE_OPEN'],
    [['daxdev', 'replace', '1', blank], 'CLIENTS_UNKNOWN'],
    [['daxdev', 'replace', '1'], 'USAGE'],
  ] as const)
    assert.deepEqual([argv, (await sandbox.error(argv)).code], [argv, code]);
  assert.match((await sandbox.error(replace(1, small))).message, /end at 12582912: 2097152 bytes are missing/);
  sandbox.becomeHost(OTHER_UUID);
  assert.equal((await sandbox.error(replace(1, blank))).code, 'NOT_MASTER');
  sandbox.becomeHost(OWN_UUID);
  assert.deepEqual(
    paths.map((path) => firstBytes(path, 16 * MIB)),
    before,
  );
  const { joined } = await sandbox.json<Replaced>(replace(1, other, '--force'));
  assert.match(joined.replaced ?? '', /famfs/);
  await judgeFiles();
});

test('a replacement that was stopped can be run again, or is finished with daxdev remove', async () => {
  const [primary = '', old = ''] = await filledPool();
  const fresh = sandbox.image('again.img', 16 * MIB);
  const superblocks = [old, primary].map((path) => firstBytes(path, superblockStruct.size));
  const log = firstBytes(primary, 10 * MIB);
  const { joined } = await sandbox.json<Replaced>(replace(1, fresh));
  // before the log was rewritten: the new one is an orphan already
  overwrite(primary, 0, log);
  overwrite(old, 0, superblocks[0] as Buffer);
  assert.deepEqual(
    (await sandbox.fsck('-n')).findings.map(({ code }) => code),
    ['MEMBER_ORPHAN'],
  );
  let departing: Buffer = Buffer.alloc(0);
  observeMemory({
    write: ({ path }, offset) => {
      if (path === old && offset === 0 && departing.length === 0) departing = firstBytes(old, 2 * MIB);
    },
  });
  const again = await sandbox.json<Replaced>(replace(1, fresh)).finally(() => observeMemory(undefined));
  departing.set(superblocks[0] as Buffer);
  assert.equal(again.joined.uuid, joined.uuid);
  await judgeFiles();
  // after it: the old one is an orphan now
  overwrite(old, 0, departing);
  for (const given of [1, old]) {
    overwrite(old, 0, departing);
    const last = await sandbox.json<Replaced>(replace(given, fresh));
    assert.deepEqual(
      [last.daxdev, last.left.cleared, last.joined.uuid, last.written, last.bytes],
      [1, true, joined.uuid, false, 0],
    );
    await judgeFiles();
  }
  // another new one is refused, and so are both if nothing says that the old one has left
  overwrite(old, 0, departing);
  const third = sandbox.image('third.img', 16 * MIB);
  assert.equal((await sandbox.error(replace(1, third))).code, 'ORPHAN');
  overwrite(old, DEPARTURE_OFFSET, Buffer.alloc(departureStruct.size));
  assert.equal((await sandbox.error(replace(1, fresh))).code, 'ORPHAN');
  const { code, hint = '' } = await sandbox.error(replace(old, fresh));
  assert.equal(code, 'ORPHAN');
  assert.match(hint, /famfs daxdev remove .*p1\.img/);
  await sandbox.ok(['daxdev', 'remove', '--clients-unmounted', old]);
  await judgeFiles();
});

test('of two copies of a daxdev, neither is cleared', async () => {
  const [, second = ''] = await sandbox.makePool(24, 16);
  const twin = sandbox.path('twin.img');
  copyFileSync(second, twin);
  const isUnchanged = watchImages([second, twin]);
  const { left, written } = await sandbox.json<Replaced>(replace(1, sandbox.image('new.img', 16 * MIB)));
  assert.deepEqual([left.cleared, written], [false, true]);
  assert.ok(isUnchanged());
  rmSync(twin);
});

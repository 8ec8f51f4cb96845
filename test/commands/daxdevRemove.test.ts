import assert from 'node:assert/strict';
import { copyFileSync, renameSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import { DEPARTURE_OFFSET, departureStruct } from '../../src/format/departure.js';
import { superblockStruct } from '../../src/format/superblock.js';
import { observeMemory } from '../../src/native/device.js';
import { watchImages } from '../support/head.js';
import { overwrite, PoolSandbox } from '../support/pool.js';
import { firstBytes, MIB, OTHER_UUID, OWN_UUID } from '../support/sandbox.js';

interface Removal {
  readonly daxdev: number | null;
  readonly path: string | null;
  readonly bytes: number;
  readonly cleared: boolean;
  readonly written: boolean;
  readonly files: readonly { path: string; bytes: number; crowded: boolean; moves: { to: { daxdev: number }[] }[] }[];
  readonly renumbered: readonly { from: number; to: number; uuid: string }[];
}

interface Maps {
  readonly files: readonly { path: string; extents: { daxdev: number }[] }[];
}

const sandbox = new PoolSandbox();
const remove = (daxdev: string | number, ...options: string[]) => [
  ...['daxdev', 'remove', '--clients-unmounted', `${daxdev}`, ...options],
];

/** Files on all daxdevs of a pool of four: simple, striped, in several extents. */
async function filledPool(): Promise<string[]> {
  const paths = await sandbox.makePool(28, 16, 16, 16);
  const creat = (seed: number, ...options: string[]) => sandbox.ok(['creat', '--seed', `${seed}`, ...options]);
  await creat(1, '-s', '5M', '--daxdevs', '2', 'simple');
  await creat(2, '-s', '11M', '--stripes', '3', '--daxdevs', '0,1,2', 'striped');
  await creat(3, '-s', '4M', '--daxdevs', '3', 'after');
  await sandbox.ok(['mkdir', 'dir']);
  await creat(4, '-s', '9M', '--daxdevs', '0', 'dir/other');
  return paths;
}

const SEEDS = { simple: 1, striped: 2, after: 3, 'dir/other': 4 };

async function judgeFiles(): Promise<void> {
  for (const [path, seed] of Object.entries(SEEDS)) await sandbox.ok(['verify', '-S', `${seed}`, path]);
  assert.equal((await sandbox.run(['fsck', '-n'])).exitCode, 0);
}

async function stripsOf(path: string): Promise<number[] | undefined> {
  const { files } = await sandbox.json<Maps>(['showfmap', '--all']);
  return files.find((file) => file.path === path)?.extents.map(({ daxdev }) => daxdev);
}

test('files move to the other daxdevs, byte for byte, and indices stay dense', async () => {
  const paths = await filledPool();
  const before = await sandbox.entries();
  const isUnchanged = watchImages(paths);
  const planned = await sandbox.json<Removal>(['daxdev', 'remove', '-n', '2']);
  assert.ok(isUnchanged(), 'a dry run writes nothing');
  assert.deepEqual([planned.written, planned.cleared, planned.bytes], [false, false, 10 * MIB]);
  const text = await sandbox.ok(['daxdev', 'remove', '-n', '2']);
  assert.match(text, /^would move simple: 6291456 bytes to daxdev \d\nwould move striped: 4194304 bytes to daxdev 3\n/);
  assert.match(text, /daxdev 2 \(.*p2.img\) would be removed: 2 files, 10M moved; 8 log entries before, 7 after\n/);

  const done = await sandbox.json<Removal>(remove(2));
  assert.deepEqual([done.daxdev, done.path, done.cleared, done.written], [2, paths[2], true, true]);
  assert.deepEqual(
    done.files.map(({ path, bytes, crowded }) => [path, bytes, crowded]),
    [
      ['simple', 6 * MIB, false],
      ['striped', 4 * MIB, false],
    ],
  );
  // the strip goes to the only daxdev that has none of the file
  assert.deepEqual(done.files[1]?.moves[0]?.to[0]?.daxdev, 3);
  assert.equal(new Set(await stripsOf('striped')).size, 3);
  assert.deepEqual(
    done.renumbered.map(({ from, to }) => [from, to]),
    [[3, 2]],
  );
  assert.deepEqual(
    (await sandbox.list()).daxdevs.map(({ path, state }) => [path, state]),
    [0, 1, 3].map((i) => [paths[i], 'present']),
  );
  assert.deepEqual(
    (await sandbox.entries()).map(({ path, size, mode }) => [path, size, mode]),
    before.map(({ path, size, mode }) => [path, size, mode]),
  );
  await judgeFiles();
  sandbox.becomeHost(OTHER_UUID);
  await sandbox.ok(['verify', '-S', '2', 'striped']);
  sandbox.becomeHost(OWN_UUID);
  // it is blank, and can join again
  assert.ok(firstBytes(paths[2] as string, 2 * MIB).every((byte) => byte === 0));
  await sandbox.ok(['daxdev', 'add', paths[2] as string]);
  await judgeFiles();
});

test('files move to a daxdev that joined after them, and one daxdev after the other leaves', async () => {
  const paths = await filledPool();
  const fifth = sandbox.image('fifth.img', 64 * MIB);
  await sandbox.ok(['daxdev', 'add', fifth]);
  for (const path of [paths[1], paths[3], paths[2]] as string[]) {
    const uuid = (await sandbox.list()).daxdevs.find((daxdev) => daxdev.path === path)?.uuid as string;
    await sandbox.ok(remove(path === paths[1] ? path : uuid.slice(0, 9)));
    await judgeFiles();
  }
  assert.deepEqual(
    (await sandbox.list()).daxdevs.map(({ path }) => path),
    [paths[0], fifth],
  );
  const crowded = await sandbox.run(remove(1));
  assert.match(crowded.stderr, /no room|bytes are missing/);
  await judgeFiles();
});

test('what cannot be done is refused before anything is written', async () => {
  const paths = await filledPool();
  const isUnchanged = watchImages(paths);
  const refused = async (argv: string[]) => {
    const { code, message, hint = '' } = await sandbox.error(argv);
    return [code, message, hint] as const;
  };
  assert.equal((await refused(remove(0)))[0], 'IS_PRIMARY');
  assert.equal((await refused(remove(paths[0] as string)))[0], 'IS_PRIMARY');
  assert.match((await refused(remove(4))).join(), /^NO_SUCH_DAXDEV.*0 to 3/);
  assert.equal((await refused(remove('abcdef01')))[0], 'NO_SUCH_DAXDEV');
  assert.equal((await refused(remove('none.img')))[0], 'DEVICE_OPEN');
  assert.equal((await refused(['daxdev', 'remove', '2']))[0], 'CLIENTS_UNKNOWN');
  const other = sandbox.image('blank', 8 * MIB);
  assert.equal((await refused(remove(other)))[0], 'NOT_A_MEMBER');
  sandbox.becomeHost(OTHER_UUID);
  assert.equal((await sandbox.error(remove(2))).code, 'NOT_MASTER');
  sandbox.becomeHost(OWN_UUID);
  assert.ok(isUnchanged());
  for (const [daxdev, size] of [
    [1, '8M'],
    [3, '8M'],
  ])
    await sandbox.ok(['creat', '-s', `${size}`, '--daxdevs', `${daxdev}`, `full${daxdev}`]);
  const isStillFull = watchImages(paths);
  const { code, message } = await sandbox.error(remove(2));
  assert.equal(code, 'NO_SPACE');
  assert.match(
    message,
    /^10485760 bytes of files are on daxdev 2, and the others have \d+ free: \d+ bytes are missing$/,
  );
  assert.ok(isStillFull());
});

test('a strip needs one piece, and strips share a daxdev only if they must', async () => {
  const paths = await sandbox.makePool(64, 32, 32);
  await sandbox.ok(['creat', '--seed', '5', '-s', '12M', '--stripes', '3', 'striped']);
  const { files } = await sandbox.json<Removal>(remove(2));
  assert.deepEqual([files[0]?.crowded, new Set(await stripsOf('striped')).size], [true, 2]);
  await sandbox.ok(['verify', '-S', '5', 'striped']);
  await sandbox.ok(['daxdev', 'add', paths[2] as string]);
  // holes of 2 MiB only
  await sandbox.ok(['creat', '-s', '8M', '--stripes', '2', '--chunk', '2M', '--daxdevs', '2', 'strips']);
  const free = (await sandbox.list()).daxdevs.slice(0, 2).reduce((sum, daxdev) => sum + daxdev.free, 0);
  const names = Array.from({ length: free / (2 * MIB) }, (_, i) => `f${i}`);
  await sandbox.ok(['creat', '-s', '2M', '--daxdevs', '0,1', '--policy', 'fill', ...names]);
  const even = names.filter((_, i) => i % 2 === 0);
  await sandbox.ok(['rm', '--clients-unmounted', '--journal', sandbox.path('journal'), ...even]);
  const { code, message } = await sandbox.error(remove(2));
  assert.equal(code, 'NO_SPACE');
  assert.match(message, /needs a strip of 4194304 bytes in one piece/);
});

/** The daxdev left with the last rewrite, but its superblock is still there. */
async function stoppedLate(): Promise<{ paths: string[]; second: string; stopped: Buffer }> {
  const paths = await filledPool();
  const second = paths[2] as string;
  const superblock = firstBytes(second, superblockStruct.size);
  let stopped: Buffer = Buffer.alloc(0);
  observeMemory({
    // the first store to the superblock clears its magic
    write: ({ path }, offset) => {
      if (path === second && offset === 0 && stopped.length === 0) stopped = firstBytes(second, META);
    },
  });
  await sandbox.ok(remove(2)).finally(() => observeMemory(undefined));
  stopped.set(superblock);
  overwrite(second, 0, stopped);
  return { paths, second, stopped };
}

/** bytes of the superblock region */
const META = 2 * MIB;

test('a removal that was stopped before its last step is finished by the same command, and no other daxdev leaves', async () => {
  const { paths, second, stopped } = await stoppedLate();
  const { exitCode, findings } = await sandbox.fsck('-n', paths[0] as string);
  assert.deepEqual([exitCode, findings.map(({ code }) => code)], [0, ['MEMBER_ORPHAN']]);
  assert.match(findings[0]?.message ?? '', /has left this pool/);
  assert.match(await sandbox.ok(['daxdev', 'list']), /p2\.img: has left the pool; .* famfs daxdev remove/);
  // fsck does not take it in again
  const repaired = await sandbox.fsck('-y', paths[0] as string);
  assert.deepEqual([repaired.exitCode, repaired.repairs, repaired.daxdevs.length], [0, [], 3]);
  const { uuid } = (await sandbox.list()).orphans[0] as { uuid: string };
  for (const given of ['2', second, uuid]) {
    overwrite(second, 0, stopped);
    assert.match(await sandbox.ok(['daxdev', 'remove', '-n', given]), /its superblock would be cleared/);
    assert.ok(firstBytes(second, META).equals(stopped));
    const done = await sandbox.json<Removal>(remove(given));
    assert.deepEqual([done.daxdev, done.cleared, done.written], [null, true, false]);
    assert.deepEqual((await sandbox.fsck('-n', paths[0] as string)).findings, []);
    assert.equal((await sandbox.list()).daxdevs.length, 3);
    await judgeFiles();
  }
  // the index means another daxdev now; its files and the journal need room
  await sandbox.ok(['rm', '--clients-unmounted', 'dir/other']);
  assert.equal((await sandbox.json<Removal>(remove(2))).daxdev, 2);
});

test('an index is refused where another daxdev, or another rewrite, makes it doubtful', async () => {
  const { second, stopped } = await stoppedLate();
  const refused = async (given: number) => {
    const { code, hint = '' } = await sandbox.error(remove(given));
    assert.deepEqual([given, code], [given, 'ORPHAN']);
    assert.match(hint, /famfs daxdev remove .*p2\.img/);
  };
  await refused(1);
  // a record that is damaged, or of another file system, says nothing
  for (const { offset } of Object.values(departureStruct.offsets).map((at) => ({ offset: DEPARTURE_OFFSET + at }))) {
    overwrite(second, offset, Buffer.of((stopped[offset] as number) ^ 1));
    await refused(2);
    overwrite(second, offset, stopped.subarray(offset, offset + 1));
  }
  await sandbox.ok(['mv', '--clients-unmounted', 'after', 'afterwards']);
  await refused(2);
  await sandbox.ok(['mv', '--clients-unmounted', 'afterwards', 'after']);
  // added again, it is a member like any other, and says nothing more
  await sandbox.ok(['daxdev', 'add', second]);
  assert.ok(
    firstBytes(second, META)
      .subarray(DEPARTURE_OFFSET)
      .every((byte) => byte === 0),
  );
  assert.deepEqual((await sandbox.fsck('-n')).findings, []);
  await sandbox.ok(remove(second));
  await judgeFiles();
});

test('a daxdev that is lost leaves once it has no files', async () => {
  const paths = await filledPool();
  renameSync(paths[2] as string, sandbox.path('../elsewhere.img'));
  const { code, message, hint = '' } = await sandbox.error(remove(2));
  assert.equal(code, 'MISSING_DAXDEV');
  assert.match(message, /2 files have bytes there, such as simple/);
  assert.match(hint, /famfs rm/);
  await sandbox.ok(['rm', '--clients-unmounted', 'simple', 'striped']);
  const done = await sandbox.json<Removal>(remove(2));
  assert.deepEqual([done.path, done.cleared, done.renumbered.length], [null, false, 1]);
  for (const path of ['after', 'dir/other'] as const) await sandbox.ok(['verify', '-S', `${SEEDS[path]}`, path]);
  assert.deepEqual((await sandbox.fsck('-n', paths[0] as string)).findings, []);
  renameSync(sandbox.path('../elsewhere.img'), paths[2] as string);
});

test('a daxdev that goes away during the last step is named, and can be cleared later', async () => {
  const [primary, second = ''] = await sandbox.makePool(28, 16);
  const away = sandbox.path('../away.img');
  let stores = '';
  observeMemory({
    write({ path }) {
      if (path === primary && stores === second) renameSync(second, away);
      stores = path;
    },
  });
  const { stdout, stderr } = await sandbox.run([...remove(1), '--json']).finally(() => observeMemory(undefined));
  const { written, cleared }: Removal = JSON.parse(stdout);
  assert.deepEqual([written, cleared], [true, false]);
  assert.match(stderr, /has left the pool, but its superblock is still there/);
  renameSync(away, second);
  const done = await sandbox.json<Removal>(remove(second));
  assert.deepEqual([done.daxdev, done.cleared], [null, true]);
});

test('of two copies of a daxdev, neither is cleared', async () => {
  const [, second = ''] = await sandbox.makePool(28, 16);
  const twin = sandbox.path('twin.img');
  copyFileSync(second, twin);
  const isUnchanged = watchImages([second, twin]);
  const done = await sandbox.json<Removal>(remove(1));
  assert.deepEqual([done.daxdev, done.path, done.cleared, done.written], [1, null, false, true]);
  assert.ok(isUnchanged());
  rmSync(twin);
});

test('an interruption while files are copied leaves the pool as it was', async () => {
  const paths = await filledPool();
  const controller = new AbortController();
  // the data of the copy is the first that a thread stores
  observeMemory({ write: (_device, _offset, _bytes, thread) => thread > 0 && controller.abort(new Error('enough')) });
  const { exitCode } = await sandbox
    .run(remove(2), { signal: controller.signal })
    .finally(() => observeMemory(undefined));
  assert.ok(controller.signal.aborted);
  assert.notEqual(exitCode, 0);
  assert.equal((await sandbox.list()).daxdevs.length, 4);
  await judgeFiles();
  await sandbox.ok(remove(2));
  await judgeFiles();
  assert.equal((await sandbox.fsck('-n', paths[0] as string)).exitCode, 0);
});

test('a copy with a wrong byte is noticed, and nothing is changed', async () => {
  await filledPool();
  let done = false;
  observeMemory({
    write(device, offset, _bytes, thread) {
      if (thread === 0 || done) return;
      done = true;
      // as bad memory would
      overwrite(device.path, offset + 100, Buffer.of(0x5a, 0xa5));
    },
  });
  const { code, message } = await sandbox.error(remove(2)).finally(() => observeMemory(undefined));
  assert.equal(code, 'WRONG_BYTE');
  assert.match(message, /its copy on .*\.img has a wrong byte /);
  assert.equal((await sandbox.list()).daxdevs.length, 4);
  await judgeFiles();
});

/** Repairs of secondaries from the log and the primary: each is run twice, and undone. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, renameSync } from 'node:fs';
import { test } from 'node:test';
import { encodeSuperblock, superblockStruct } from '../../../src/format/superblock.js';
import { crc32 } from '../../../src/native/device.js';
import { GOLDEN_MASTER, goldenImage } from '../../support/golden.js';
import { Head } from '../../support/head.js';
import { pokeHeader, pokeSuperblock } from '../../support/patch.js';
import { type FsckReport, overwrite, PoolSandbox } from '../../support/pool.js';
import { firstBytes, MIB, Sandbox } from '../../support/sandbox.js';
import { type Change, NIL, OTHER_UUID } from './damages/damage.js';

const HEAD = 12 * MIB;
const META = 4096;

/** A pool of three with a file of known content on all of them. */
async function makePool(...sizes: number[]): Promise<{ box: PoolSandbox; paths: string[] }> {
  const box = new PoolSandbox();
  const paths = await box.makePool(...(sizes.length > 0 ? sizes : [64, 65, 66]));
  await box.ok(['creat', '-s', '12M', '--stripes', '3', '--seed', '1', 'f']);
  return { box, paths };
}

function damage(path: string, change: Change): void {
  const head = firstBytes(path, META);
  change(head);
  overwrite(path, 0, head);
}

const heads = (paths: readonly string[]) => paths.map((path) => new Head(path, HEAD));

function assertSame(before: readonly Head[], why: string): void {
  for (const head of before) assert.ok(head.isUnchanged(), `${why}: ${head.path}`);
}

interface Case {
  readonly what: string;
  readonly change: Change;
  /** the least that repairs it */
  readonly mode: '-p' | '-y';
  readonly repair: string;
  /** it is found by its name only */
  readonly named?: boolean;
}

const CASES: readonly Case[] = [
  { what: 'crc', change: (i) => pokeSuperblock(i, 'crc', 1, false), mode: '-p', repair: 'MEMBER' },
  { what: 'log length', change: (i) => pokeSuperblock(i, 'logLength', 2 ** 40, false), mode: '-p', repair: 'MEMBER' },
  { what: 'log offset', change: (i) => pokeSuperblock(i, 'logOffset', 2 ** 21, false), mode: '-p', repair: 'MEMBER' },
  { what: 'unit', change: (i) => pokeSuperblock(i, 'allocationUnit', 0, false), mode: '-p', repair: 'MEMBER' },
  { what: 'format', change: (i) => pokeSuperblock(i, 'formatMajor', 9, false), mode: '-p', repair: 'MEMBER' },
  { what: 'system uuid', change: (i) => pokeSuperblock(i, 'systemUuid', NIL, false), mode: '-p', repair: 'MEMBER' },
  { what: 'version', change: (i) => pokeSuperblock(i, 'version', 7, false), mode: '-y', repair: 'MEMBER' },
  {
    what: 'system uuid, with crc',
    change: (i) => pokeSuperblock(i, 'systemUuid', OTHER_UUID),
    mode: '-y',
    repair: 'MEMBER',
  },
  {
    what: 'log length, with crc',
    change: (i) => pokeSuperblock(i, 'logLength', 8 * MIB),
    mode: '-y',
    repair: 'MEMBER',
  },
  { what: 'fs uuid', change: (i) => pokeSuperblock(i, 'fsUuid', OTHER_UUID, false), mode: '-y', repair: 'MEMBER' },
  {
    what: 'device uuid',
    change: (i) => pokeSuperblock(i, 'deviceUuid', OTHER_UUID, false),
    mode: '-y',
    repair: 'MEMBER',
  },
  { what: 'magic', change: (i) => pokeSuperblock(i, 'magic', 0, false), mode: '-y', repair: 'MEMBER', named: true },
  { what: 'whole block', change: (i) => i.fill(0), mode: '-y', repair: 'MEMBER', named: true },
  { what: 'flags', change: (i) => pokeSuperblock(i, 'flags', 0), mode: '-p', repair: 'FLAGS' },
  { what: 'device size', change: (i) => pokeSuperblock(i, 'deviceSize', 5), mode: '-p', repair: 'DEVICE_SIZE' },
  { what: 'name', change: (i) => pokeSuperblock(i, 'deviceName', Buffer.alloc(64, 'x')), mode: '-p', repair: 'NAME' },
  { what: 'padding', change: (i) => pokeSuperblock(i, 'padding', 1), mode: '-y', repair: 'RESERVED' },
  {
    what: 'second uuid',
    change: (i) => pokeSuperblock(i, 'deviceUuidCopy', OTHER_UUID),
    mode: '-y',
    repair: 'RESERVED',
  },
];

for (const { what, change, mode, repair, named = false } of CASES) {
  test(`fsck ${mode} repairs a secondary: ${what}`, async () => {
    const { box, paths } = await makePool();
    const [primary = '', secondary = ''] = paths;
    damage(secondary, change);
    const before = heads(paths);
    const pool = ['--dev', primary, ...(named ? ['--dev', secondary] : [])];
    assert.equal((await box.run(['fsck', '-n', ...pool])).exitCode, 4);
    if (mode === '-y') assert.equal((await box.run(['fsck', '-p', '--no-undo', ...pool])).exitCode, 4);
    if (named) assert.equal((await box.run(['fsck', '-y', '--no-undo', primary])).exitCode, 4);
    assertSame(before, 'changed unasked');
    const undo = box.path('undo');
    const { exitCode, stdout } = await box.run(['fsck', mode, '--json', '--undo', undo, ...pool]);
    assert.equal(exitCode, 1, stdout);
    const done = (JSON.parse(stdout) as FsckReport).repairs.filter((one) => one.done);
    assert.deepEqual(
      done.map(({ id }) => id),
      [repair],
    );
    const again = await box.fsck('-n', '--dev', primary);
    assert.deepEqual([again.exitCode, again.warnings], [0, 0]);
    await box.ok(['verify', '--seed', '1', 'f', '--dev', primary]);
    await box.ok(['undo', undo]);
    assertSame(before, 'undo did not restore every byte');
  });
}

test('a secondary that cannot be identified for certain, or that another tool made, is left alone', async () => {
  const rows: readonly [string, (paths: readonly string[], box: PoolSandbox) => unknown][] = [
    ['another version', ([, path = '']) => damage(path, (i) => pokeSuperblock(i, 'version', 49))],
    [
      'another version, whose crc is none of ours',
      ([, path = '']) =>
        damage(path, (i) => [pokeSuperblock(i, 'version', 49, false), pokeSuperblock(i, 'crc', 7, false)]),
    ],
    ['a newer format', ([, path = '']) => damage(path, (i) => pokeSuperblock(i, 'formatMinor', 3))],
    ['another file system', ([, path = '']) => damage(path, (i) => pokeSuperblock(i, 'fsUuid', OTHER_UUID))],
    ['another daxdev of the pool', ([, path = '']) => damage(path, (i) => pokeSuperblock(i, 'deviceUuid', OTHER_UUID))],
    ['two that lost everything', ([, ...paths]) => paths.map((path) => damage(path, (i) => i.fill(0)))],
    [
      'one of a primary that is not sound',
      ([first = '', path = '']) => [
        damage(first, (i) => pokeSuperblock(i, 'fsUuid', NIL)),
        damage(path, (i) => i.writeUInt8(i.readUInt8(96) ^ 1, 96)),
      ],
    ],
    ['other content', ([, path = '']) => damage(path, (i) => [i.fill(0), i.write('XFSB')])],
  ];
  for (const [what, change] of rows) {
    const { box, paths } = await makePool(64, 64, 64);
    await change(paths, box);
    const before = heads(paths);
    const { exitCode, stdout } = await box.run([
      'fsck',
      '-y',
      '--no-undo',
      ...paths.flatMap((path) => ['--dev', path]),
    ]);
    assert.equal(exitCode, 4, `${what}: ${stdout}`);
    assertSame(before, what);
  }
});

test('a device without a superblock that could be one of two secondaries is left alone', async () => {
  const rows: readonly [string, (primary: string) => unknown][] = [
    ['two are missing', () => {}],
    [
      'one is missing, and the entry of another cannot be read',
      (path) => overwrite(path, 0x200000 + 48 + 644, Buffer.from([1, 2, 3])),
    ],
  ];
  for (const [what, change] of rows) {
    const { box, paths } = await makePool(64, 64, 64);
    const [primary = '', away = '', blank = ''] = paths;
    mkdirSync(box.path('away'));
    renameSync(away, box.path('away/x'));
    damage(blank, (i) => i.fill(0));
    change(primary);
    const before = heads([blank]);
    const { exitCode } = await box.run(['fsck', '-y', '--no-undo', '--dev', primary, '--dev', blank]);
    assert.equal(exitCode, 4, what);
    assertSame(before, what);
  }
});

test('a secondary with a damaged log length is not mistaken for the lost primary', async () => {
  const { box, paths } = await makePool();
  const [primary = '', secondary = ''] = paths;
  damage(primary, (i) => pokeSuperblock(i, 'magic', 0, false));
  damage(secondary, (i) => pokeSuperblock(i, 'logLength', 2, false));
  const { exitCode, repairs, daxdevs } = await box.fsck('-y', '--no-undo', '--dev', secondary, '--dev', primary);
  assert.deepEqual([exitCode, repairs.map(({ id }) => id), daxdevs[0]?.path], [1, ['SUPERBLOCK', 'MEMBER'], primary]);
});

test('of two copies of a damaged secondary none is repaired, unless one is named with --dev', async () => {
  const { box, paths } = await makePool();
  const [primary = '', secondary = ''] = paths;
  damage(secondary, (i) => i.writeUInt8(i.readUInt8(96) ^ 1, 96));
  copyFileSync(secondary, box.path('copy'));
  const before = heads(paths);
  assert.equal((await box.run(['fsck', '-y', '--no-undo', primary])).exitCode, 4);
  assertSame(before, 'written');
  assert.equal((await box.run(['fsck', '-p', '--no-undo', '--dev', primary, '--dev', secondary])).exitCode, 1);
});

test('a secondary of another size than the log says gets no superblock', async () => {
  const { box, paths } = await makePool();
  const [primary = '', secondary = '', third = ''] = paths;
  damage(secondary, (i) => i.writeUInt8(i.readUInt8(96) ^ 1, 96));
  const swapped = box.path('swapped');
  renameSync(secondary, swapped);
  copyFileSync(third, secondary);
  overwrite(secondary, 0, firstBytes(swapped, META));
  renameSync(swapped, box.path('gone'));
  overwrite(box.path('gone'), 0, Buffer.alloc(META));
  const before = heads([primary, secondary]);
  assert.equal((await box.run(['fsck', '-y', '--no-undo', '--dev', primary])).exitCode, 4);
  assertSame(before, 'written');
});

test('a secondary that another process has locked is not repaired, with a warning', async () => {
  const { box, paths } = await makePool();
  const [primary = '', secondary = ''] = paths;
  damage(secondary, (i) => i.writeUInt8(i.readUInt8(96) ^ 1, 96));
  const holder = spawn('flock', ['-x', secondary, 'sh', '-c', 'echo locked; read wait'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    await once(holder.stdout, 'data');
    const busy = await box.run(['fsck', '-p', '--no-undo', primary]);
    assert.equal(busy.exitCode, 4);
    assert.match(busy.stderr, /p1\.img is not repaired: another process has locked or changed it/);
  } finally {
    holder.stdin.end();
    await once(holder, 'exit');
  }
  assert.equal((await box.run(['fsck', '-p', '--no-undo', primary])).exitCode, 1);
});

/** A pool of three whose log lacks its last entries, as an interrupted mkfs leaves it. */
async function makeOrphans(lost = 1): Promise<{ box: PoolSandbox; paths: string[] }> {
  const box = new PoolSandbox();
  const paths = await box.makePool(64, 64, 64);
  const [primary = ''] = paths;
  const head = firstBytes(primary, HEAD);
  for (const field of ['nextIndex', 'nextSequence']) pokeHeader(head, field, 2 - lost);
  head.fill(0, 0x200000 + 48 + (2 - lost) * 544, 0x200000 + 48 + 2 * 544);
  overwrite(primary, 0, head);
  return { box, paths };
}

test('fsck -y adds orphans, -p does not; each is run twice, and undone', async () => {
  const { box, paths } = await makeOrphans(2);
  const [primary = ''] = paths;
  const before = heads(paths);
  const preened = await box.run(['fsck', '-p', '--no-undo', primary]);
  assert.equal(preened.exitCode, 0);
  assert.equal(
    preened.stdout.match(/^not repaired: -y would add \S+ \(uuid [-0-9a-f]+\) to the log as a daxdev/gm)?.length,
    2,
  );
  assertSame(before, '-p');
  const undo = box.path('undo');
  const first = await box.fsck('-y', '--undo', undo, '--dev', primary);
  assert.deepEqual([first.exitCode, first.errors, first.warnings, first.daxdevs.length], [1, 0, 0, 3]);
  assert.deepEqual(
    first.repairs.map(({ id, done }) => [id, done]),
    [
      ['ORPHAN', true],
      ['ORPHAN', true],
    ],
  );
  assertSame(before.slice(1), 'an orphan was written to');
  const second = await box.fsck('-y', '--no-undo', '--dev', primary);
  assert.deepEqual([second.exitCode, second.repairs.length], [0, 0]);
  await box.ok(['creat', '-s', '12M', '--stripes', '3', 'f']);
  assert.equal((await box.error(['undo', undo])).code, 'CHANGED_SINCE');
});

test('adding an orphan can be undone', async () => {
  const { box, paths } = await makeOrphans();
  const before = heads(paths);
  const undo = box.path('undo');
  assert.equal((await box.fsck('-y', '--undo', undo)).exitCode, 1);
  await box.ok(['undo', undo]);
  assertSame(before, 'undo');
});

test('an orphan is not added if it may be something else', async () => {
  const rows: readonly [string, (paths: readonly string[], box: PoolSandbox) => unknown][] = [
    ['of another Master', ([, , path = ''], box) => box.damage(path, 'systemUuid', OTHER_UUID)],
    ['damaged', ([, , path = ''], box) => box.damage(path, 'crc', 1, false)],
    ['of another size', ([, , path = ''], box) => box.damage(path, 'deviceSize', 5)],
    ['twice', ([, , path = ''], box) => copyFileSync(path, box.path('copy'))],
    ['beside a member that is missing', ([, path = ''], box) => box.damage(path, 'magic', 0, false)],
    [
      'of a log with a bad entry',
      async ([path = ''], box) => {
        await box.ok(['mkdir', 'd']);
        overwrite(path, 0x200000 + 48 + 100, Buffer.from([1, 2, 3]));
      },
    ],
    ['of an older format', ([path = ''], box) => box.damage(path, 'formatMinor', 1)],
  ];
  for (const [what, change] of rows) {
    const { box, paths } = await makeOrphans();
    await change(paths, box);
    const before = heads(paths);
    const { repairs } = await box.fsck('-y', '--no-undo');
    assert.deepEqual(
      repairs.filter(({ id }) => id === 'ORPHAN'),
      [],
      what,
    );
    assertSame(before, what);
  }
});

test('a full log has no room for an orphan', async () => {
  const sandbox = new Sandbox(GOLDEN_MASTER);
  const image = goldenImage('g4', sandbox.folder);
  const { fsUuid } = await sandbox.json<{ fsUuid: string }>(['info', '--dev', image]);
  const orphan = sandbox.image('orphan', 64 * MIB);
  const own = superblockStruct.read(new DataView(firstBytes(image, 200).buffer), 0);
  overwrite(
    orphan,
    0,
    encodeSuperblock(
      { ...own, fsUuid, deviceUuid: OTHER_UUID, logOffset: 0, logLength: 0, flags: 2, deviceSize: 64 * MIB },
      crc32,
    ),
  );
  const { exitCode, stdout } = await sandbox.run(['fsck', '-y', '--json', '--no-undo', image]);
  const { counts, repairs } = JSON.parse(stdout);
  assert.deepEqual([exitCode, counts, repairs], [0, { MEMBER_ORPHAN: 1 }, []]);
});

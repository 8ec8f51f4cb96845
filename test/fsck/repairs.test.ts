/** Every repair, twice: the first run repairs, the second finds nothing; and undo brings back every byte. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { GOLDEN_MASTER, goldenImage } from '../golden.js';
import { entryOffset, pokeEntry, pokeHeader, pokePayload, pokeSuperblock } from '../patch.js';
import { firstBytes, Sandbox } from '../sandbox.js';

const META = 10 * 2 ** 20;
const HUGE = 2n ** 63n;
/** entries of g2 */
const ENTRIES = 13;
const LOG = 0x200000;

interface Case {
  readonly name: string;
  readonly damage: (image: Buffer) => void;
  /** the least that repairs it */
  readonly mode: '-p' | '-y';
  readonly repairs: readonly string[];
  /** nodes that ls finds afterwards; all of them unless said */
  readonly nodes?: number;
}

const next = (image: Buffer, value: number) => {
  pokeHeader(image, 'nextIndex', value);
  pokeHeader(image, 'nextSequence', value);
};

/** What a crash leaves of the last entry: its first cache lines, the rest as mkfs zeroed it. */
const tear = (image: Buffer, from = 200) => image.fill(0, entryOffset(ENTRIES - 1) + from, entryOffset(ENTRIES));

const CASES: readonly Case[] = [
  { name: 'log magic', damage: (i) => pokeHeader(i, 'magic', 1, false), mode: '-p', repairs: ['LOG_HEADER'] },
  { name: 'log header crc', damage: (i) => pokeHeader(i, 'crc', 1, false), mode: '-p', repairs: ['LOG_HEADER'] },
  {
    name: 'log header length',
    damage: (i) => pokeHeader(i, 'length', HUGE, false),
    mode: '-p',
    repairs: ['LOG_HEADER'],
  },
  { name: 'last index', damage: (i) => pokeHeader(i, 'lastIndex', 15420), mode: '-p', repairs: ['LOG_HEADER'] },
  { name: 'whole log header gone', damage: (i) => i.fill(0, LOG, LOG + 48), mode: '-p', repairs: ['LOG_HEADER'] },
  { name: 'log header overwritten', damage: (i) => i.fill(0xff, LOG, LOG + 48), mode: '-p', repairs: ['LOG_HEADER'] },
  { name: 'next index beyond', damage: (i) => next(i, 15425), mode: '-p', repairs: ['LOG_COUNT'] },
  { name: 'next index over 2^53', damage: (i) => pokeHeader(i, 'nextIndex', HUGE), mode: '-p', repairs: ['LOG_COUNT'] },
  {
    name: 'next sequence number',
    damage: (i) => pokeHeader(i, 'nextSequence', 14),
    mode: '-p',
    repairs: ['LOG_COUNT'],
  },
  { name: 'one entry not counted', damage: (i) => next(i, 12), mode: '-p', repairs: ['LOG_COUNT'] },
  { name: 'no entry counted', damage: (i) => next(i, 0), mode: '-p', repairs: ['LOG_COUNT'] },
  { name: 'one slot too many counted', damage: (i) => next(i, 14), mode: '-p', repairs: ['LOG_COUNT'] },
  { name: 'many slots too many counted', damage: (i) => next(i, 15420), mode: '-y', repairs: ['LOG_COUNT'] },
  { name: 'torn last entry', damage: (i) => tear(i), mode: '-p', repairs: ['LOG_COUNT'], nodes: 12 },
  {
    name: 'last entry without its start',
    damage: (i) => i.fill(0, entryOffset(12), entryOffset(12) + 16),
    mode: '-p',
    repairs: ['LOG_COUNT'],
    nodes: 12,
  },
  {
    name: 'last entry damaged',
    damage: (i) => i.fill(7, entryOffset(12) + 30, entryOffset(12) + 36),
    mode: '-y',
    repairs: ['LOG_COUNT'],
    nodes: 12,
  },
  { name: 'one bit of an entry', damage: (i) => flip(i, entryOffset(5) + 60, 3), mode: '-y', repairs: ['ENTRY_BITS'] },
  {
    name: 'one bit of the last entry',
    damage: (i) => flip(i, entryOffset(12) + 16, 0),
    mode: '-y',
    repairs: ['ENTRY_BITS'],
  },
  {
    name: "one bit of an entry's crc",
    damage: (i) => flip(i, entryOffset(7) + 536, 7),
    mode: '-y',
    repairs: ['ENTRY_BITS'],
  },
  { name: 'device size 0', damage: (i) => pokeSuperblock(i, 'deviceSize', 0), mode: '-p', repairs: ['DEVICE_SIZE'] },
  {
    name: 'device size long',
    damage: (i) => pokeSuperblock(i, 'deviceSize', 2 ** 40),
    mode: '-p',
    repairs: ['DEVICE_SIZE'],
  },
  { name: 'flags', damage: (i) => pokeSuperblock(i, 'flags', 0x80), mode: '-p', repairs: ['FLAGS'] },
  { name: 'padding', damage: (i) => pokeSuperblock(i, 'padding', 1), mode: '-y', repairs: ['RESERVED'] },
  {
    name: 'device name',
    damage: (i) => pokeSuperblock(i, 'deviceName', Buffer.alloc(64, 'x')),
    mode: '-p',
    repairs: ['NAME'],
  },
  {
    name: 'several at once',
    damage: (i) => [
      pokeSuperblock(i, 'deviceSize', 5),
      pokeHeader(i, 'magic', 0, false),
      next(i, 3),
      flip(i, entryOffset(5), 5),
    ],
    mode: '-y',
    repairs: ['DEVICE_SIZE', 'ENTRY_BITS', 'LOG_HEADER'],
  },
];

function flip(image: Buffer, byte: number, bit: number): void {
  image.writeUInt8(image.readUInt8(byte) ^ (1 << bit), byte);
}

const sandbox = new Sandbox(GOLDEN_MASTER);

for (const { name, damage, mode, repairs, nodes = ENTRIES } of CASES) {
  test(`fsck ${mode} repairs: ${name}`, async () => {
    const image = goldenImage('g2', sandbox.folder, damage);
    const damaged = metadata(image);
    assert.equal((await sandbox.run(['fsck', '-n', image])).exitCode, 4);
    assert.ok(metadata(image).equals(damaged), 'fsck -n wrote');
    if (mode === '-y') {
      const { exitCode } = await sandbox.run(['fsck', '-p', '--no-undo', image]);
      assert.equal(exitCode & 4, 4, 'fsck -p left nothing to ask about');
      goldenImage('g2', sandbox.folder, damage);
    }

    const undo = join(sandbox.folder, `${CASES.findIndex((row) => row.name === name)}.undo`);
    const first = await sandbox.run(['fsck', mode, '--undo', undo, '--json', image]);
    assert.equal(first.exitCode, 1, first.stdout + first.stderr);
    const done = (JSON.parse(first.stdout).repairs as { id: string; done: boolean }[]).filter((repair) => repair.done);
    assert.deepEqual(done.map(({ id }) => id).sort(), [...repairs].sort());

    assert.equal((await sandbox.run(['fsck', '-n', image])).exitCode, 0, 'the second run is not clean');
    const { entries } = await sandbox.json<{ entries: unknown[] }>(['ls', '-R', '--dev', image]);
    assert.equal(entries.length, nodes);
    await sandbox.ok(['undo', undo]);
    assert.ok(metadata(image).equals(damaged), 'undo did not restore every byte');
  });
}

test('-a repairs as -p does, and excludes what -p excludes', async () => {
  const image = goldenImage('g9', sandbox.folder);
  assert.equal((await sandbox.run(['fsck', '-a', '--no-undo', image])).exitCode, 1);
  assert.equal((await sandbox.run(['fsck', '-n', image])).exitCode, 0);
  assert.equal((await sandbox.run(['fsck', '-a', '-n', image])).exitCode, 16);
});

test('what no repair may touch is left as it is, by -y too', async () => {
  const rows: readonly [string, (i: Buffer) => void][] = [
    ['a bad entry in the middle', (i) => i.fill(7, entryOffset(5) + 30, entryOffset(5) + 36)],
    ['an entry of another slot at the end', (i) => pokeEntry(i, 12, 'sequence', 11)],
    ['a log length that differs', (i) => pokeSuperblock(i, 'logLength', 0x1000000)],
    ['a path twice', (i) => pokePayload(i, 6, 'file', 'path', Buffer.from('dir1/f2m\0'.padEnd(80, '\0')))],
  ];
  for (const [what, damage] of rows) {
    const image = goldenImage('g2', sandbox.folder, damage);
    const before = metadata(image);
    const { exitCode, stdout } = await sandbox.run(['fsck', '-y', image]);
    assert.equal(exitCode, 4, `${what}: ${stdout}`);
    assert.ok(metadata(image).equals(before), what);
  }
});

test('an undo image is made by itself, and repairs are refused where it cannot be', async () => {
  const image = goldenImage('g9', sandbox.folder);
  const { undo } = JSON.parse((await sandbox.run(['fsck', '-p', '--json', image])).stdout);
  assert.deepEqual(
    [undo],
    readdirSync(join(sandbox.folder, 'undo')).map((file) => join(sandbox.folder, 'undo', file)),
  );

  const other = goldenImage('g9', sandbox.folder);
  const before = metadata(other);
  const refused = await sandbox.error(['fsck', '-p', '--undo', '/proc/none/undo', other]);
  assert.deepEqual([refused.exitCode, refused.code], [8, 'UNDO_FILE']);
  assert.ok(metadata(other).equals(before));
  assert.equal((await sandbox.run(['fsck', '-p', '--no-undo', other])).exitCode, 1);
});

test('undo refuses what was changed since, unless forced', async () => {
  const image = goldenImage('g2', sandbox.folder, (i) => pokeHeader(i, 'nextSequence', 14));
  const undo = join(sandbox.folder, 'changed.undo');
  assert.equal((await sandbox.run(['fsck', '-p', '--undo', undo, image])).exitCode, 1);
  await sandbox.ok(['creat', '-s', '2M', 'later', '--dev', image]);
  const before = metadata(image);
  assert.equal((await sandbox.error(['undo', undo])).code, 'CHANGED_SINCE');
  assert.ok(metadata(image).equals(before));
  await sandbox.ok(['undo', '--force', undo]);
});

test('a Client repairs nothing', async () => {
  const client = new Sandbox();
  const image = goldenImage('g9', client.folder);
  const before = metadata(image);
  const error = await client.error(['fsck', '-y', image]);
  assert.deepEqual([error.exitCode, error.code], [8, 'NOT_MASTER']);
  assert.ok(metadata(image).equals(before));
});

test('exit codes of several file systems are or-ed', async () => {
  const [sound, repairable, bad, none] = ['g1', 'g9', 'g10', 'g6'].map((name) => goldenImage(name, sandbox.folder));
  const codes = async (...argv: (string | undefined)[]) =>
    (await sandbox.run(['fsck', ...(argv as string[])])).exitCode;
  assert.equal(await codes('-p', '--no-undo', sound, repairable), 1);
  assert.equal(await codes('-p', '--no-undo', sound, bad), 4);
  assert.equal(await codes('-p', '--no-undo', goldenImage('g9', sandbox.folder), bad, none), 1 | 4 | 8);
  assert.equal(await codes('-n', sound, sound), 0);
});

test('wrong uses are usage errors', async () => {
  for (const argv of [
    ['-n', '-y', 'x'],
    ['-p', '-y', 'x'],
    ['--undo', 'a', '--no-undo', 'x'],
    ['--undo', 'a', 'x', 'y'],
  ])
    assert.equal((await sandbox.error(['fsck', ...argv])).exitCode, 16, argv.join(' '));
});

function metadata(path: string): Buffer {
  return firstBytes(path, META);
}

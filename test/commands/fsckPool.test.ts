/** Each damage to a member of a pool, and fsck names it. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, renameSync, truncateSync } from 'node:fs';
import { test } from 'node:test';
import { POOL_DEFAULTS_OFFSET } from '../../src/format/poolDefaults.js';
import { overwrite, PoolSandbox } from '../pool.js';
import { MIB } from '../sandbox.js';

const OTHER = '99999999-2222-4333-8444-555555555555';

interface Damage {
  readonly what: string;
  /** codes of the findings, in order */
  readonly codes: readonly string[];
  readonly message: RegExp;
  /** given the sandbox and the path of daxdev 1 */
  readonly damage: (box: PoolSandbox, path: string) => unknown;
  /** options of fsck beside those that lead to the primary */
  readonly options?: readonly string[];
}

const DAMAGES: readonly Damage[] = [
  {
    what: 'taken away',
    codes: ['MEMBER_MISSING'],
    message: /daxdev 1 \(uuid .*is not here/,
    damage: (box, path) => {
      mkdirSync(box.path('away'));
      renameSync(path, box.path('away/x'));
    },
  },
  {
    what: 'killed',
    codes: ['MEMBER_MISSING'],
    message: /is not here/,
    damage: (box, path) => box.damage(path, 'magic', 0),
  },
  {
    what: 'killed, but named',
    codes: ['MEMBER_MISSING', 'MEMBER_FOREIGN'],
    message: /p1\.img was named, but holds no famfs/,
    damage: (box, path) => box.damage(path, 'magic', 0),
    options: ['--dev', 'p1.img'],
  },
  {
    what: 'taken by another pool',
    codes: ['MEMBER_MISSING', 'MEMBER_FOREIGN'],
    message: /p1\.img was named, but belongs to the file system/,
    damage: (box, path) => box.ok(['mkfs', '--force', box.image('other.img', 64 * MIB), path]),
    options: ['--dev', 'p1.img'],
  },
  {
    what: 'of another file-system uuid',
    codes: ['MEMBER_FOREIGN'],
    message: /says that it belongs to another file system/,
    damage: (box, path) => box.damage(path, 'fsUuid', OTHER),
  },
  {
    what: 'of another device uuid',
    codes: ['MEMBER_MISSING', 'MEMBER_ORPHAN'],
    message: /p1\.img \(uuid 99999999.*the log does not know it/,
    damage: (box, path) => box.damage(path, 'deviceUuid', OTHER),
  },
  {
    what: 'of another system uuid',
    codes: ['MEMBER_SUPERBLOCK'],
    message: /system uuid 99999999.*that of the primary/,
    damage: (box, path) => box.damage(path, 'systemUuid', OTHER),
  },
  {
    what: 'of a wrong crc',
    codes: ['MEMBER_SUPERBLOCK'],
    message: /crc 0x1, allowed is/,
    damage: (box, path) => box.damage(path, 'crc', 1, false),
  },
  {
    what: 'without the flag of a secondary',
    codes: ['MEMBER_SUPERBLOCK'],
    message: /flags 0x0, allowed is 2 on a secondary/,
    damage: (box, path) => box.damage(path, 'flags', 0),
  },
  {
    what: 'with the flag of a primary',
    codes: ['MEMBER_SUPERBLOCK'],
    message: /flags 0x1, allowed is 2 on a secondary/,
    damage: (box, path) => box.damage(path, 'flags', 1),
  },
  {
    what: 'with a log',
    codes: ['MEMBER_SUPERBLOCK'],
    message: /log length 0x800000, allowed is 0 on a secondary/,
    damage: (box, path) => box.damage(path, 'logLength', 8 * MIB),
  },
  {
    what: 'of another version',
    codes: ['MEMBER_SUPERBLOCK'],
    message: /version 47/,
    damage: (box, path) => box.damage(path, 'version', 47),
  },
  {
    what: 'of another allocation unit',
    codes: ['MEMBER_SUPERBLOCK'],
    message: /allocation unit 8192/,
    damage: (box, path) => box.damage(path, 'allocationUnit', 8192),
  },
  {
    what: 'with a wrong size in its superblock',
    codes: ['MEMBER_SUPERBLOCK'],
    message: /device size 12345, allowed is/,
    damage: (box, path) => box.damage(path, 'deviceSize', 12345),
  },
  {
    what: 'grown',
    codes: ['MEMBER_SIZE', 'MEMBER_SUPERBLOCK'],
    message: /has 134217728 bytes, the log says 67108864/,
    damage: (_box, path) => truncateSync(path, 128 * MIB),
  },
  {
    what: 'cut short',
    codes: ['MEMBER_SIZE', 'MEMBER_SUPERBLOCK'],
    message: /has 33554432 bytes, the log says 67108864/,
    damage: (_box, path) => truncateSync(path, 32 * MIB),
  },
  {
    what: 'cut down to nothing',
    codes: ['MEMBER_MISSING'],
    message: /is not here/,
    damage: (_box, path) => truncateSync(path, 0),
  },
  {
    what: 'copied',
    codes: ['MEMBER_TWIN'],
    message: /is each of .*copy\.img, .*p1\.img/,
    damage: (box, path) => copyFileSync(path, box.path('copy.img')),
  },
];

for (const { what, codes, message, damage, options = [] } of DAMAGES) {
  test(`a member that was ${what} is named`, async () => {
    const box = new PoolSandbox();
    const [primary = '', member = ''] = await box.makePool(64, 64, 64);
    await box.ok(['creat', '-s', '12M', '--stripes', '3', 'f']);
    assert.equal((await box.fsck()).exitCode, 0);
    await damage(box, member);
    const { exitCode, findings } = await box.fsck('--dev', primary, ...options);
    assert.equal(exitCode, 4);
    assert.deepEqual([...new Set(findings.map(({ code }) => code))], codes);
    assert.match(findings.map((finding) => finding.message).join('\n'), message);
  });
}

test('a copy does no harm where the right one is named', async () => {
  const box = new PoolSandbox();
  const [primary = '', member = ''] = await box.makePool(64, 64);
  copyFileSync(member, box.path('copy.img'));
  assert.equal((await box.fsck('--dev', primary)).exitCode, 4);
  assert.equal((await box.fsck('--dev', primary, '--dev', member)).exitCode, 0);
});

test('orphans are a warning, and daxdev add takes them in', async () => {
  const box = new PoolSandbox();
  const [primary = '', ...members] = await box.makePool(64, 64, 64);
  // what a crash leaves behind the superblocks of all secondaries: the log counts the first of them only
  const header = Buffer.alloc(16);
  header.writeBigUInt64LE(1n, 0);
  header.writeBigUInt64LE(1n, 8);
  overwrite(primary, 0x200000 + 32, header);
  overwrite(primary, 0x200000 + 48 + 544, Buffer.alloc(544));
  const report = await box.fsck();
  assert.deepEqual([report.exitCode, report.errors, report.warnings], [0, 0, 1]);
  assert.deepEqual(
    report.findings.map(({ code }) => code),
    ['MEMBER_ORPHAN'],
  );
  assert.deepEqual(
    (await box.list()).orphans.map(({ path }) => path),
    [members[1]],
  );
  assert.match(await box.ok(['daxdev', 'add', members[1] as string]), /taken in as daxdev 2/);
  const after = await box.fsck();
  assert.deepEqual([after.exitCode, after.warnings, after.daxdevs.length], [0, 0, 3]);
});

test('a damaged default interleave is a warning, and is not used', async () => {
  const box = new PoolSandbox();
  const [primary = '', second = ''] = box.images(64, 64);
  await box.ok(['mkfs', '--stripes', '2', primary, second]);
  box.env.FAMFS_DEV = primary;
  assert.equal((await box.fsck()).warnings, 0);
  overwrite(primary, POOL_DEFAULTS_OFFSET + 32, Buffer.from([3]));
  const { exitCode, findings } = await box.fsck();
  assert.deepEqual([exitCode, findings.map(({ code }) => code)], [0, ['POOL_DEFAULTS']]);
  await box.ok(['creat', '-s', '8M', 'plain']);
  assert.match(await box.ok(['showfmap', 'plain']), /simple/);
});

test('use is told for each daxdev', async () => {
  const box = new PoolSandbox();
  await box.makePool(64, 64, 64);
  await box.ok(['creat', '-s', '12M', '--stripes', '3', 'f']);
  const { daxdevs } = await box.fsck();
  assert.deepEqual(
    daxdevs.map(({ used, state }) => [used, state]),
    [1, 2, 3].map(() => [4 * MIB, 'present']),
  );
  assert.match(await box.ok(['fsck']), /^daxdev 2: .*p2\.img, 4M of 62M used$/m);
});

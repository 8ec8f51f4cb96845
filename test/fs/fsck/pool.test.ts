/** fsck finds each damage to a member of a pool. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, renameSync } from 'node:fs';
import { test } from 'node:test';
import { POOL_DEFAULTS_OFFSET } from '../../../src/format/poolDefaults.js';
import { superblockStruct } from '../../../src/format/superblock.js';
import { pokeSuperblock } from '../../support/patch.js';
import { overwrite, PoolSandbox } from '../../support/pool.js';
import { firstBytes, MIB } from '../../support/sandbox.js';
import { SECONDARY_DAMAGES } from './damages/index.js';
import { memberDamages } from './damages/members.js';
import { touchedFields } from './damages/touched.js';

/** The report of fsck on a damaged pool of three with a file on all of them. */
async function checked(damage: (box: PoolSandbox, path: string) => unknown, options: readonly string[] = []) {
  const box = new PoolSandbox();
  const [primary = '', member = ''] = await box.makePool(64, 64, 64);
  await box.ok(['creat', '-s', '12M', '--stripes', '3', 'f']);
  assert.equal((await box.fsck()).exitCode, 0);
  await damage(box, member);
  const { exitCode, findings } = await box.fsck('--dev', primary, ...options);
  return { exitCode, codes: [...new Set(findings.map(({ code }) => code))].sort(), findings };
}

for (const { what, codes, message, damage, options, exitCode = 4 } of memberDamages) {
  test(`a member that was ${what} is named: ${codes.join(', ')}`, async () => {
    const report = await checked(damage, options);
    assert.deepEqual([report.exitCode, report.codes], [exitCode, [...codes].sort()]);
    assert.match(report.findings.map((finding) => finding.message).join('\n'), message);
  });
}

for (const [field, rows] of Object.entries(SECONDARY_DAMAGES.damages)) {
  for (const [what, codes, change] of rows) {
    test(`fsck names ${what}: ${codes.join(', ')}`, async () => {
      const report = await checked((box, path) => {
        const sound = firstBytes(path, superblockStruct.size);
        const damaged = Buffer.from(sound);
        change(damaged);
        assert.ok(touchedFields(sound, damaged).has(`superblock.${field}`));
        overwrite(path, 0, damaged);
        return box;
      });
      assert.deepEqual([report.exitCode, report.codes], [4, [...codes].sort()]);
    });
  }
}

test('a copy is harmless if the right daxdev is named', async () => {
  const box = new PoolSandbox();
  const [primary = '', member = ''] = await box.makePool(64, 64);
  copyFileSync(member, box.path('copy.img'));
  assert.equal((await box.fsck('--dev', primary)).exitCode, 4);
  assert.equal((await box.fsck('--dev', primary, '--dev', member)).exitCode, 0);
});

test('orphans are a warning, and daxdev add adds them', async () => {
  const box = new PoolSandbox();
  const [primary = '', ...members] = await box.makePool(64, 64, 64);
  // what a crash leaves after the superblocks of all secondaries: the log counts the first of them only
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
  assert.match(await box.ok(['daxdev', 'add', members[1] as string]), /adopted as daxdev 2/);
  const after = await box.fsck();
  assert.deepEqual([after.exitCode, after.warnings, after.daxdevs.length], [0, 0, 3]);
});

test('a damaged default interleave is a warning, and is ignored', async () => {
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

test('fsck reports the use of each daxdev', async () => {
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

test('devices of one pool are one file system, whichever are named', async () => {
  const box = new PoolSandbox();
  const [primary = '', second = '', third = ''] = await box.makePool(64, 64, 64);
  const other = box.image('other.img', 64 * MIB);
  await box.ok(['mkfs', other]);
  type Several = { filesystems: { path: string; named: string[] }[]; failed: { path: string }[] };
  const { filesystems } = await box.json<Several>(['fsck', second, other, primary, primary]);
  assert.deepEqual(
    filesystems.map(({ path, named }) => [path, named]),
    [
      [primary, [second, primary, primary]],
      [other, [other]],
    ],
  );
  const text = await box.ok(['fsck', second, third]);
  assert.equal(text.match(/: clean$/gm)?.length, 1);
  assert.match(text, /^\S+p2\.img: part of the file system on \S+p1\.img, which is checked once$/m);
});

test('members are found in the folders of all named daxdevs', async () => {
  const box = new PoolSandbox();
  const [primary = '', second = ''] = await box.makePool(64, 64);
  mkdirSync(box.path('away'));
  renameSync(second, box.path('away/x'));
  assert.equal((await box.run(['fsck', primary])).exitCode, 4);
  assert.equal((await box.run(['fsck', primary, box.path('away/x')])).exitCode, 0);
});

test('a member belongs to the same file system once its primary is repaired', async () => {
  const box = new PoolSandbox();
  const [primary = '', second = ''] = await box.makePool(64, 64);
  box.damage(primary, 'magic', 0, false);
  const both = [primary, second];
  assert.equal((await box.run(['fsck', '-n', ...both])).exitCode, 8);
  const { exitCode, stdout } = await box.run(['fsck', '-y', '--no-undo', '--json', ...both]);
  assert.deepEqual([exitCode, JSON.parse(stdout).filesystems[0].named], [1, both]);
});

test('a primary without a superblock is found beside a secondary that looks like one', async () => {
  const box = new PoolSandbox();
  const paths = await box.makePool(64, 64, 64);
  await box.ok(['creat', '-s', '12M', '--stripes', '3', '--seed', '1', 'f']);
  const [primary = '', member = ''] = paths;
  const damaged = firstBytes(member, superblockStruct.size);
  for (const [name, value] of [
    ['flags', 1],
    ['logOffset', 0x200000n],
  ] as const) {
    const bytes = Buffer.alloc(superblockStruct.fields[name].size);
    if (typeof value === 'bigint') bytes.writeBigUInt64LE(value);
    else bytes.writeUInt32LE(value);
    pokeSuperblock(damaged, name, bytes, false);
  }
  overwrite(member, 0, damaged);
  overwrite(primary, 0, Buffer.alloc(superblockStruct.size));
  const named = paths.flatMap((path) => ['--dev', path]);
  const { exitCode, stdout } = await box.run(['fsck', '-y', '--no-undo', ...named]);
  assert.equal(exitCode, 1, stdout);
  await box.ok(['fsck', '-n', ...named]);
  await box.ok(['verify', '--seed', '1', 'f', '--dev', primary]);
});

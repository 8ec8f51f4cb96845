import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { DumpDocument } from '../../src/commands/dump.js';
import { STEPS, stopAfter } from '../fs/rewrite/stopped.js';
import { shellIn } from '../support/famfs.js';
import { GOLDEN_MASTER, goldenImage } from '../support/golden.js';
import { entryOffset, pokePayload } from '../support/patch.js';
import { overwrite, PoolSandbox } from '../support/pool.js';
import { firstBytes, MIB, Sandbox } from '../support/sandbox.js';
import { Snapshot } from '../support/snapshot.js';

interface Listed {
  readonly entries: readonly { path: string; size: number; mode: string; uid: number; gid: number; slot: number }[];
}

test('a restored copy has the superblocks and the log byte for byte, and nothing of the files', async () => {
  const sandbox = new PoolSandbox();
  const [primary = '', second = ''] = await sandbox.makePool(32, 16);
  await sandbox.ok(['mkdir', 'd']);
  await sandbox.ok(['creat', '-s', '5M', '--stripes', '2', '--seed', '1', 'd/f']);
  await sandbox.ok(['creat', '-s', '2M', '--seed', '2', 'g']);
  await sandbox.ok(['mv', '--clients-unmounted', 'g', 'd/g']);
  // what lies in the superblock region beside the records is no metadata of famfs
  overwrite(primary, 8192, Buffer.from('left by an earlier owner'));
  const image = join(sandbox.folder, 'pool.fmd');
  const { daxdevs } = await sandbox.json<{ daxdevs: { path: string; size: number }[] }>(['dump', '-o', image, second]);
  assert.deepEqual(daxdevs, [
    { path: primary, size: 32 * MIB },
    { path: second, size: 16 * MIB },
  ]);
  // whichever of them is named
  assert.deepEqual((await sandbox.json(['dump', '-o', 'other.fmd', primary])).daxdevs, daxdevs);
  assert.equal(statSync(image).mode & 0o777, 0o600);
  assert.ok(statSync(image).size < 4096);
  const made = await sandbox.json<{ daxdevs: { path: string; size: number }[] }>(['restore', image, '--to', 'copy']);
  const [copy = '', copy2 = ''] = made.daxdevs.map(({ path }) => path);
  for (const [from, to, end] of [
    [primary, copy, 10 * MIB],
    [second, copy2, 2 * MIB],
  ] as const) {
    const expected = readFileSync(from);
    expected.fill(0, 8192, 9000);
    expected.fill(0, end);
    assert.ok(readFileSync(to).equals(expected));
  }
  assert.ok(statSync(copy).blocks * 512 < MIB);
  const listed = (...argv: string[]) => sandbox.json<Listed>(['ls', '-R', ...argv]);
  assert.deepEqual(await listed('--dev', copy2), await listed());
  for (const argv of [['showfmap', '--all'], ['log', 'list'], ['du'], ['find', '--daxdev', '1']])
    assert.deepEqual(await sandbox.json([...argv, '--dev', copy]), await sandbox.json(argv), argv.join(' '));
});

test('scrambled names keep lengths, directories and owners, and no name stays', async () => {
  const sandbox = new PoolSandbox();
  const [primary = ''] = sandbox.images(32);
  await sandbox.ok(['mkfs', '--label', 'customer', primary]);
  sandbox.env.FAMFS_DEV = primary;
  await sandbox.ok(['mkdir', '-p', '-m', '700', 'project/alpha', 'other/alpha', 'x']);
  for (const path of ['project/alpha/weights', 'other/alpha/weights', 'x/a', 'x/b', 'x/c', 'x/\u00e9', 'pr\u00f6be'])
    await sandbox.ok(['creat', '-s', '1', path]);
  await sandbox.ok(['creat', '-s', '1', 'goner']);
  const image = sandbox.env.FAMFS_DEV as string;
  // a stale entry beyond the count, and an entry that cannot be used, both with names
  const goner = firstBytes(image, entryOffset(40)).subarray(entryOffset(12));
  await sandbox.ok(['rm', '--clients-unmounted', 'goner']);
  overwrite(image, entryOffset(20), goner.subarray(0, 544));
  const head = firstBytes(image, entryOffset(30));
  pokePayload(head, 11, 'file', 'extentType', 9);
  head[entryOffset(13) + 40] = 0x61;
  overwrite(image, 0, head);
  await sandbox.ok(['dump', '--scramble', '-o', 's.fmd']);
  await sandbox.ok(['restore', 's.fmd', '--to', 'copy']);
  const copy = join(sandbox.folder, 'copy', 'daxdev-0.img');
  const before = (await sandbox.json<Listed>(['ls', '-R'])).entries.toSorted((a, b) => a.slot - b.slot);
  const after = (await sandbox.json<Listed>(['ls', '-R', '--dev', copy])).entries.toSorted((a, b) => a.slot - b.slot);
  assert.deepEqual(
    after.map(({ path, ...rest }) => [shapeOf(path), rest]),
    before.map(({ path, ...rest }) => [shapeOf(path), rest]),
  );
  const names = new Map<string, string>();
  for (const [i, { path }] of before.entries())
    for (const [k, name] of path.split('/').entries()) {
      const other = after[i]?.path.split('/')[k] as string;
      assert.equal(names.get(name) ?? other, other);
      names.set(name, other);
    }
  assert.equal(new Set(names.values()).size, names.size);
  const bytes = readFileSync(copy);
  for (const name of ['project', 'alpha', 'weights', 'goner', 'other', 'be\0', 'customer', sandbox.folder, '.img'])
    assert.ok(!bytes.includes(name), name);
  assert.match(await sandbox.ok(['inspect', 'superblock', '--dev', copy]), /checksum: right/);
  for (const record of [['slot', '11'], ['label']])
    assert.match(await sandbox.ok(['inspect', ...record, '--dev', copy]), /checksum: right/);
  assert.equal((await sandbox.error(['restore', 's.fmd', '--onto', '--force'])).code, 'METADATA_IMAGE');
});

test('a copy has the label, and a scrambled one names that are not UTF-8', async () => {
  const sandbox = new PoolSandbox();
  const [image = ''] = sandbox.images(32);
  await sandbox.ok(['mkfs', '--label', 'customer', image]);
  sandbox.env.FAMFS_DEV = image;
  await sandbox.ok(['creat', '--allow-bytes', '-s', '1', 'longer name \udcff', 'plain']);
  await sandbox.ok(['dump', '--scramble', '-o', 's.fmd']);
  await sandbox.ok(['restore', 's.fmd', '--to', 'copy']);
  const found = async (...dev: string[]) => (await sandbox.fsck('-n', ...dev)).findings.map(({ code }) => code);
  const codes = await found();
  assert.ok(codes.includes('PATH_BYTES'), codes.join());
  assert.deepEqual(await found('--dev', sandbox.path('copy/daxdev-0.img')), codes);
  await sandbox.ok(['dump', '-o', 'plain.fmd']);
  await sandbox.ok(['restore', 'plain.fmd', '--to', 'same']);
  const { label } = await sandbox.json<{ label: string | null }>(['info', '--dev', sandbox.path('same/daxdev-0.img')]);
  assert.equal(label, 'customer');
});

/** The lengths of the names of a path, in bytes. */
function shapeOf(path: string): number[] {
  return path.split('/').map((name) => Buffer.byteLength(name));
}

test('a flipped bit outside of names can be found in a scrambled copy too', async () => {
  const sandbox = new Sandbox(GOLDEN_MASTER);
  const image = goldenImage('g2', sandbox.folder, (bytes) => {
    bytes[entryOffset(6) + 16]! ^= 4;
  });
  await sandbox.ok(['dump', '--scramble', '-o', 's.fmd', image]);
  await sandbox.ok(['restore', 's.fmd', '--to', 'copy']);
  const run = await sandbox.run(['fsck', '-y', '--no-undo', 'copy/daxdev-0.img']);
  assert.equal(run.exitCode, 1, run.stdout);
  assert.match(run.stdout, /flip/);
});

test('a rewrite of the log that was stopped can be completed in the copy', async () => {
  const sandbox = new PoolSandbox();
  await sandbox.makePool(32);
  for (const path of ['first', 'second', 'third']) await sandbox.ok(['creat', '-s', '1', path]);
  const stopped = sandbox.env.FAMFS_DEV as string;
  await stopAfter(sandbox, STEPS.entries, ['rm', '--clients-unmounted', 'second']);
  for (const options of [[], ['--scramble']]) {
    await sandbox.ok(['dump', ...options, '--force', '-o', 'j.fmd', stopped]);
    await sandbox.ok(['restore', 'j.fmd', '--to', 'copy', '--force']);
    const run = await sandbox.run(['fsck', '-p', '--no-undo', 'copy/daxdev-0.img']);
    assert.equal(run.exitCode, 1, run.stdout + run.stderr);
    assert.match(run.stdout, /2 of \d+ log entries, 0 skipped; 2 files/);
    assert.equal((await sandbox.error(['restore', 'j.fmd', '--onto', '--force'])).code, 'METADATA_IMAGE');
  }
});

test('the image goes to a file or to standard output, and replaces nothing', async () => {
  const sandbox = new PoolSandbox();
  await sandbox.makePool(32);
  const image = sandbox.env.FAMFS_DEV as string;
  writeFileSync(join(sandbox.folder, 'precious'), 'precious');
  const { code, message } = await sandbox.error(['dump', '-o', 'precious']);
  assert.equal(code, 'EXISTS');
  // FAMFS_DEV names the daxdev, and not this file
  assert.doesNotMatch(message, /named by/);
  assert.equal(readFileSync(join(sandbox.folder, 'precious'), 'utf8'), 'precious');
  assert.equal((await sandbox.error(['dump', '--force', '-o', image])).code, 'IS_THE_IMAGE');
  assert.equal((await sandbox.error(['dump', '--force', '-o', sandbox.folder])).code, 'IN_THE_WAY');
  assert.equal((await sandbox.error(['dump', '-o', 'no/where'])).code, 'CANNOT_WRITE');
  assert.equal((await sandbox.error(['dump'])).code, 'USAGE');
  assert.equal((await sandbox.run(['dump'], { terminal: true })).exitCode, 2);
  writeFileSync(join(sandbox.folder, 'zeros'), Buffer.alloc(MIB));
  assert.equal((await sandbox.error(['dump', '-o', 'x', 'zeros'])).code, 'NO_FAMFS');
  const before = new Snapshot(sandbox.folder);
  assert.equal((await sandbox.error(['dump', '-n'])).code, 'USAGE');
  assert.equal((await sandbox.error(['dump', '-n', '-o', 'precious'])).code, 'EXISTS');
  assert.equal((await sandbox.error(['dump', '-n', '-o', 'no/where'])).code, 'CANNOT_WRITE');
  const dry = await sandbox.json<DumpDocument>(['dump', '-n', '--force', '-o', 'precious']);
  assert.deepEqual(before.changes(), []);
  const done = await sandbox.json<DumpDocument>(['dump', '--force', '-o', 'precious']);
  assert.deepEqual(dry, { ...done, written: false });
  assert.equal(statSync(join(sandbox.folder, 'precious')).size, dry.size);
  const { exitCode } = await shellIn(sandbox, '"$FAMFS" dump > out.fmd && cmp out.fmd precious');
  assert.equal(exitCode, 0);
  assert.ok(!existsSync(join(sandbox.folder, 'x')));
});

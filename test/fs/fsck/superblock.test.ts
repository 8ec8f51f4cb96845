/** Restoring a lost or damaged superblock from what is left. */
import assert from 'node:assert/strict';
import { closeSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { test } from 'node:test';
import { GOLDEN_MASTER, goldenImage } from '../../support/golden.js';
import { Head } from '../../support/head.js';
import { pokeHeader, pokeSuperblock } from '../../support/patch.js';
import { overwrite, PoolSandbox } from '../../support/pool.js';
import { firstBytes, MIB, OWN_UUID, Sandbox, stdinOf } from '../../support/sandbox.js';
import { LOST_SUPERBLOCKS, type LostSuperblock } from './repairable.js';

const sandbox = new Sandbox(GOLDEN_MASTER);

for (const [what, damage, master] of LOST_SUPERBLOCKS) {
  test(`fsck -y repairs a superblock: ${what}, Master ${master}`, async () => {
    const image = goldenImage('g2', sandbox.folder, damage);
    const before = head(image);
    const block = new Head(image, 4096);
    assert.ok([4, 8].includes((await sandbox.run(['fsck', '-n', image])).exitCode));
    assert.ok([4, 8].includes((await sandbox.run(['fsck', '-p', image])).exitCode), '-p must not decide this');
    assert.ok(before.isUnchanged());
    const undo = `${image}.${what.replaceAll(/\W/g, '-')}.undo`;
    if (master === 'unknown') await refusedWithoutMaster(image);
    const say = master === 'unknown' ? ['--master-here'] : [];
    const first = await sandbox.run(['fsck', '-y', ...say, '--undo', undo, image]);
    assert.equal(first.exitCode, 1, first.stdout + first.stderr);
    assert.equal(/this host as its Master/.test(first.stdout), master === 'unknown', first.stdout);
    assert.equal((await sandbox.run(['fsck', '-n', image])).exitCode, 0);
    const { entries } = await sandbox.json<{ entries: unknown[] }>(['ls', '-R', '--dev', image]);
    assert.equal(entries.length, 13);
    await sandbox.ok(['creat', '-s', '2M', 'new', '--dev', image]);
    await sandbox.ok(['undo', undo]);
    assert.ok(block.isUnchanged(), 'undo did not restore every byte');
  });
}

/** Without --master-here, -y chooses no Master: it says what it needs, in text and JSON. */
async function refusedWithoutMaster(image: string): Promise<void> {
  const before = head(image);
  const { exitCode, stdout } = await sandbox.run(['fsck', '-y', '--no-undo', image]);
  assert.equal(exitCode, (await sandbox.run(['fsck', '-n', image])).exitCode);
  assert.match(stdout, /^not repaired: -y would rebuild .* this host as its Master, .*; that needs --master-here$/m);
  const { repairs } = JSON.parse((await sandbox.run(['fsck', '-y', '--no-undo', '--json', image])).stdout);
  assert.deepEqual(
    (repairs as { id: string; done: boolean; needs: string | null }[]).map(({ id, done, needs }) => [id, done, needs]),
    [['SUPERBLOCK', false, '--master-here']],
  );
  assert.ok(before.isUnchanged());
}

test('on a terminal the question names the new Master, and a yes suffices', async () => {
  const image = goldenImage('g2', sandbox.folder, (i) => i.fill(0, 0, 4096));
  const stdin = Object.assign(stdinOf('y\n'), { isTTY: true });
  const { exitCode, stderr } = await sandbox.run(['fsck', '--no-undo', image], {
    stdin: stdin as never,
    terminal: true,
  });
  assert.equal(exitCode, 1, stderr);
  assert.match(stderr, /with this host as its Master, which nothing else confirms\?/);
});

test('--master-here needs -y', async () => {
  for (const mode of [['-n'], ['-p'], []])
    assert.equal((await sandbox.error(['fsck', ...mode, '--master-here', 'x'])).exitCode, 16);
});

test('a superblock that names another host is repaired only on that host', async () => {
  const client = new Sandbox();
  const damages: readonly LostSuperblock[] = [
    ['magic', (i) => pokeSuperblock(i, 'magic', 0, false), 'witnessed'],
    ['one bit', (i) => i.writeUInt8(i.readUInt8(50) ^ 4, 50), 'witnessed'],
    ['allocation unit', (i) => pokeSuperblock(i, 'allocationUnit', 8192), 'witnessed'],
  ];
  for (const [what, damage] of damages) {
    const image = goldenImage('g2', client.folder, damage);
    const before = head(image);
    for (const say of [[], ['--master-here']]) {
      const { code, hint } = await client.error(['fsck', '-y', '--no-undo', ...say, image]);
      assert.deepEqual([code, hint?.includes(GOLDEN_MASTER)], ['NOT_MASTER', true], what);
    }
    assert.ok(before.isUnchanged(), what);
  }
});

test('a superblock whose contents cannot be determined is left alone', async () => {
  const rows: readonly [string, (image: Buffer) => void][] = [
    ['no log header either', (i) => [i.fill(0, 0, 200), i.fill(0, 0x200000, 0x200000 + 48)]],
    ['another version', (i) => pokeSuperblock(i, 'version', 47)],
    [
      'another version, whose crc is none of ours',
      (i) => [pokeSuperblock(i, 'version', 49, false), pokeSuperblock(i, 'crc', 7, false)],
    ],
    ['another format', (i) => pokeSuperblock(i, 'formatMajor', 3)],
    ['header of another length and no crc', (i) => [i.fill(0, 0, 200), pokeHeader(i, 'crc', 5, false)]],
  ];
  for (const [what, damage] of rows) {
    const image = goldenImage('g2', sandbox.folder, damage);
    const before = head(image);
    const { exitCode } = await sandbox.run(['fsck', '-y', image]);
    assert.ok([4, 8].includes(exitCode), `${what}: ${exitCode}`);
    assert.ok(before.isUnchanged(), what);
  }
});

test("a pool's primary recovers its uuids from a secondary", async () => {
  const paths = ['primary', 'secondary'].map((name) => sandbox.image(name, 64 * MIB)) as [string, string];
  const { fsUuid } = await sandbox.json<{ fsUuid: string }>(['mkfs', '--quiet', ...paths]);
  await sandbox.ok(['creat', '-s', '4M', '--stripes', '2', 'striped', '--dev', paths[0]]);
  erase(paths[0], 0, 4096);
  assert.equal((await sandbox.run(['fsck', '-y', '--no-undo', '--dev', paths[0], '--dev', paths[1]])).exitCode, 1);
  const { exitCode, stdout } = await sandbox.run(['fsck', '-n', '--json', paths[0]]);
  assert.equal(exitCode, 0, stdout);
  assert.equal(JSON.parse(stdout).fsUuid, fsUuid);
});

test('secondaries that contradict each other prove nothing', async () => {
  const box = new PoolSandbox();
  const [primary = '', second = '', third = ''] = await box.makePool(32, 32, 32);
  const other = firstBytes(second, 4096);
  pokeSuperblock(other, 'fsUuid', Buffer.alloc(16, 7));
  overwrite(second, 0, other);
  erase(primary, 0, 4096);
  const before = [primary, second, third].map(head);
  const named = [primary, second, third].flatMap((path) => ['--dev', path]);
  const { exitCode, stdout } = await box.run(['fsck', '-y', '--master-here', '--no-undo', ...named]);
  assert.ok(exitCode >= 4, stdout);
  for (const image of before) assert.ok(image.isUnchanged());
});

test("a pool's primary only gets the file-system uuid of its secondaries", async () => {
  const box = new PoolSandbox();
  const [primary = '', secondary = ''] = await box.makePool(64, 64);
  erase(primary, 0, 4096);
  renameSync(secondary, `${secondary}.d`);
  mkdirSync(box.path('away'));
  renameSync(`${secondary}.d`, box.path('away/s'));
  const before = head(primary);
  const lonely = await box.run(['fsck', '-y', '--master-here', '--no-undo', primary]);
  assert.equal(lonely.exitCode, 8);
  assert.match(lonely.stdout, /that needs a secondary of the pool, with --dev/);
  assert.ok(before.isUnchanged());

  box.becomeHost(GOLDEN_MASTER);
  const both = ['--dev', primary, '--dev', box.path('away/s')];
  assert.equal((await box.error(['fsck', '-y', '--master-here', '--no-undo', ...both])).code, 'NOT_MASTER');
  assert.ok(before.isUnchanged());
  box.becomeHost(OWN_UUID);
  assert.equal((await box.run(['fsck', '-y', '--no-undo', ...both])).exitCode, 1);
  assert.equal((await box.run(['fsck', '-n', ...both])).exitCode, 0);
});

test("a pool's superblock with only a wrong allocation unit needs no other witness", async () => {
  const box = new PoolSandbox();
  const [primary = '', secondary = ''] = await box.makePool(64, 64);
  const { fsUuid } = await box.list();
  box.damage(primary, 'allocationUnit', 8192);
  mkdirSync(box.path('away'));
  renameSync(secondary, box.path('away/s'));
  // the secondary is missing before and afterwards
  assert.equal((await box.run(['fsck', '-y', '--no-undo', primary])).exitCode, 1 | 4);
  renameSync(box.path('away/s'), secondary);
  assert.deepEqual([(await box.fsck()).exitCode, (await box.list()).fsUuid], [0, fsUuid]);
});

test('the file-system uuid is recovered from the default interleave', async () => {
  const image = sandbox.image('default', 64 * MIB);
  const { fsUuid } = await sandbox.json<{ fsUuid: string }>(['mkfs', '--quiet', '--stripes', '1', image]);
  erase(image, 0, 4096);
  assert.equal((await sandbox.run(['fsck', '-y', '--master-here', '--no-undo', image])).exitCode, 1);
  const { exitCode, stdout } = await sandbox.run(['fsck', '-n', '--json', image]);
  assert.deepEqual([exitCode, JSON.parse(stdout).fsUuid], [0, fsUuid]);
});

const head = (path: string) => new Head(path, 4 * MIB);

function erase(path: string, offset: number, length: number): void {
  const fd = openSync(path, 'r+');
  writeSync(fd, Buffer.alloc(length), 0, length, offset);
  closeSync(fd);
}

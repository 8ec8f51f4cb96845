/** Every repair is run twice: the first run repairs, the second finds nothing; undo restores every byte. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { GOLDEN_MASTER, goldenImage } from '../../support/golden.js';
import { entryOffset, pokeEntry, pokePayload, pokeSuperblock } from '../../support/patch.js';
import { overwrite } from '../../support/pool.js';
import { firstBytes, MIB, Sandbox } from '../../support/sandbox.js';
import { logHistoryDamages } from './damages/logHistory.js';
import { poolDefaultsDamages } from './damages/poolDefaults.js';
import { poolLabelDamages } from './damages/poolLabel.js';
import { ENTRIES, REPAIRABLE } from './repairable.js';

const META = 10 * 2 ** 20;

const sandbox = new Sandbox(GOLDEN_MASTER);

for (const { name, damage, mode, repairs, exitCode: found = 4, nodes = ENTRIES } of REPAIRABLE) {
  test(`fsck ${mode} repairs: ${name}`, async () => {
    const image = goldenImage('g2', sandbox.folder, damage);
    const damaged = metadata(image);
    assert.equal((await sandbox.run(['fsck', '-n', image])).exitCode, found);
    assert.ok(metadata(image).equals(damaged), 'fsck -n wrote');
    if (mode === '-y') {
      const { exitCode } = await sandbox.run(['fsck', '-p', '--no-undo', image]);
      if (found === 0) assert.ok(metadata(image).equals(damaged), 'fsck -p cleared it');
      assert.equal(exitCode & 4, found, 'fsck -p left nothing to ask about');
      goldenImage('g2', sandbox.folder, damage);
    }

    const undo = join(sandbox.folder, `${REPAIRABLE.findIndex((row) => row.name === name)}.undo`);
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

test('-a is the same as -p', async () => {
  const image = goldenImage('g9', sandbox.folder);
  assert.equal((await sandbox.run(['fsck', '-a', '--no-undo', image])).exitCode, 1);
  assert.equal((await sandbox.run(['fsck', '-n', image])).exitCode, 0);
  assert.equal((await sandbox.run(['fsck', '-a', '-n', image])).exitCode, 16);
});

test('a damaged record is cleared whatever its damage, but not one of another version', async () => {
  for (const { magic, version } of [poolDefaultsDamages, logHistoryDamages, poolLabelDamages])
    for (const [what, , damage] of [...magic, ...version]) {
      const image = goldenImage('g2', sandbox.folder, damage);
      const before = metadata(image);
      const { exitCode, stdout } = await sandbox.run(['fsck', '-y', '--no-undo', '--json', image]);
      const isKept = version.some(([kept]) => kept === what);
      const { warnings } = JSON.parse(stdout);
      assert.deepEqual(
        [exitCode, warnings, metadata(image).equals(before)],
        isKept ? [0, 1, true] : [1, 0, false],
        what,
      );
    }
});

test('damage without a safe repair is left alone, by -y too', async () => {
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

test('an undo image is made by default, and without one repairs are refused', async () => {
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

test('a Client repairs nothing', async () => {
  const client = new Sandbox();
  const image = goldenImage('g9', client.folder);
  const before = metadata(image);
  const error = await client.error(['fsck', '-y', image]);
  assert.deepEqual([error.exitCode, error.code], [8, 'NOT_MASTER']);
  assert.equal((await client.run(['fsck', '-n', image])).exitCode, 4);
  assert.ok(metadata(image).equals(before));
  const sound = goldenImage('g2', client.folder);
  for (const mode of ['-n', '-p', '-y']) assert.equal((await client.run(['fsck', mode, sound])).exitCode, 0, mode);
});

function metadata(path: string): Buffer {
  return firstBytes(path, META);
}

test('a damaged first entry was once whole, so fsck -p leaves it', async () => {
  const own = new Sandbox();
  const image = await own.makeFs(16 * MIB);
  await own.ok(['creat', '-s', '1', 'f']);
  const bytes = firstBytes(image, entryOffset(1));
  bytes.writeUInt8(bytes.readUInt8(entryOffset(0) + 100) ^ 1, entryOffset(0) + 100);
  overwrite(image, 0, bytes);
  assert.equal((await own.run(['fsck', '-p', '--no-undo', image])).exitCode, 4);
  assert.ok(firstBytes(image, entryOffset(1)).equals(bytes));
});

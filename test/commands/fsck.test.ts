import assert from 'node:assert/strict';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { logHeaderStruct } from '../../src/format/logHeader.js';
import { GOLDEN_MASTER, goldenImage } from '../support/golden.js';
import { Head } from '../support/head.js';
import { pokeHeader } from '../support/patch.js';
import { MIB, Sandbox } from '../support/sandbox.js';

const sandbox = new Sandbox(GOLDEN_MASTER);

test('the exit codes of several file systems are combined by or', async () => {
  const [sound, repairable, bad, none] = ['g1', 'g9', 'g10', 'g6'].map((name) => goldenImage(name, sandbox.folder));
  const codes = async (...argv: (string | undefined)[]) =>
    (await sandbox.run(['fsck', ...(argv as string[])])).exitCode;
  assert.equal(await codes('-p', '--no-undo', sound, repairable), 1);
  assert.equal(await codes('-p', '--no-undo', sound, bad), 4);
  assert.equal(await codes('-p', '--no-undo', goldenImage('g9', sandbox.folder), bad, none), 1 | 4 | 8);
  assert.equal(await codes('-n', sound, sound), 0);
  const clean = async (...argv: (string | undefined)[]) =>
    (JSON.parse((await sandbox.run(['fsck', '-n', '--json', ...(argv as string[])])).stdout) as { clean: boolean })
      .clean;
  const found = [await clean(sound), await clean(bad), await clean(sound, repairable), await clean(sound, bad)];
  assert.deepEqual(found, [true, false, true, false]);
});

test('--undo does not overwrite a file', async () => {
  const image = goldenImage('g9', sandbox.folder);
  const before = new Head(image, 10 * MIB);
  const path = join(sandbox.folder, 'precious');
  writeFileSync(path, 'precious');
  const { code, exitCode } = await sandbox.error(['fsck', '-p', '--undo', path, image]);
  assert.deepEqual([code, exitCode], ['UNDO_FILE', 8]);
  assert.equal(readFileSync(path, 'utf8'), 'precious');
  assert.ok(before.isUnchanged());
});

test('wrong use', async () => {
  for (const argv of [
    ['-n', '-y', 'x'],
    ['-p', '-y', 'x'],
    ['--undo', 'a', '--no-undo', 'x'],
    ['--undo', 'a', 'x', 'y'],
  ])
    assert.equal((await sandbox.error(['fsck', ...argv])).exitCode, 16, argv.join(' '));
});

test('--scan finds logs without a superblock', async () => {
  const image = goldenImage('g2', sandbox.folder, (i) => {
    i.fill(0, 0, 0x200000);
    // and what only looks like one: a copy of the header with a wrong CRC
    i.copy(i, 0x600000, 0x200000, 0x200000 + logHeaderStruct.size);
    i.writeUInt8(i.readUInt8(0x600000 + logHeaderStruct.offsets.crc) ^ 1, 0x600000 + logHeaderStruct.offsets.crc);
  });
  truncateSync(image, 128 * MIB); // every possible place is looked at
  type Scan = { daxdevs: { logs: { deviceOffset: number; counted: number; end: number }[] }[] };
  const { daxdevs } = await sandbox.json<Scan>(['fsck', '--scan', image]);
  assert.deepEqual(
    daxdevs[0]?.logs.map(({ deviceOffset, counted, end }) => [deviceOffset, counted, end]),
    [[0x200000, 13, 13]],
  );
  // entries after those that the header counts are found too
  const uncounted = goldenImage('g2', sandbox.folder, (i) => [i.fill(0, 0, 0x200000), pokeHeader(i, 'nextIndex', 10)]);
  truncateSync(uncounted, 128 * MIB);
  const [more] = (await sandbox.json<Scan>(['fsck', '--scan', uncounted])).daxdevs;
  assert.deepEqual(
    more?.logs.map(({ counted, end }) => [counted, end]),
    [[10, 13]],
  );
  assert.equal((await sandbox.run(['fsck', '--scan', sandbox.image('empty', 64 * MIB)])).exitCode, 8);
  assert.equal((await sandbox.error(['fsck', '--scan'])).exitCode, 16);
});

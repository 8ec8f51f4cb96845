/** Space that an entry claims is not given to another file, even if the entry is skipped. */
import assert from 'node:assert/strict';
import { closeSync, openSync, readFileSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { test } from 'node:test';
import { entryOffset, pokeHeader, pokeSuperblock, sealEntry } from '../../support/patch.js';
import { MIB, Sandbox } from '../../support/sandbox.js';

const sandbox = new Sandbox();

test('claims on a daxdev hold, even if the entry that added it is damaged and another follows', async () => {
  const [first, second] = ['first', 'second'].map((name) => sandbox.image(name, 32 * MIB)) as [string, string];
  await sandbox.ok(['mkfs', '--quiet', first, second]);
  await sandbox.ok(['creat', '-s', '4M', '--stripes', '2', 'striped', '--dev', first]);
  const image = readFileSync(first);
  const join = Buffer.from(image.subarray(entryOffset(0), entryOffset(1)));
  // the daxdev is added once more, after the file; its first entry is damaged
  join.writeBigUInt64LE(2n, 0);
  image.set(join, entryOffset(2));
  sealEntry(image, 2);
  image.fill(7, entryOffset(0) + 100, entryOffset(0) + 120);
  pokeHeader(image, 'nextIndex', 3);
  pokeHeader(image, 'nextSequence', 3);
  writeFileSync(first, image);
  const taken = await extents(first, 'striped');
  // all that is free: 32 MiB without the superblock and the strip
  const names = Array.from({ length: 14 }, (_, i) => `new${i}`);
  await sandbox.ok(['creat', '-s', '2M', '--daxdevs', '1', ...names, '--dev', first]);
  assert.equal((await sandbox.error(['creat', '-s', '2M', '--daxdevs', '1', 'x', '--dev', first])).code, 'NO_SPACE');
  for (const name of names)
    for (const mine of await extents(first, name))
      for (const other of taken)
        assert.notDeepEqual([mine.daxdev, mine.deviceOffset], [other.daxdev, other.deviceOffset], name);
});

test('a log that claims to be much longer than it is costs no more time', async () => {
  const image = sandbox.image('long', 16 * 1024 * MIB);
  await sandbox.ok(['mkfs', '--quiet', image]);
  await sandbox.ok(['creat', '-s', '2M', 'a', '--dev', image]);
  const head = Buffer.alloc(200);
  const fd = openSync(image, 'r+');
  readSync(fd, head, 0, 200, 0);
  pokeSuperblock(head, 'logLength', 2 ** 33);
  writeSync(fd, head, 0, 200, 0);
  closeSync(fd);
  const started = process.cpuUsage();
  const { exitCode } = await sandbox.run(['fsck', '-n', image]);
  const { user, system } = process.cpuUsage(started);
  assert.equal(exitCode, 4);
  assert.ok(user + system < 1_000_000, `${user + system} microseconds`);
  // longer than the device: no command but fsck takes it
  const file = openSync(image, 'r+');
  pokeSuperblock(head, 'logLength', 2 ** 35);
  writeSync(file, head, 0, 200, 0);
  closeSync(file);
  assert.equal((await sandbox.error(['ls', '--dev', image])).code, 'SUPERBLOCK_DAMAGED');
});

interface Extent {
  readonly daxdev: number;
  readonly deviceOffset: number;
}

/** Extents of a file according to its entry, usable or not. */
async function extents(image: string, path: string): Promise<readonly Extent[]> {
  type Operation = { path?: string; fmap?: { extents: Extent[] } };
  const { operations } = await sandbox.json<{ operations: Operation[] }>(['logplay', '--dev', image]);
  return operations.find((operation) => operation.path === path)?.fmap?.extents ?? [];
}

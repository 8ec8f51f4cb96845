/** -p repairs only what the media prove; what may give something up asks, and says what. */
import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { test } from 'node:test';
import { GOLDEN_MASTER, goldenImage } from '../../support/golden.js';
import { Head } from '../../support/head.js';
import { entryOffset, pokeHeader, pokeSuperblock } from '../../support/patch.js';
import { overwrite, PoolSandbox } from '../../support/pool.js';
import { firstBytes, MIB, Sandbox } from '../../support/sandbox.js';

const LOG = 0x200000;
const HEAD = 12 * MIB;

/** A pool of two whose secondary has a file at its start, and carries the superblock of the primary. */
async function makeImpostor(
  secondaryMib: number,
  seed = '1',
): Promise<{ box: PoolSandbox; primary: string; secondary: string }> {
  const box = new PoolSandbox();
  const [primary = '', secondary = ''] = await box.makePool(64, secondaryMib);
  await box.ok(['creat', '-s', '8M', '--stripes', '2', ...(seed === '' ? [] : ['--seed', seed]), 'f']);
  overwrite(secondary, 0, firstBytes(primary, 4096));
  return { box, primary, secondary };
}

for (const size of [64, 65]) {
  test(`a secondary of ${size} MiB with the superblock of the primary is not repaired by itself`, async () => {
    const { box, secondary } = await makeImpostor(size, '');
    const before = new Head(secondary, HEAD);
    for (const mode of ['-p', '-y']) {
      const { exitCode, stdout } = await box.run(['fsck', mode, '--no-undo', secondary]);
      assert.equal(exitCode, 4, stdout);
      assert.match(stdout, /MEMBER_TWIN .*p0\.img has the same superblock and a sound log/);
      assert.ok(before.isUnchanged(), `${mode} wrote`);
    }
  });

  test(`the superblock of a secondary of ${size} MiB that carries the primary's is rebuilt where both are named`, async () => {
    const { box, primary, secondary } = await makeImpostor(size);
    const both = ['--dev', secondary, '--dev', primary];
    assert.equal((await box.run(['fsck', '-p', '--no-undo', ...both])).exitCode, 4);
    const { exitCode, repairs } = await box.fsck('-y', '--no-undo', ...both);
    assert.deepEqual([exitCode, repairs.map(({ id, done }) => [id, done])], [1, [['MEMBER', true]]]);
    assert.equal((await box.run(['fsck', '-n', primary])).exitCode, 0);
    await box.ok(['verify', '--seed', '1', 'f', '--dev', primary]);
  });
}

test('a primary and a copy of it beside it are no twins where both have their log', async () => {
  const box = new PoolSandbox();
  const [primary = ''] = await box.makePool(64);
  copyFileSync(primary, box.path('copy.img'));
  assert.equal((await box.fsck('-n', primary)).exitCode, 0);
});

test('alone, a device with a superblock, but without a log, is repaired by -y at most, which says what is given up', async () => {
  for (const seed of ['', '1']) {
    const { secondary } = await makeImpostor(65, seed);
    const box = new PoolSandbox();
    const alone = box.path('alone.img');
    copyFileSync(secondary, alone);
    const before = new Head(alone, HEAD);
    const { exitCode, stdout } = await box.run(['fsck', '-p', '--no-undo', alone]);
    assert.equal(exitCode, 4);
    assert.doesNotMatch(stdout, /^repaired/m);
    assert.ok(before.isUnchanged());
    const header = /^not repaired: -y would rewrite the log header.*nothing there looks like a log/m;
    // where anything but zeros is, it may be a file: not even -y takes it for a log
    if (seed === '') assert.match(stdout, header);
    else assert.doesNotMatch(stdout, /log header/);
  }
});

interface Row {
  readonly what: string;
  readonly damage: (image: Buffer) => unknown;
  /** what the line of the repair says */
  readonly says: RegExp;
}

const zero = (image: Buffer, from: number, to: number) => image.fill(0, from, to);

const ROWS: readonly Row[] = [
  {
    what: 'the first MiB of the log is zero',
    damage: (i) => zero(i, LOG, LOG + MIB),
    says: /rewrite the log header, with next index 0, although nothing there looks like a log: all files are lost/,
  },
  {
    what: 'the header is overwritten and no entry is left',
    damage: (i) => [i.fill(0xff, LOG, LOG + 48), zero(i, entryOffset(0), entryOffset(20))],
    says: /although nothing there looks like a log/,
  },
  {
    what: 'the header is damaged, and the entries that it counts are zero',
    damage: (i) => [pokeHeader(i, 'crc', 1, false), zero(i, entryOffset(0), entryOffset(20))],
    says: /rewrite the log header, with next index 0, although it counted 13 slots: .* are lost/,
  },
  {
    what: 'the header is damaged, and the last entries that it counts are zero',
    damage: (i) => [pokeHeader(i, 'magic', 1, false), zero(i, entryOffset(10), entryOffset(13))],
    says: /with next index 10, although it counted 13 slots/,
  },
  {
    what: 'the header is gone, and slots before the last entry are zero',
    damage: (i) => [zero(i, LOG, LOG + 48), zero(i, entryOffset(3), entryOffset(6))],
    says: /with next index 13, although 3 slots before that are all zeros/,
  },
  {
    what: 'next index is beyond the log, next sequence number is right, and the entries are zero',
    damage: (i) => [pokeHeader(i, 'nextIndex', 2 ** 40), zero(i, entryOffset(0), entryOffset(20))],
    says: /set next index 0, although it counted 13 slots/,
  },
];

for (const { what, damage, says } of ROWS) {
  test(`fsck -p repairs nothing where ${what}; -y says what is given up`, async () => {
    const sandbox = new Sandbox(GOLDEN_MASTER);
    const image = goldenImage('g2', sandbox.folder, damage);
    const before = new Head(image, HEAD);
    const preened = await sandbox.run(['fsck', '-p', '--no-undo', image]);
    assert.equal(preened.exitCode, 4, preened.stdout);
    assert.match(preened.stdout, says);
    assert.ok(before.isUnchanged(), '-p wrote');
    const { exitCode, stdout } = await sandbox.run(['fsck', '-y', '--no-undo', image]);
    assert.equal(exitCode & 1, 1, stdout);
    assert.match(stdout, says);
  });
}

test('a superblock whose log is unrecognisable is not corrected by -p', async () => {
  const sandbox = new Sandbox(GOLDEN_MASTER);
  const image = goldenImage('g2', sandbox.folder, (i) => [
    zero(i, LOG, LOG + MIB),
    pokeSuperblock(i, 'deviceSize', 5),
    pokeSuperblock(i, 'flags', 0x80),
    pokeSuperblock(i, 'deviceName', Buffer.alloc(64, 'x')),
  ]);
  const before = new Head(image, HEAD);
  assert.equal((await sandbox.run(['fsck', '-p', '--no-undo', image])).exitCode, 4);
  assert.ok(before.isUnchanged());
});

/** Entries that a repair would bring back, and what was given to others while they were bad: found before the repair. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GOLDEN_MASTER, goldenImage } from '../../support/golden.js';
import { Head } from '../../support/head.js';
import { entryOffset, pokeEntry, pokeExtent, pokeHeader, pokePayload } from '../../support/patch.js';
import { overwrite, PoolSandbox } from '../../support/pool.js';
import { firstBytes, MIB, Sandbox } from '../../support/sandbox.js';

const HEAD = 12 * MIB;
const sandbox = new Sandbox(GOLDEN_MASTER);

/** Number `i` of an extent of a FILE entry: 1 device offset, 2 length. */
function extentNumber(image: Buffer, slot: number, i: 1 | 2): number {
  return Number(image.readBigUInt64LE(entryOffset(slot) + 16 + 120 + i * 8));
}

/** Gives slot 12 the space of slot 5, as the reference does where the entry of slot 5 is bad. */
function takeSpace(image: Buffer): void {
  pokeExtent(image, 12, 0, 1, extentNumber(image, 5, 1));
}

function takePath(image: Buffer): void {
  const path = image.subarray(entryOffset(5) + 16 + 24, entryOffset(5) + 16 + 24 + 80);
  pokePayload(image, 12, 'file', 'path', Buffer.from(path));
}

const flip = (image: Buffer) => image.writeUInt8(image.readUInt8(entryOffset(5) + 60) ^ 8, entryOffset(5) + 60);
const count = (image: Buffer, next: number) => {
  pokeHeader(image, 'nextIndex', next);
  pokeHeader(image, 'nextSequence', next);
};

interface Row {
  readonly what: string;
  readonly damage: (image: Buffer) => unknown;
  readonly says: RegExp;
  /** what is found after -y */
  readonly after: readonly string[];
}

const ROWS: readonly Row[] = [
  {
    what: 'one flipped bit, and a newer file has its space',
    damage: (i) => [takeSpace(i), flip(i)],
    says: /-y would flip bit 3 of byte 60 of log entry 5 back.*although log entry 12 \(\S+\) has the same space as log entry 5/,
    after: ['EXTENT_OVERLAP'],
  },
  {
    what: 'one flipped bit, and a newer file has its path',
    damage: (i) => [takePath(i), flip(i)],
    says: /although log entry 12 \(\S+\) has the same path as log entry 5/,
    after: ['PATH_DUPLICATE'],
  },
  {
    what: 'an entry that is not counted, and has the space of one that is',
    damage: (i) => [takeSpace(i), count(i, 12)],
    says: /-y would count 1 complete entry, from slot 12, although log entry 5 \(\S+\) has the same space as log entry 12/,
    after: ['EXTENT_OVERLAP'],
  },
  {
    what: 'entries that are not counted, of which one has the path of one that is',
    damage: (i) => [takePath(i), count(i, 10)],
    says: /-y would count 3 complete entries, from slot 10, although log entry 5 \(\S+\) has the same path as log entry 12/,
    after: ['PATH_DUPLICATE'],
  },
  {
    what: 'a header that is gone, and entries that share space',
    damage: (i) => [takeSpace(i), i.fill(0, 0x200000, 0x200000 + 48)],
    says: /-y would rewrite the log header.*has the same space as/,
    after: ['EXTENT_OVERLAP'],
  },
];

for (const { what, damage, says, after } of ROWS) {
  test(`found before the repair, which -p does not make: ${what}`, async () => {
    const image = goldenImage('g2', sandbox.folder, damage);
    const before = new Head(image, HEAD);
    const { exitCode, stdout } = await sandbox.run(['fsck', '-p', '--no-undo', image]);
    assert.equal(exitCode, 4);
    assert.match(stdout, says);
    assert.ok(before.isUnchanged(), '-p wrote');
    const done = JSON.parse((await sandbox.run(['fsck', '-y', '--no-undo', '--json', image])).stdout);
    assert.deepEqual(Object.keys(done.counts), after);
    assert.equal(done.repairs[0].values.conflict.otherSlot, done.repairs[0].id === 'ENTRY_BITS' ? 12 : 5);
  });
}

test('of several flipped bits, those that harm nobody are flipped back by themselves', async () => {
  const image = goldenImage('g2', sandbox.folder, (i) => {
    takeSpace(i);
    flip(i);
    i.writeUInt8(i.readUInt8(entryOffset(7) + 60) ^ 8, entryOffset(7) + 60);
  });
  const { repairs } = JSON.parse((await sandbox.run(['fsck', '-n', '--json', image])).stdout);
  const slots = (repairs as { values: { bits: { slot: number }[]; conflict: object | null } }[]).map(({ values }) => [
    values.bits.map(({ slot }) => slot),
    values.conflict !== null,
  ]);
  assert.deepEqual(slots, [
    [[7], false],
    [[5], true],
  ]);
});

test('a daxdev that joined in the place of one whose entry is bad', async () => {
  const box = new PoolSandbox();
  const [primary = ''] = await box.makePool(64, 64);
  const head = firstBytes(primary, HEAD);
  // the entry once more, in the slot after it, and a bit of the first one flipped
  head.copy(head, entryOffset(1), entryOffset(0), entryOffset(1));
  pokeEntry(head, 1, 'sequence', 1);
  for (const field of ['nextIndex', 'nextSequence']) pokeHeader(head, field, 2);
  head.writeUInt8(head.readUInt8(entryOffset(0) + 40) ^ 1, entryOffset(0) + 40);
  overwrite(primary, 0, head);
  const { stdout } = await box.run(['fsck', '-n', primary]);
  assert.match(
    stdout,
    /flip bit 0 of byte 40 of log entry 0 back.*although log entry 1 is about the same daxdev as log entry 0/,
  );
});

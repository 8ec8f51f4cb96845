/** The judge of the reference's rules: golden images keep them, and it notices each rule that is broken. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import { goldenBytes, goldenSize } from '../support/golden.js';
import { PoolSandbox } from '../support/pool.js';
import { rawBytes } from '../support/rules/rawImage.js';
import { assertRules, judgeRules } from '../support/rules/rules.js';
import { firstBytes, MIB } from '../support/sandbox.js';

const SOUND = ['g1', 'g2', 'g3', 'g4', 'g40', 'g41', 'g42'];

test('sound images of the reference and of this toolkit keep its rules', () => {
  for (const name of SOUND) {
    const { broken } = judgeRules(rawBytes(name, goldenBytes(name), goldenSize(name)));
    assert.deepEqual(broken, [], name);
  }
});

const SIZES = [32, 16, 16] as const;
const LOG = 2 * MIB;
const ENTRIES = LOG + 48;
const [FIRST_DAXDEV, SECOND_DAXDEV, DIRECTORY, SIMPLE, STRIPED, ON_SECOND] = [0, 1, 2, 3, 4, 5];
/** bytes of an image that a row may change */
const HEAD = LOG + 64 * 1024;

interface Pool {
  /** the beginning of each image */
  readonly heads: readonly Buffer[];
}

/** Two secondaries, a directory, a file in it, a file on two strips and a file on the last daxdev. */
async function smallPool(): Promise<Pool> {
  const sandbox = new PoolSandbox();
  const [path = '', ...others] = await sandbox.makePool(...SIZES);
  await sandbox.ok(['mkdir', 'dir']);
  await sandbox.ok(['creat', '-s', '3M', '--daxdevs', '0', 'dir/a']);
  await sandbox.ok(['creat', '-s', '5M', '--stripes', '2', '--chunk', '2M', '--daxdevs', '0,1', 'striped']);
  await sandbox.ok(['creat', '-s', '2M', '--daxdevs', '2', 'second']);
  assertRules(path, others);
  return { heads: [path, ...others].map((image) => firstBytes(image, HEAD)) };
}

/** Bytes of a copy of the pool. */
class Copy {
  readonly heads: readonly Buffer[];

  constructor({ heads }: Pool) {
    this.heads = heads.map((head) => Buffer.from(head));
  }

  get primary(): Buffer {
    return this.heads[0] as Buffer;
  }

  /** Changes a superblock and makes its crc right. */
  superblock(daxdev: number, change: (bytes: Buffer) => void): void {
    const bytes = (this.heads[daxdev] as Buffer).subarray(0, 200);
    change(bytes);
    bytes.writeBigUInt64LE(BigInt(crc32(bytes.subarray(0, 96))), 96);
  }

  /** Changes the header of the log and makes its crc right. */
  header(change: (bytes: Buffer) => void): void {
    const bytes = this.primary.subarray(LOG, LOG + 48);
    change(bytes);
    bytes.writeBigUInt64LE(BigInt(crc32(bytes.subarray(0, 24))), 24);
  }

  /** Changes an entry and makes its crc right; the payload begins at byte 16. */
  entry(slot: number, change: (payload: Buffer, entry: Buffer) => void): void {
    const bytes = this.primary.subarray(ENTRIES + slot * 544, ENTRIES + (slot + 1) * 544);
    change(bytes.subarray(16, 536), bytes);
    bytes.writeBigUInt64LE(BigInt(crc32(bytes.subarray(0, 536))), 536);
  }

  /** Changes the extent of a simple file, or a strip of an interleaved one. */
  extent(slot: number, i: number, change: (extent: Buffer) => void): void {
    const list = slot === STRIPED ? 136 : 120;
    this.entry(slot, (payload) => change(payload.subarray(list + i * 24, list + (i + 1) * 24)));
  }

  /** Lets two entries change their places. */
  swap(one: number, other: number): void {
    const [first = Buffer.of(), second = Buffer.of()] = [one, other].map((slot) =>
      Buffer.from(this.primary.subarray(ENTRIES + slot * 544, ENTRIES + (slot + 1) * 544)),
    );
    for (const [slot, bytes] of [
      [one, second],
      [other, first],
    ] as const)
      this.entry(slot, (_, entry) => {
        bytes.copy(entry);
        entry.writeBigUInt64LE(BigInt(slot), 0);
      });
  }

  path(slot: number, path: string): void {
    const at = slot === DIRECTORY ? 12 : 24;
    this.entry(slot, (payload) => void payload.fill(0, at, at + 80).write(path, at, 'latin1'));
  }
}

const u64 = (value: number | bigint, at: number) => (bytes: Buffer) => void bytes.writeBigUInt64LE(BigInt(value), at);
const u32 = (value: number, at: number) => (bytes: Buffer) => void bytes.writeUInt32LE(value, at);
const flip = (bytes: Buffer, at: number) => void (bytes[at] = (bytes[at] as number) ^ 1);

/** What is broken, by its complaint. */
const ROWS: readonly (readonly [complaint: string, change: (copy: Copy) => void])[] = [
  ['p0: magic of the superblock', (c) => c.superblock(0, u64(0, 0))],
  ['p0: version of the superblock', (c) => c.superblock(0, u64(47, 8))],
  ['p0: place of the log', (c) => c.superblock(0, u64(4096, 16))],
  ['p0: log offset', (c) => c.superblock(0, u64(0, 16))],
  ['p0: length of the log', (c) => c.superblock(0, u64(9 * MIB, 24))],
  ['p0: room for the log', (c) => c.superblock(0, u64(32 * MIB, 24))],
  ['p0: allocation unit', (c) => c.superblock(0, u64(8192, 32))],
  ['p0: version of the format', (c) => c.superblock(0, u32(1, 44))],
  ['p0: a uuid of zeros', (c) => c.superblock(0, (bytes) => void bytes.fill(0, 80, 96))],
  ['p0: crc of the superblock', (c) => flip(c.primary, 96)],
  ['p0: flags of the superblock', (c) => c.superblock(0, u32(2, 104))],
  ['p0: padding of the superblock', (c) => c.superblock(0, u32(1, 108))],
  ['p0: device size', (c) => c.superblock(0, u64(31 * MIB, 112))],
  ['p0: copy of the device uuid', (c) => c.superblock(0, (bytes) => flip(bytes, 130))],
  ['p0: bytes after the device name', (c) => c.superblock(0, (bytes) => flip(bytes, 199))],
  ['p1: magic of the superblock', (c) => c.superblock(1, u64(0, 0))],
  ['p1: length of the log', (c) => c.superblock(1, u64(8 * MIB, 24))],
  ['slot 0: a secondary with a log', (c) => c.superblock(1, u64(LOG, 16))],
  ['slot 0: system uuid of the daxdev', (c) => c.superblock(1, (bytes) => flip(bytes, 80))],
  ['slot 1: allocation unit of the daxdev', (c) => c.superblock(2, u64(4096, 32))],
  ['slot 1: no image has the uuid of the daxdev', (c) => c.superblock(2, (bytes) => flip(bytes, 64))],
  ['slot 1: no image has the uuid of the daxdev', (c) => c.superblock(2, (bytes) => flip(bytes, 48))],

  ['magic of the log', (c) => c.header(u64(0x726577726974, 0))],
  ['length in the header of the log', (c) => c.header(u64(16 * MIB, 8))],
  ['last index', (c) => c.header(u64(15_420, 16))],
  ['crc of the header', (c) => flip(c.primary, LOG + 24)],
  ['next sequence number', (c) => c.header(u64(7, 32))],
  ['next index', (c) => [32, 40].map((at) => c.header(u64(15_421, at)))],

  ['slot 2: sequence number', (c) => c.entry(DIRECTORY, (_, entry) => u64(3, 0)(entry))],
  ['slot 2: padding of the entry', (c) => c.entry(DIRECTORY, (_, entry) => u32(1, 12)(entry))],
  ['slot 2: crc of the entry', (c) => flip(c.primary, ENTRIES + DIRECTORY * 544 + 536)],
  ['slot 5: type 2', (c) => c.entry(ON_SECOND, (_, entry) => u32(2, 8)(entry))],
  ['slot 3: an empty file', (c) => c.entry(SIMPLE, u64(0, 0))],
  ['slot 3: flags of the file', (c) => c.entry(SIMPLE, u32(0, 8))],
  ['slot 3: mode', (c) => c.entry(SIMPLE, u32(0o100644, 20))],
  ['slot 2: mode', (c) => c.entry(DIRECTORY, u32(0o40755, 8))],
  ['slot 3: extent type', (c) => c.entry(SIMPLE, u32(2, 104))],
  ['slot 3: padding of the file', (c) => c.entry(SIMPLE, u32(1, 108))],
  ['slot 3: padding of the file', (c) => c.entry(SIMPLE, u32(1, 116))],
  ['slot 4: number of interleaved records', (c) => c.entry(STRIPED, u32(2, 112))],
  ['slot 3: number of extents', (c) => c.entry(SIMPLE, u32(0, 112))],
  ['slot 3: number of extents', (c) => c.entry(SIMPLE, u32(17, 112))],
  ['slot 4: number of strips', (c) => c.entry(STRIPED, u64(0, 120))],
  ['slot 4: number of strips', (c) => c.entry(STRIPED, u64(17, 120))],
  ['slot 3: bytes after the last extent', (c) => c.entry(SIMPLE, (payload) => flip(payload, 519))],
  ['slot 4: bytes after the last extent', (c) => c.entry(STRIPED, (payload) => flip(payload, 519))],
  ['slot 2: bytes after the directory', (c) => c.entry(DIRECTORY, (payload) => flip(payload, 92))],
  ['slot 0: bytes after the daxdev', (c) => c.entry(FIRST_DAXDEV, (payload) => flip(payload, 28))],

  ['slot 5: path without a NUL', (c) => c.path(ON_SECOND, 'x'.repeat(80))],
  ['slot 5: bytes after the path', (c) => c.path(ON_SECOND, 'x\0y')],
  ['slot 5: path with a leading /', (c) => c.path(ON_SECOND, '/x')],
  ['slot 5: path with an empty name', (c) => c.path(ON_SECOND, 'dir//x')],
  ['slot 5: path with an empty name', (c) => c.path(ON_SECOND, '')],
  ['slot 5: path with . or ..', (c) => c.path(ON_SECOND, 'dir/../x')],
  ['slot 5: path with . or ..', (c) => c.path(ON_SECOND, './x')],
  ['slot 5: path in .meta', (c) => c.path(ON_SECOND, '.meta')],
  ['slot 5: a path that is there already', (c) => c.path(ON_SECOND, 'dir')],
  ['slot 5: a path that is there already', (c) => c.path(ON_SECOND, 'dir/a')],
  ['slot 5: no directory before it', (c) => c.path(ON_SECOND, 'other/a')],
  ['slot 5: no directory before it', (c) => c.path(ON_SECOND, 'striped/a')],
  ['slot 3: no directory before it', (c) => c.path(DIRECTORY, 'other')],

  ['slot 1: index of the daxdev', (c) => c.entry(SECOND_DAXDEV, u32(1, 24))],
  ['slot 1: index of the daxdev', (c) => c.entry(SECOND_DAXDEV, u32(3, 24))],
  ['slot 0: index of the daxdev', (c) => c.entry(FIRST_DAXDEV, u32(0, 24))],
  ['slot 1: uuid of the daxdev', (c) => void c.heads[1]?.copy(c.primary, ENTRIES + 544 + 24, 64, 80)],
  ['slot 0: uuid of the daxdev', (c) => void c.primary.copy(c.primary, ENTRIES + 24, 64, 80)],
  ['slot 0: size of the daxdev', (c) => c.entry(FIRST_DAXDEV, u64(8 * MIB, 0))],
  ['slot 1: daxdev of an extent', (c) => c.swap(SECOND_DAXDEV, ON_SECOND)],
  ['slot 5: daxdev of an extent', (c) => c.extent(ON_SECOND, 0, u64(3, 0))],
  ['slot 5: daxdev of an extent', (c) => c.extent(ON_SECOND, 0, u64(2n ** 40n, 0))],

  ['slot 3: space of the file', (c) => c.entry(SIMPLE, u64(4 * MIB + 1, 0))],
  ['slot 3: space of the file', (c) => c.entry(SIMPLE, u64(2 * MIB, 0))],
  ['slot 5: space of the file', (c) => c.extent(ON_SECOND, 0, u64(4 * MIB, 16))],
  ['slot 4: chunk size', (c) => c.entry(STRIPED, u64(0, 128))],
  ['slot 4: chunk size', (c) => c.entry(STRIPED, u64(6 * MIB, 128))],
  ['slot 4: chunk size', (c) => c.entry(STRIPED, u64(MIB, 128))],
  ['slot 4: interleaved file below a chunk', (c) => c.entry(STRIPED, u64(2 * MIB - 1, 0))],
  ['slot 4: length of a strip', (c) => c.extent(STRIPED, 1, u64(2 * MIB, 16))],
  ['slot 4: length of a strip', (c) => c.entry(STRIPED, u64(8 * MIB + 1, 0))],
  ['slot 5: length of an extent', (c) => c.extent(ON_SECOND, 0, u64(MIB, 16))],
  ['slot 5: length of an extent', (c) => c.extent(ON_SECOND, 0, u64(0, 16))],
  ['slot 5: offset of an extent', (c) => c.extent(ON_SECOND, 0, u64(5 * MIB, 8))],
  ['slot 5: extent on superblock or log', (c) => c.extent(ON_SECOND, 0, u64(0, 8))],
  ['slot 3: extent on superblock or log', (c) => c.extent(SIMPLE, 0, u64(8 * MIB, 8))],
  ['slot 5: extent beyond the last unit', (c) => c.extent(ON_SECOND, 0, u64(16 * MIB, 8))],
  ['slot 5: extent beyond the last unit', (c) => c.extent(ON_SECOND, 0, u64(2n ** 64n - 2n ** 21n, 8))],
  ['slot 3: extent beyond the last unit', (c) => c.extent(SIMPLE, 0, u64(30 * MIB, 8))],
  // the same daxdev and offset
  ['slot 5: space of slot 4', (c) => c.extent(ON_SECOND, 0, (e) => void c.primary.copy(e, 0, ...placeOf(STRIPED, 1)))],
  ['slot 4: space of slot 3', (c) => c.extent(STRIPED, 0, (e) => void c.primary.copy(e, 0, ...placeOf(SIMPLE, 0)))],
];

/** Where daxdev and offset of an extent or strip begin and end. */
function placeOf(slot: number, i: number): [from: number, to: number] {
  const from = ENTRIES + slot * 544 + 16 + (slot === STRIPED ? 136 : 120) + i * 24;
  return [from, from + 16];
}

test('it notices each rule that is broken', async () => {
  const pool = await smallPool();
  const judge = ({ heads }: Pool) => {
    const images = heads.map((head, i) => rawBytes(`p${i}`, head, (SIZES[i] as number) * MIB));
    const [primary, ...others] = images as [(typeof images)[0]];
    return judgeRules(primary, others).broken;
  };
  assert.deepEqual(judge(pool), []);
  for (const [complaint, change] of ROWS) {
    const copy = new Copy(pool);
    change(copy);
    const broken = judge(copy);
    assert.ok(broken.some((text) => text.startsWith(complaint)), `${complaint}: ${broken.join('; ') || 'nothing'}`);
  }
});

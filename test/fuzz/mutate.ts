/** Changes an image as damage, a bug or an attacker would: by fields and records, or blindly. */
import { addDaxdevStruct } from '../../src/format/entries/addDaxdev.js';
import { extentStruct, fileStruct, interleavedStruct } from '../../src/format/entries/fileStruct.js';
import { mkdirStruct } from '../../src/format/entries/mkdir.js';
import { LOG_ENTRY_SIZE, logEntryStruct, PAYLOAD_OFFSET } from '../../src/format/logEntry.js';
import { logHeaderStruct } from '../../src/format/logHeader.js';
import { superblockStruct } from '../../src/format/superblock.js';
import type { Random } from '../../src/fs/allocate/random.js';
import { entryOffset, pokeHeader, pokeSuperblock, sealEntry } from '../support/patch.js';

export const LOG_OFFSET = 0x200000;
const UNIT = 0x200000n;
const ALL_ONES = 2n ** 64n - 1n;

/** The image that a mutation changes; records what it touched, so that only that needs to be restored. */
export class Target {
  readonly touched: [offset: number, length: number][] = [];

  /**
   * @param image superblock region and log
   * @param entries slots that the sound image uses
   * @param deviceSize bytes
   */
  constructor(
    readonly image: Buffer,
    readonly entries: number,
    readonly deviceSize: number,
    readonly random: Random,
  ) {}

  below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  chance(share: number): boolean {
    return this.random() < share;
  }

  touch(offset: number, length: number): void {
    this.touched.push([offset, length]);
  }

  /** A slot in use, or sometimes the next one. */
  slot(): number {
    return this.below(this.entries + (this.chance(0.1) ? 1 : 0));
  }
}

type Mutation = (target: Target) => void;

/** Applies one to four mutations. */
export function mutate(target: Target): void {
  for (let left = count(target); left > 0; left--) target.pick(MUTATIONS)(target);
}

function count(target: Target): number {
  return 1 + (target.chance(0.5) ? target.below(4) : 0);
}

/** The mutation that mutate() would begin with; takes the same numbers from `target.random`. */
export function firstMutation(target: Target): Mutation {
  count(target);
  return target.pick(MUTATIONS);
}

/** 64-bit values at the limits of checks. */
function edgeValue(target: Target, near: bigint): bigint {
  const { deviceSize } = target;
  const values = [
    0n,
    1n,
    near + 1n,
    near - 1n,
    near * 2n,
    near ^ (1n << BigInt(target.below(64))),
    2n ** 31n,
    2n ** 32n - 1n,
    2n ** 32n,
    2n ** 53n - 1n,
    2n ** 53n,
    2n ** 63n,
    ALL_ONES,
    BigInt(deviceSize),
    BigInt(deviceSize) - UNIT,
    BigInt(LOG_OFFSET),
    UNIT * BigInt(target.below(64)),
    BigInt(target.below(2 ** 31)),
    BigInt(target.below(20)),
  ];
  return target.pick(values) & ALL_ONES;
}

function pokeNumber(target: Target, at: number, size: number): void {
  const { image } = target;
  target.touch(at, size);
  if (size === 8) image.writeBigUInt64LE(edgeValue(target, image.readBigUInt64LE(at)), at);
  else if (size === 4) image.writeUInt32LE(Number(edgeValue(target, BigInt(image.readUInt32LE(at))) & 0xffffffffn), at);
  else
    for (let i = 0; i < size; i++)
      image.writeUInt8(target.chance(0.2) ? target.below(256) : (image[at + i] ?? 0), at + i);
}

interface Layout {
  readonly size: number;
  readonly fields: Readonly<Record<string, { readonly size: number }>>;
  readonly offsets: Readonly<Record<string, number>>;
}

function pokeField(target: Target, base: number, layout: Layout): void {
  const name = target.pick(Object.keys(layout.fields));
  pokeNumber(target, base + (layout.offsets[name] as number), (layout.fields[name] as { size: number }).size);
}

function seal(target: Target, slot: number, share = 0.85): void {
  target.touch(entryOffset(slot), LOG_ENTRY_SIZE);
  if (target.chance(share)) sealEntry(target.image, slot);
}

const superblockField: Mutation = (target) => {
  pokeField(target, 0, superblockStruct);
  target.touch(0, superblockStruct.size);
  if (target.chance(0.8)) pokeSuperblock(target.image, 'padding', target.image.readUInt32LE(108));
};

const headerField: Mutation = (target) => {
  pokeField(target, LOG_OFFSET, logHeaderStruct);
  target.touch(LOG_OFFSET, logHeaderStruct.size);
  if (target.chance(0.8)) pokeHeader(target.image, 'magic', target.image.readBigUInt64LE(LOG_OFFSET));
};

const bothCounts: Mutation = (target) => {
  target.touch(LOG_OFFSET, logHeaderStruct.size);
  const value = edgeValue(target, BigInt(target.entries));
  pokeHeader(target.image, 'nextIndex', value);
  pokeHeader(target.image, 'nextSequence', target.chance(0.8) ? value : (value + 1n) & ALL_ONES);
};

const payloadField: Mutation = (target) => {
  const slot = target.slot();
  pokeField(
    target,
    entryOffset(slot) + PAYLOAD_OFFSET,
    target.pick<Layout>([fileStruct, fileStruct, mkdirStruct, addDaxdevStruct]),
  );
  seal(target, slot);
};

const entryField: Mutation = (target) => {
  const slot = target.slot();
  pokeField(target, entryOffset(slot), logEntryStruct);
  seal(target, slot, 0.5);
};

const entryType: Mutation = (target) => {
  const slot = target.slot();
  target.image.writeUInt32LE(target.pick([0, 1, 2, 3, 4, 0xffffffff]), entryOffset(slot) + 8);
  seal(target, slot);
};

const extent: Mutation = (target) => {
  const slot = target.slot();
  const extents = entryOffset(slot) + PAYLOAD_OFFSET + fileStruct.offsets.extents;
  const first = extents + (target.chance(0.5) ? interleavedStruct.offsets.strips : 0);
  pokeField(target, first + target.below(4) * extentStruct.size, extentStruct);
  seal(target, slot, 0.95);
};

const interleaved: Mutation = (target) => {
  const slot = target.slot();
  const payload = entryOffset(slot) + PAYLOAD_OFFSET;
  target.image.writeUInt32LE(target.below(3), payload + fileStruct.offsets.extentType);
  pokeField(target, payload + fileStruct.offsets.extents, interleavedStruct);
  seal(target, slot, 0.95);
};

/** what a hostile log could make if an absolute path got through */
export const ABSOLUTE_PATH = '/tmp/made-by-a-hostile-log';

const NAMES = [
  '..',
  '.',
  '/',
  'a/../b',
  '../outside',
  'd0/../../../outside',
  ABSOLUTE_PATH,
  '.meta/.log',
  'a//b',
  'a/',
  '\x1b[2J\x1b]0;x\x07',
  'a\nb',
  '\u202egnp.exe',
  'x'.repeat(80),
  'd0',
  'd0/f0',
  'f0/x',
];

const path: Mutation = (target) => {
  const slot = target.slot();
  const at = entryOffset(slot) + PAYLOAD_OFFSET + target.pick([fileStruct.offsets.path, mkdirStruct.offsets.path]);
  const name = target.chance(0.7)
    ? Buffer.from(target.pick(NAMES))
    : Buffer.from(Array.from({ length: 1 + target.below(80) }, () => target.below(256)));
  if (target.chance(0.8)) target.image.fill(0, at, at + 80);
  target.image.set(name.subarray(0, 80), at);
  seal(target, slot, 0.95);
};

const copyEntry: Mutation = (target) => {
  const [from, to] = [target.slot(), target.slot()];
  target.image.copyWithin(entryOffset(to), entryOffset(from), entryOffset(from + 1));
  if (target.chance(0.7)) target.image.writeBigUInt64LE(BigInt(to), entryOffset(to));
  seal(target, to, 0.7);
};

/** Cache lines that a crash lost, or that hold older contents. */
const lostLines: Mutation = (target) => {
  const start = (target.chance(0.2) ? 0 : entryOffset(target.slot())) & ~63;
  for (let line = 0; line < 9; line++) {
    if (target.chance(0.6)) continue;
    target.touch(start + line * 64, 64);
    target.image.fill(0, start + line * 64, start + line * 64 + 64);
  }
};

const bitFlips: Mutation = (target) => {
  const count = 1 + target.below(8);
  for (let i = 0; i < count; i++) {
    const at = place(target);
    target.touch(at, 1);
    target.image.writeUInt8((target.image[at] ?? 0) ^ (1 << target.below(8)), at);
  }
};

const garbage: Mutation = (target) => {
  const at = place(target);
  const length = Math.min(1 + target.below(1200), target.image.length - at);
  target.touch(at, length);
  const fill = target.pick([0, 0xff, -1]);
  for (let i = at; i < at + length; i++) target.image.writeUInt8(fill < 0 ? target.below(256) : fill, i);
};

/** A place that the file system uses: superblock, header, entries. */
function place(target: Target): number {
  if (target.chance(0.2)) return target.below(superblockStruct.size);
  if (target.chance(0.2)) return LOG_OFFSET + target.below(logHeaderStruct.size);
  return LOG_OFFSET + target.below(logHeaderStruct.size + (target.entries + 1) * LOG_ENTRY_SIZE);
}

/** what is changed most often stands here twice */
export const MUTATIONS: readonly Mutation[] = [
  superblockField,
  headerField,
  bothCounts,
  payloadField,
  payloadField,
  entryField,
  entryType,
  extent,
  extent,
  interleaved,
  path,
  copyEntry,
  lostLines,
  bitFlips,
  bitFlips,
  garbage,
];

/** What memory holds before and after a change: made by commands of hosts that do everything right, once for each name. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { LOG_HEADER_CRC_SPAN, logHeaderStruct, MIN_LOG_LENGTH } from '../../src/format/logHeader.js';
import { REWRITE_MAGIC } from '../../src/format/rewriteJournal.js';
import { SUPERBLOCK_REGION, superblockStruct } from '../../src/format/superblock.js';
import { entryOffset } from '../support/patch.js';
import type { Memory, SimHost, World } from './world.js';

type Maker = (world: World, master: SimHost, before: Memory | undefined) => Promise<unknown>;

const MKFS = ['mkfs', '-q', '--loglen', '8M', '--alloc-unit', '4k'];
const CREAT = ['creat', '-q', '--dev', 'image', '--policy', 'fill', '--seed'];
const CHANGE = ['-q', '--clients-unmounted', '--dev', 'image'];

/** Each is made from the one that it names first, or from blank devices. */
const MAKERS: Readonly<Record<string, readonly [from: string | undefined, make: Maker]>> = {
  // with files on the host to copy
  blank: [
    undefined,
    async (world) => {
      writeFileSync(world.path('files/over'), Buffer.alloc(5000, 'overwritten'));
      writeFileSync(world.path('files/large'), Buffer.alloc(9000, 'a larger one'));
      mkdirSync(world.path('files/tree'));
      for (const i of [1, 2, 3]) writeFileSync(world.path(`files/tree/small${i}`), Buffer.alloc(700 * i, `small ${i}`));
    },
  ],
  made: [
    'blank',
    async (world, master) => {
      await world.ok(master, ...MKFS, '--label', 'first', '--stripes', '1', '--chunk', '2M', 'image');
      await world.ok(master, 'mkdir', '-q', '--dev', 'image', 'd');
      for (const [seed, size, path] of [
        ['1', '5000', 'a'],
        ['2', '9000', 'b'],
        ['3', '300', 'd/c'],
      ] as const)
        await world.ok(master, ...CREAT, seed, '-s', size, path);
      await world.ok(master, 'dump', '-q', '--force', '-o', 'files/dump', 'image');
    },
  ],
  appended: ['made', (world, master) => world.ok(master, ...CREAT, '4', '-s', '7000', 'more')],
  moved: [
    'made',
    async (world, master) => {
      await world.ok(master, 'mv', ...CHANGE, 'a', 'd/a');
      await world.ok(master, 'rm', ...CHANGE, 'b');
      await world.ok(master, ...CREAT, '9', '-s', '9000', 'b');
    },
  ],
  overwritten: [
    'made',
    async (world, master) => {
      await world.ok(master, 'cp', '-q', '--dev', 'image', 'files/over', 'a');
    },
  ],
  // more entries than `made` has, of the same names at other places, so that a stale entry is a sound one
  other: [
    'blank',
    async (world, master) => {
      await world.ok(master, ...MKFS, '--label', 'other', 'image');
      for (const [seed, size, path] of [
        ['5', '5000', 'b'],
        ['6', '300', 'x'],
        ['7', '9000', 'a'],
        ['8', '20000', 'y'],
        ['9', '5000', 'z'],
        ['10', '5000', 'zz'],
        ['11', '5000', 'zzz'],
      ] as const)
        await world.ok(master, ...CREAT, seed, '-s', size, path);
    },
  ],
  // the record of the size is of a daxdev that was larger
  shrunk: [
    'made',
    async (world) => world.fabric('image').damage(superblockStruct.offsets.deviceSize, u64(44 * 2 ** 20)),
  ],
  killed: ['made', (world, master) => world.ok(master, 'mkfs', '-q', '--force', '--kill', 'image')],
  foreign: ['blank', async (world) => world.fabric('image').damage(1080, Buffer.from([0x53, 0xef]))],
  unknown: ['blank', async (world) => world.fabric('image').damage(70_000, Buffer.from('somebody wrote this'))],
  pool: [
    'blank',
    async (world, master) => {
      await world.ok(master, ...MKFS, '--label', 'pool', 'image', 'second');
      await world.ok(master, ...CREAT, '1', '--daxdevs', '0', '-s', '5000', 'a');
      await world.ok(master, ...CREAT, '2', '--daxdevs', '1', '-s', '9000', 'b');
      await world.ok(master, ...CREAT, '3', '--daxdevs', '1', '-s', '5000', 'c');
    },
  ],
  poolOverwritten: [
    'pool',
    async (world, master) => {
      await world.ok(master, 'cp', '-q', '--dev', 'image', 'files/large', 'b');
    },
  ],
  // an old file system, killed, on the daxdev that is added
  usedSecond: [
    'made',
    async (world, master) => {
      await world.ok(master, ...MKFS, 'second');
      await world.ok(master, 'creat', '-q', '--dev', 'second', '--seed', '5', '-s', '5000', 'old');
    },
  ],
  secondAdded: [
    'usedSecond',
    (world, master) => world.ok(master, 'daxdev', 'add', '-q', '-f', '--dev', 'image', 'second'),
  ],
  secondGone: ['pool', (world, master) => world.ok(master, 'daxdev', 'remove', ...CHANGE, '1')],
  thirdInstead: ['pool', (world, master) => world.ok(master, 'daxdev', 'replace', ...CHANGE, '1', 'third')],
  // damage that fsck repairs
  badHeader: ['made', async (world) => flip(world, SUPERBLOCK_REGION + LOG_HEADER_CRC_SPAN - 8)],
  badCount: ['made', async (world) => world.fabric('image').damage(SUPERBLOCK_REGION + 0x20, Buffer.from([2]))],
  badBit: ['made', async (world) => flip(world, entryOffset(1) + 100)],
  badTorn: ['made', async (world) => world.fabric('image').damage(entryOffset(4), Buffer.alloc(64, 1))],
  // what fsck makes of it, with an undo image
  bitRepaired: [
    'badBit',
    (world, master) => world.run(master, ['fsck', '-y', '-q', '--undo', 'files/repaired.undo', 'image']),
  ],
  // power was lost when the old log was being replaced
  badRewrite: ['made', (world, _, before) => cutMove(world, before as Memory, () => isRewriting(world))],
  // its journal is there, and the header says where
  badJournal: ['made', (world, _, before) => cutMove(world, before as Memory, () => isJournal(world))],
  // a slot that the header counts has nothing, or a part of an entry
  badBlank: ['made', async (world) => world.fabric('image').damage(SUPERBLOCK_REGION + 0x20, twice(5))],
  badPart: [
    'made',
    async (world) => {
      world.fabric('image').damage(SUPERBLOCK_REGION + 0x20, twice(5));
      world.fabric('image').damage(entryOffset(4), world.fabric('image').bytes(entryOffset(3), 128));
    },
  ],
  badSuperblock: ['made', async (world) => flip(world, 8)],
};

/** Power is lost during a rewrite of the log, as soon as `enough` says so. */
async function cutMove(world: World, before: Memory, enough: () => boolean): Promise<void> {
  for (let operations = 1; ; operations++) {
    const victim = world.host('Master', 'Master');
    world.load(before);
    victim.powerUntil = operations;
    await world.run(victim, ['mv', ...CHANGE, 'a', 'd/a']);
    victim.flush();
    if (enough()) return;
  }
}

function headerField(world: World, offset: number): number {
  return Number(
    world
      .fabric('image')
      .bytes(SUPERBLOCK_REGION + offset, 8)
      .readBigUInt64LE(),
  );
}

function isRewriting(world: World): boolean {
  return headerField(world, logHeaderStruct.offsets.magic) === REWRITE_MAGIC;
}

function isJournal(world: World): boolean {
  return isRewriting(world) && headerField(world, logHeaderStruct.offsets.length) !== MIN_LOG_LENGTH;
}

/** Next sequence number and next index. */
function twice(count: number): Uint8Array {
  return new Uint8Array(new BigUint64Array([BigInt(count), BigInt(count)]).buffer);
}

function u64(value: number): Uint8Array {
  return new Uint8Array(new BigUint64Array([BigInt(value)]).buffer);
}

function flip(world: World, offset: number): void {
  const [byte = 0] = world.fabric('image').bytes(offset, 1);
  world.fabric('image').damage(offset, Buffer.from([byte ^ 1]));
}

/** Makes what memory holds by its name, and remembers it. */
export class States {
  readonly #made = new Map<string, Promise<Memory>>();

  constructor(private readonly world: World) {}

  get names(): string[] {
    return Object.keys(MAKERS);
  }

  /** The devices hold something else afterwards. */
  get(name: string): Promise<Memory> {
    const known = this.#made.get(name);
    if (known !== undefined) return known;
    const made = this.#make(name);
    this.#made.set(name, made);
    return made;
  }

  async #make(name: string): Promise<Memory> {
    const [from, make] = MAKERS[name] ?? [];
    if (make === undefined) throw new Error(`no such state: ${name}`);
    const before = from === undefined ? undefined : await this.get(from);
    if (before !== undefined) this.world.load(before);
    const master = this.world.host('Master', 'Master');
    await make(this.world, master, before);
    master.flush();
    return this.world.save();
  }
}

/** Repairable damages of the golden image g2, and their repairs. */
import { entryOffset, pokeHeader, pokeSuperblock } from '../../support/patch.js';
import { NIL, OTHER_UUID } from './damages/damage.js';
import { logHistoryDamages } from './damages/logHistory.js';
import { poolDefaultsDamages } from './damages/poolDefaults.js';
import { poolLabelDamages } from './damages/poolLabel.js';

const HUGE = 2n ** 63n;
/** entries of g2 */
export const ENTRIES = 13;
const LOG = 0x200000;

export interface Repairable {
  readonly name: string;
  readonly damage: (image: Buffer) => void;
  /** the least that repairs it */
  readonly mode: '-p' | '-y';
  readonly repairs: readonly string[];
  /** of fsck -n before the repair; 4 by default */
  readonly exitCode?: 0;
  /** nodes that ls finds afterwards; default all */
  readonly nodes?: number;
}

const next = (image: Buffer, value: number) => {
  pokeHeader(image, 'nextIndex', value);
  pokeHeader(image, 'nextSequence', value);
};

/** Leaves of the last entry what a crash would: its first cache lines, zeros after them. */
const tear = (image: Buffer, from = 200) => image.fill(0, entryOffset(ENTRIES - 1) + from, entryOffset(ENTRIES));

/** Of each record beside the superblock that may be missing, a damage that only warns. */
const RECORDS = [poolDefaultsDamages.crc, logHistoryDamages.crc, poolLabelDamages.crc].flatMap((damages) =>
  damages.map(([what, , damage]) => [what, damage] as const),
);

export const REPAIRABLE: readonly Repairable[] = [
  { name: 'log magic', damage: (i) => pokeHeader(i, 'magic', 1, false), mode: '-p', repairs: ['LOG_HEADER'] },
  { name: 'log header crc', damage: (i) => pokeHeader(i, 'crc', 1, false), mode: '-p', repairs: ['LOG_HEADER'] },
  {
    name: 'log header length',
    damage: (i) => pokeHeader(i, 'length', HUGE, false),
    mode: '-p',
    repairs: ['LOG_HEADER'],
  },
  { name: 'last index', damage: (i) => pokeHeader(i, 'lastIndex', 15420), mode: '-p', repairs: ['LOG_HEADER'] },
  { name: 'whole log header gone', damage: (i) => i.fill(0, LOG, LOG + 48), mode: '-p', repairs: ['LOG_HEADER'] },
  { name: 'log header overwritten', damage: (i) => i.fill(0xff, LOG, LOG + 48), mode: '-p', repairs: ['LOG_HEADER'] },
  { name: 'next index beyond', damage: (i) => next(i, 15425), mode: '-p', repairs: ['LOG_COUNT'] },
  { name: 'next index over 2^53', damage: (i) => pokeHeader(i, 'nextIndex', HUGE), mode: '-p', repairs: ['LOG_COUNT'] },
  {
    name: 'next sequence number',
    damage: (i) => pokeHeader(i, 'nextSequence', 14),
    mode: '-p',
    repairs: ['LOG_COUNT'],
  },
  { name: 'one entry not counted', damage: (i) => next(i, 12), mode: '-p', repairs: ['LOG_COUNT'] },
  { name: 'no entry counted', damage: (i) => next(i, 0), mode: '-p', repairs: ['LOG_COUNT'] },
  { name: 'one slot too many counted', damage: (i) => next(i, 14), mode: '-p', repairs: ['LOG_COUNT'] },
  { name: 'many slots too many counted', damage: (i) => next(i, 15420), mode: '-y', repairs: ['LOG_COUNT'] },
  { name: 'torn last entry', damage: (i) => tear(i), mode: '-p', repairs: ['LOG_COUNT'], nodes: 12 },
  {
    name: 'last entry without its start',
    damage: (i) => i.fill(0, entryOffset(12), entryOffset(12) + 16),
    mode: '-p',
    repairs: ['LOG_COUNT'],
    nodes: 12,
  },
  {
    name: 'last entry damaged',
    damage: (i) => i.fill(7, entryOffset(12) + 30, entryOffset(12) + 36),
    mode: '-y',
    repairs: ['LOG_COUNT'],
    nodes: 12,
  },
  { name: 'one bit of an entry', damage: (i) => flip(i, entryOffset(5) + 60, 3), mode: '-y', repairs: ['ENTRY_BITS'] },
  {
    name: 'one bit of the last entry',
    damage: (i) => flip(i, entryOffset(12) + 16, 0),
    mode: '-y',
    repairs: ['ENTRY_BITS'],
  },
  {
    name: "one bit of an entry's crc",
    damage: (i) => flip(i, entryOffset(7) + 536, 7),
    mode: '-y',
    repairs: ['ENTRY_BITS'],
  },
  { name: 'device size 0', damage: (i) => pokeSuperblock(i, 'deviceSize', 0), mode: '-p', repairs: ['DEVICE_SIZE'] },
  {
    name: 'device size long',
    damage: (i) => pokeSuperblock(i, 'deviceSize', 2 ** 40),
    mode: '-p',
    repairs: ['DEVICE_SIZE'],
  },
  { name: 'flags', damage: (i) => pokeSuperblock(i, 'flags', 0x80), mode: '-p', repairs: ['FLAGS'] },
  { name: 'padding', damage: (i) => pokeSuperblock(i, 'padding', 1), mode: '-y', repairs: ['RESERVED'] },
  {
    name: 'device name',
    damage: (i) => pokeSuperblock(i, 'deviceName', Buffer.alloc(64, 'x')),
    mode: '-p',
    repairs: ['NAME'],
  },
  ...RECORDS.map(
    ([what, damage]): Repairable => ({ name: what, damage, mode: '-y', repairs: ['RECORD'], exitCode: 0 }),
  ),
  {
    name: 'several at once',
    damage: (i) => [
      pokeSuperblock(i, 'deviceSize', 5),
      pokeHeader(i, 'magic', 0, false),
      next(i, 3),
      flip(i, entryOffset(5), 5),
    ],
    mode: '-y',
    repairs: ['DEVICE_SIZE', 'ENTRY_BITS', 'LOG_HEADER'],
  },
];

function flip(image: Buffer, byte: number, bit: number): void {
  image.writeUInt8(image.readUInt8(byte) ^ (1 << bit), byte);
}

/** Whether the Master can be determined: then -y suffices, else --master-here is needed too. */
export type LostSuperblock = readonly [what: string, damage: (image: Buffer) => void, master: 'witnessed' | 'unknown'];

export const LOST_SUPERBLOCKS: readonly LostSuperblock[] = [
  ['magic', (i) => pokeSuperblock(i, 'magic', 0, false), 'witnessed'],
  ['crc', (i) => pokeSuperblock(i, 'crc', 1, false), 'witnessed'],
  ['one bit', (i) => i.writeUInt8(i.readUInt8(50) ^ 4, 50), 'witnessed'],
  ['version', (i) => pokeSuperblock(i, 'version', 7, false), 'witnessed'],
  ['allocation unit', (i) => pokeSuperblock(i, 'allocationUnit', 8192), 'witnessed'],
  ['log length', (i) => pokeSuperblock(i, 'logLength', 0x8000000, false), 'witnessed'],
  ['file-system uuid', (i) => pokeSuperblock(i, 'fsUuid', NIL, false), 'witnessed'],
  ['system uuid', (i) => pokeSuperblock(i, 'systemUuid', OTHER_UUID, false), 'unknown'],
  ['system uuid gone', (i) => pokeSuperblock(i, 'systemUuid', NIL, false), 'unknown'],
  ['the whole block', (i) => i.fill(0, 0, 4096), 'unknown'],
  ['the whole block, overwritten', (i) => i.fill(0xa5, 0, 4096), 'unknown'],
];

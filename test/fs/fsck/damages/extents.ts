/**
 * Damages of extents and strips. In g2, slots 3 to 12 are simple files; in g3, slot 1 is striped over 8 strips of 2 MiB. g41 and g42
 * have units of 4 KiB and 64 MiB: slots 2 to 5 of g41 are packed downwards from its end, slot 0 of g42 has 4 strips of 16 KiB.
 */
import type { extentStruct, interleavedStruct } from '../../../../src/format/entries/fileStruct.js';
import { entryOffset, pokeExtent, pokeInterleaved, pokeSuperblock, sealEntry } from '../../../support/patch.js';
import { type Change, type Damage, type DamagesOf, HUGE } from './damage.js';
import { joinAt } from './joins.js';

const MIB = 2 ** 20;
const G41 = { image: 'g41' } as const;
const G42 = { image: 'g42' } as const;
const G3 = { image: 'g3' } as const;
/** offset of the end of the payload: 120 bytes of the file, 400 of its extents */
const EXTENTS_END = 16 + 120 + 400;

/** Damages of the area for extents, after those that are used. */
export const extentAreaDamages: readonly [Damage, ...Damage[]] = [
  ['first byte after the extents', ['ENTRY_RESERVED'], (i) => pokeExtent(i, 5, 1, 0, 1)],
  ['bytes where the 16th extent would be', ['ENTRY_RESERVED'], (i) => pokeExtent(i, 5, 15, 2, 1)],
  ['last byte of the extents', ['ENTRY_RESERVED'], (i) => lastByte(i, 5)],
  [
    'bytes after an extent that is too short',
    ['ENTRY_RESERVED', 'COVERAGE_SHORT'],
    (i) => [lastByte(i, 6), pokeExtent(i, 6, 0, 2, 0x200000)],
  ],
];

function lastByte(image: Buffer, slot: number): void {
  image.writeUInt8(1, entryOffset(slot) + EXTENTS_END - 1);
  sealEntry(image, slot);
}

/** Adds daxdev 1, of 16 MiB, in slot 11, and moves the only extent of slot 12 to an offset on it. */
function onSecondary(offset: number): Change {
  return (i) => [joinAt(i, 11, { deviceSize: 16 * MIB }), pokeExtent(i, 12, 0, 0, 1), pokeExtent(i, 12, 0, 1, offset)];
}

export const extentDamages: DamagesOf<typeof extentStruct> = {
  daxdev: [
    ['extent on a daxdev that never joins', ['EXTENT_DEVICE'], (i) => pokeExtent(i, 5, 0, 0, 1)],
    ['extent on daxdev 2^63', ['EXTENT_DEVICE'], (i) => pokeExtent(i, 5, 0, 0, HUGE)],
    [
      'extent on a daxdev that joins later',
      ['EXTENT_DEVICE', 'MEMBER_MISSING'],
      (i) => [pokeExtent(i, 11, 0, 0, 1), joinAt(i, 12)],
    ],
    ['strip on a daxdev that never joins', ['EXTENT_DEVICE'], (i) => pokeExtent(i, 1, 7, 0, 3, true), G3],
  ],
  deviceOffset: [
    ['extent at 0', ['EXTENT_OFFSET'], (i) => pokeExtent(i, 5, 0, 1, 0)],
    ['extent not aligned', ['EXTENT_OFFSET'], (i) => pokeExtent(i, 5, 0, 1, 0x60001000)],
    ['extent offset over 2^53', ['EXTENT_OFFSET'], (i) => pokeExtent(i, 5, 0, 1, HUGE)],
    ['extent on the log', ['EXTENT_METADATA'], (i) => pokeExtent(i, 5, 0, 1, 0x400000)],
    ['extent just before the files', ['EXTENT_METADATA'], (i) => pokeExtent(i, 5, 0, 1, 0x800000)],
    ['extent just past the device', ['EXTENT_BOUNDS'], (i) => pokeExtent(i, 5, 0, 1, 2 ** 32)],
    [
      'extent on the last allocation unit, which is not whole',
      ['EXTENT_BOUNDS', 'SB_DEVICE_SIZE'],
      (i) => pokeExtent(i, 5, 0, 1, 2 ** 32),
      { size: 2 ** 32 + MIB },
    ],
    ['extent on another file', ['EXTENT_OVERLAP'], (i) => pokeExtent(i, 12, 0, 1, 0x8400000)],
    ['extent at 0 of a secondary', ['EXTENT_OFFSET', 'MEMBER_MISSING'], onSecondary(0)],
    [
      'extent on the superblock of a secondary, in small units',
      ['EXTENT_METADATA', 'MEMBER_MISSING'],
      (i) => [pokeSuperblock(i, 'allocationUnit', 4096), onSecondary(4096)(i)],
    ],
    ['extent past a secondary', ['EXTENT_BOUNDS', 'MEMBER_MISSING'], onSecondary(14 * MIB)],
    ['small extent of no whole unit', ['EXTENT_OFFSET'], (i) => pokeExtent(i, 5, 0, 1, 40 * MIB + 512), G41],
    [
      'small extent on the last unit of the log',
      ['EXTENT_METADATA'],
      (i) => pokeExtent(i, 5, 0, 1, 10 * MIB - 0x3000),
      G41,
    ],
    ['small extent one unit past the device', ['EXTENT_BOUNDS'], (i) => pokeExtent(i, 2, 0, 1, 64 * MIB), G41],
    ['small extent on one unit of another file', ['EXTENT_OVERLAP'], (i) => pokeExtent(i, 4, 0, 1, 0x3ffd000), G41],
    ['small strip of no whole unit', ['EXTENT_OFFSET'], (i) => pokeExtent(i, 0, 3, 1, 40 * MIB + 512, true), G42],
    ['small strip on one unit of another', ['EXTENT_OVERLAP'], (i) => pokeExtent(i, 0, 3, 1, 0x3ff1000, true), G42],
    ['strip at 0', ['EXTENT_OFFSET'], (i) => pokeExtent(i, 1, 3, 1, 0, true), G3],
    ['strip not aligned', ['EXTENT_OFFSET'], (i) => pokeExtent(i, 1, 3, 1, 0x40001000, true), G3],
    ['strip just past the device', ['EXTENT_BOUNDS'], (i) => pokeExtent(i, 1, 3, 1, 2 ** 34, true), G3],
    ['strip on another strip', ['EXTENT_OVERLAP'], (i) => pokeExtent(i, 1, 3, 1, 0x380000000, true), G3],
  ],
  length: [
    ['extent length 0', ['EXTENT_LENGTH', 'COVERAGE_SHORT'], (i) => pokeExtent(i, 5, 0, 2, 0)],
    ['extent length not aligned', ['EXTENT_LENGTH', 'COVERAGE_EXCESS'], (i) => pokeExtent(i, 12, 0, 2, 0x400001)],
    ['extent length over 2^53', ['EXTENT_LENGTH', 'COVERAGE_EXCESS'], (i) => pokeExtent(i, 12, 0, 2, HUGE)],
    ['extent of one unit more', ['COVERAGE_EXCESS'], (i) => pokeExtent(i, 12, 0, 2, 0x600000)],
    ['small extent length of no whole unit', ['EXTENT_LENGTH'], (i) => pokeExtent(i, 8, 0, 2, 0x4b200), G41],
    ['small extent of one unit less', ['COVERAGE_SHORT'], (i) => pokeExtent(i, 5, 0, 2, 0x2000), G41],
    ['small extent of one unit more than 2 MiB', ['COVERAGE_EXCESS'], (i) => pokeExtent(i, 8, 0, 2, 0x201000), G41],
    [
      'small strip of one unit more',
      ['STRIP_LENGTH', 'EXTENT_OVERLAP'],
      (i) => pokeExtent(i, 0, 3, 2, 0x5000, true),
      G42,
    ],
    ['strip longer', ['STRIP_LENGTH', 'EXTENT_OVERLAP'], (i) => pokeExtent(i, 1, 3, 2, 0x400000, true), G3],
    ['strip shorter', ['COVERAGE_SHORT', 'STRIP_LENGTH'], (i) => pokeExtent(i, 2, 3, 2, 0x200000, true), G3],
  ],
};

export const interleavedDamages: DamagesOf<typeof interleavedStruct> = {
  stripCount: [
    ['no strips', ['STRIP_COUNT', 'ENTRY_RESERVED'], (i) => pokeInterleaved(i, 1, 'stripCount', 0), G3],
    ['17 strips', ['STRIP_COUNT'], (i) => pokeInterleaved(i, 1, 'stripCount', 17), G3],
    ['2^63 strips', ['STRIP_COUNT'], (i) => pokeInterleaved(i, 1, 'stripCount', HUGE), G3],
    [
      'a strip less',
      ['ENTRY_RESERVED', 'COVERAGE_SHORT', 'STRIP_LENGTH'],
      (i) => pokeInterleaved(i, 2, 'stripCount', 7),
      G3,
    ],
  ],
  chunkSize: [
    ['chunk 0', ['CHUNK_SIZE'], (i) => pokeInterleaved(i, 1, 'chunkSize', 0), G3],
    ['chunk no power of two', ['CHUNK_SIZE'], (i) => pokeInterleaved(i, 1, 'chunkSize', 0x600000), G3],
    ['chunk below the allocation unit', ['CHUNK_SIZE'], (i) => pokeInterleaved(i, 1, 'chunkSize', 4096), G3],
    ['chunk below the small unit', ['CHUNK_SIZE'], (i) => pokeInterleaved(i, 0, 'chunkSize', 2048), G42],
    ['chunk of three small units', ['CHUNK_SIZE'], (i) => pokeInterleaved(i, 0, 'chunkSize', 0x3000), G42],
    ['chunk over 2^53', ['CHUNK_SIZE'], (i) => pokeInterleaved(i, 1, 'chunkSize', HUGE), G3],
    ['chunk doubled', ['STRIP_LENGTH'], (i) => pokeInterleaved(i, 1, 'chunkSize', 0x400000), G3],
    [
      'chunk larger than the file',
      ['CHUNK_EXCESS', 'STRIP_LENGTH'],
      (i) => pokeInterleaved(i, 1, 'chunkSize', 0x2000000),
      G3,
    ],
  ],
  strips: [
    ['first byte after the strips', ['ENTRY_RESERVED'], (i) => pokeExtent(i, 1, 8, 0, 1, true), G3],
    ['last byte of the strips', ['ENTRY_RESERVED'], (i) => lastByte(i, 1), G3],
    [
      'bytes after strips of which one is at 0',
      ['ENTRY_RESERVED', 'EXTENT_OFFSET'],
      (i) => [lastByte(i, 1), pokeExtent(i, 1, 3, 1, 0, true)],
      G3,
    ],
  ],
};

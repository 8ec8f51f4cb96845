/** Damages of the superblock of a primary. */
import type { superblockStruct } from '../../../../src/format/superblock.js';
import { pokeSuperblock } from '../../../support/patch.js';
import { type DamagesOf, HUGE, NIL, OTHER_UUID } from './damage.js';
import { joinAt } from './joins.js';

export const superblockDamages: DamagesOf<typeof superblockStruct> = {
  magic: [
    // without the magic there is no famfs, unless a repair is asked for
    [
      'superblock killed',
      ['SB_MAGIC'],
      (i) => pokeSuperblock(i, 'magic', 0),
      { argv: ['-y', '--no-undo'], exitCode: 1 },
    ],
  ],
  version: [
    ['superblock version', ['SB_VERSION'], (i) => pokeSuperblock(i, 'version', 47)],
    ['superblock version over 2^53', ['SB_VERSION'], (i) => pokeSuperblock(i, 'version', HUGE)],
  ],
  logOffset: [
    ['log offset moved', ['SB_LOG_OFFSET'], (i) => pokeSuperblock(i, 'logOffset', 0x400000)],
    ['log offset 0', ['SB_LOG_OFFSET'], (i) => pokeSuperblock(i, 'logOffset', 0)],
    ['log offset over 2^53', ['SB_LOG_OFFSET'], (i) => pokeSuperblock(i, 'logOffset', HUGE)],
  ],
  logLength: [
    ['log length no power of two', ['SB_LOG_LENGTH'], (i) => pokeSuperblock(i, 'logLength', 0x900000)],
    ['log length too small', ['SB_LOG_LENGTH'], (i) => pokeSuperblock(i, 'logLength', 0x400000)],
    ['log length beyond the device', ['SB_LOG_LENGTH'], (i) => pokeSuperblock(i, 'logLength', 2 ** 40)],
    ['log length up to the end of the device', ['SB_LOG_LENGTH'], (i) => pokeSuperblock(i, 'logLength', 2 ** 32)],
    ['log length over 2^53', ['SB_LOG_LENGTH'], (i) => pokeSuperblock(i, 'logLength', HUGE)],
    [
      'log length unlike the header',
      ['LOG_LENGTH', 'LOG_LAST_INDEX', 'EXTENT_METADATA'],
      (i) => pokeSuperblock(i, 'logLength', 0x1000000),
    ],
  ],
  allocationUnit: [
    ['allocation unit', ['SB_ALLOC_UNIT'], (i) => pokeSuperblock(i, 'allocationUnit', 8192)],
    ['allocation unit 0', ['SB_ALLOC_UNIT'], (i) => pokeSuperblock(i, 'allocationUnit', 0)],
    [
      'allocation unit larger than files have it',
      ['EXTENT_OFFSET', 'EXTENT_LENGTH', 'CHUNK_SIZE'],
      (i) => pokeSuperblock(i, 'allocationUnit', 0x200000),
      { image: 'g42' },
    ],
    [
      'allocation unit smaller than the least',
      ['SB_ALLOC_UNIT'],
      (i) => pokeSuperblock(i, 'allocationUnit', 2048),
      { image: 'g41' },
    ],
    ['allocation unit over 2^53', ['SB_ALLOC_UNIT'], (i) => pokeSuperblock(i, 'allocationUnit', HUGE)],
  ],
  formatMajor: [['format major', ['SB_FORMAT'], (i) => pokeSuperblock(i, 'formatMajor', 3)]],
  formatMinor: [
    ['format minor', ['SB_FORMAT'], (i) => pokeSuperblock(i, 'formatMinor', 3)],
    [
      'format older than a daxdev that was added',
      ['DAXDEV_FORMAT', 'MEMBER_MISSING'],
      (i) => [pokeSuperblock(i, 'formatMinor', 1), joinAt(i, 12)],
    ],
  ],
  fsUuid: [['file-system uuid', ['SB_UUID'], (i) => pokeSuperblock(i, 'fsUuid', NIL)]],
  deviceUuid: [['device uuid', ['SB_UUID'], (i) => pokeSuperblock(i, 'deviceUuid', NIL)]],
  systemUuid: [
    ['system uuid', ['SB_UUID'], (i) => pokeSuperblock(i, 'systemUuid', NIL)],
    ['system uuid without crc', ['SB_CRC'], (i) => pokeSuperblock(i, 'systemUuid', OTHER_UUID, false)],
  ],
  crc: [
    ['superblock crc', ['SB_CRC'], (i) => pokeSuperblock(i, 'crc', 1, false)],
    ['upper half of the superblock crc', ['SB_CRC'], (i) => i.writeUInt32LE(1, 100)],
  ],
  flags: [
    ['secondary flag on a primary', ['SB_FLAGS'], (i) => pokeSuperblock(i, 'flags', 2)],
    ['flags of both roles', ['SB_FLAGS'], (i) => pokeSuperblock(i, 'flags', 3)],
    ['unknown flag', ['SB_FLAGS'], (i) => pokeSuperblock(i, 'flags', 0x80)],
  ],
  padding: [['superblock padding', ['SB_RESERVED'], (i) => pokeSuperblock(i, 'padding', 1)]],
  deviceSize: [
    ['device size 0', ['SB_DEVICE_SIZE'], (i) => pokeSuperblock(i, 'deviceSize', 0)],
    ['device size long', ['SB_DEVICE_SIZE'], (i) => pokeSuperblock(i, 'deviceSize', 2 ** 40)],
    ['device size over 2^53', ['SB_DEVICE_SIZE'], (i) => pokeSuperblock(i, 'deviceSize', HUGE)],
    [
      'device size short of the files',
      ['SB_DEVICE_SIZE', 'EXTENT_BOUNDS'],
      (i) => pokeSuperblock(i, 'deviceSize', 0x1000000),
    ],
  ],
  deviceUuidCopy: [['second device uuid', ['SB_RESERVED'], (i) => pokeSuperblock(i, 'deviceUuidCopy', OTHER_UUID)]],
  deviceName: [
    ['device name without end', ['SB_NAME'], (i) => pokeSuperblock(i, 'deviceName', Buffer.alloc(64, 'x'))],
    ['bytes after the device name', ['SB_NAME'], (i) => i.writeUInt8(65, 199)],
  ],
};

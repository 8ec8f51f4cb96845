/** Damages of the superblock of a secondary: of daxdev 1 of a pool of three. */
import type { superblockStruct } from '../../../../src/format/superblock.js';
import { pokeSuperblock } from '../../../support/patch.js';
import { type DamagesOf, HUGE, NIL, OTHER_UUID } from './damage.js';

const MIB = 2 ** 20;

export const secondaryDamages: DamagesOf<typeof superblockStruct> = {
  magic: [['secondary killed', ['MEMBER_MISSING'], (i) => pokeSuperblock(i, 'magic', 0)]],
  version: [['version of a secondary', ['MEMBER_SUPERBLOCK'], (i) => pokeSuperblock(i, 'version', 47)]],
  logOffset: [['log offset of a secondary', ['MEMBER_SUPERBLOCK'], (i) => pokeSuperblock(i, 'logOffset', 2 * MIB)]],
  logLength: [['log length of a secondary', ['MEMBER_SUPERBLOCK'], (i) => pokeSuperblock(i, 'logLength', 8 * MIB)]],
  allocationUnit: [
    ['allocation unit of a secondary', ['MEMBER_SUPERBLOCK'], (i) => pokeSuperblock(i, 'allocationUnit', 8192)],
    [
      'allocation unit of a secondary, another than that of the primary',
      ['MEMBER_SUPERBLOCK'],
      (i) => pokeSuperblock(i, 'allocationUnit', 4096),
    ],
  ],
  formatMajor: [['format major of a secondary', ['MEMBER_SUPERBLOCK'], (i) => pokeSuperblock(i, 'formatMajor', 1)]],
  formatMinor: [['format minor of a secondary', ['MEMBER_SUPERBLOCK'], (i) => pokeSuperblock(i, 'formatMinor', 3)]],
  fsUuid: [
    ['file-system uuid of a secondary', ['MEMBER_FOREIGN'], (i) => pokeSuperblock(i, 'fsUuid', OTHER_UUID)],
    [
      'file-system uuid of a secondary, without crc',
      ['MEMBER_FOREIGN', 'MEMBER_SUPERBLOCK'],
      (i) => pokeSuperblock(i, 'fsUuid', OTHER_UUID, false),
    ],
  ],
  deviceUuid: [
    [
      'device uuid of a secondary',
      ['MEMBER_MISSING', 'MEMBER_ORPHAN'],
      (i) => pokeSuperblock(i, 'deviceUuid', OTHER_UUID),
    ],
  ],
  systemUuid: [
    ['system uuid of a secondary', ['MEMBER_SUPERBLOCK'], (i) => pokeSuperblock(i, 'systemUuid', OTHER_UUID)],
    ['system uuid of a secondary gone', ['MEMBER_SUPERBLOCK'], (i) => pokeSuperblock(i, 'systemUuid', NIL)],
  ],
  crc: [['crc of a secondary', ['MEMBER_SUPERBLOCK'], (i) => pokeSuperblock(i, 'crc', 1, false)]],
  flags: [
    ['secondary without its flag', ['MEMBER_SUPERBLOCK'], (i) => pokeSuperblock(i, 'flags', 0)],
    ['secondary with the flag of a primary', ['MEMBER_SUPERBLOCK'], (i) => pokeSuperblock(i, 'flags', 1)],
  ],
  padding: [['padding of a secondary', ['MEMBER_SUPERBLOCK'], (i) => pokeSuperblock(i, 'padding', 1)]],
  deviceSize: [
    ['device size of a secondary', ['MEMBER_SUPERBLOCK'], (i) => pokeSuperblock(i, 'deviceSize', 12345)],
    ['device size of a secondary over 2^53', ['MEMBER_SUPERBLOCK'], (i) => pokeSuperblock(i, 'deviceSize', HUGE)],
  ],
  deviceUuidCopy: [
    [
      'second device uuid of a secondary',
      ['MEMBER_SUPERBLOCK'],
      (i) => pokeSuperblock(i, 'deviceUuidCopy', OTHER_UUID),
    ],
  ],
  deviceName: [
    [
      'device name of a secondary',
      ['MEMBER_SUPERBLOCK'],
      (i) => pokeSuperblock(i, 'deviceName', Buffer.alloc(64, 'x')),
    ],
  ],
};

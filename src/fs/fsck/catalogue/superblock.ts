import { hex } from '../../../format/fieldText.js';
import { MIN_LOG_LENGTH } from '../../../format/logHeader.js';
import {
  ALLOCATION_UNITS,
  FORMAT_MAJOR,
  FORMAT_MINOR,
  SUPERBLOCK_MAGIC,
  SUPERBLOCK_VERSION,
} from '../../../format/superblock.js';
import type { SuperblockValues } from '../../finding/values.js';
import type { RowsOf } from './row.js';
import { decimal } from './text.js';

const COMMON = { stage: 'superblock', severity: 'error', usable: false } as const;
const REBUILT = {
  repairs: ['SUPERBLOCK'],
  how: 'Restored if one field or one bit makes its CRC right; otherwise rebuilt from a sound log header and other records with its uuids, with --master-here if nothing names the Master. A superblock of another version is left alone, and so is an intact one of another format.',
} as const;
const DAMAGED = 'The superblock is damaged.';

export const superblockRows = {
  SB_MAGIC: {
    ...COMMON,
    ...REBUILT,
    repair: 'yes',
    summary: 'superblock magic is missing, but there is a log',
    advice: 'Other commands find no famfs there.',
    message: ({ found }) => `magic is ${hex(found)}, must be ${hex(SUPERBLOCK_MAGIC)}`,
  },
  SB_VERSION: {
    ...COMMON,
    ...REBUILT,
    repair: 'partly',
    summary: 'superblock has another version',
    advice: 'Use the tools of that version.',
    message: ({ found }) => `version is ${decimal(found)}, must be ${SUPERBLOCK_VERSION}`,
  },
  SB_CRC: {
    ...COMMON,
    ...REBUILT,
    repair: 'yes',
    summary: 'superblock CRC is wrong',
    advice: 'Commands that change the file system refuse to run.',
    message: ({ found, computed }) => `CRC is ${hex(found)}, computed ${hex(computed)}`,
  },
  SB_ALLOC_UNIT: {
    ...COMMON,
    ...REBUILT,
    repair: 'yes',
    summary: 'readers do not accept the allocation unit',
    advice: DAMAGED,
    message: ({ found }) => `allocation unit is ${decimal(found)}, must be ${ALLOCATION_UNITS.join(' or ')}`,
  },
  SB_FORMAT: {
    ...COMMON,
    ...REBUILT,
    repair: 'partly',
    summary: 'on-media format is not 2.0, 2.1 or 2.2',
    advice: 'A newer tool may have made it; use that one.',
    message: ({ major, minor }) =>
      `format is ${major}.${minor}, must be ${FORMAT_MAJOR}.0 to ${FORMAT_MAJOR}.${FORMAT_MINOR}`,
  },
  SB_LOG_OFFSET: {
    ...COMMON,
    ...REBUILT,
    repair: 'partly',
    summary: 'log offset is not the one of a primary',
    advice: DAMAGED,
    message: ({ found, allowed }) => `log offset is ${hex(found)}, must be ${hex(allowed)}`,
  },
  SB_LOG_LENGTH: {
    ...COMMON,
    ...REBUILT,
    repair: 'partly',
    summary: 'log length is not a power of two of at least 8 MiB that fits the device',
    advice: DAMAGED,
    message: ({ found, role }) => {
      const allowed =
        role === 'secondary'
          ? '0 on a secondary'
          : `a power of two of at least ${hex(MIN_LOG_LENGTH)} that ends within the device`;
      return `log length is ${hex(found)}, must be ${allowed}`;
    },
  },
  SB_UUID: {
    ...COMMON,
    ...REBUILT,
    repair: 'partly',
    summary: 'a uuid of the superblock is all zeros',
    advice: DAMAGED,
    message: ({ field }) => `${field} is all zeros`,
  },
  SB_FLAGS: {
    ...COMMON,
    repair: 'preen',
    repairs: ['FLAGS'],
    summary: 'superblock flags are unknown or contradict its role',
    advice: 'No CRC covers the flags; they were changed or damaged.',
    message: ({ found, role }) =>
      `flags are ${hex(found)}, must be ${role === 'secondary' ? '2 on a secondary' : '0 or 1 on a primary'}`,
    how: 'Set to what the log implies: 0, or 1 in a pool.',
  },
  SB_RESERVED: {
    ...COMMON,
    usable: true,
    repair: 'yes',
    repairs: ['RESERVED'],
    summary: 'reserved bytes of the superblock are not 0',
    advice: 'No CRC covers them; they were changed or damaged.',
    message: ({ field, found }) =>
      field === 'padding'
        ? `padding is ${hex(Number(found))}, must be 0`
        : `second device uuid is ${found}, must be all zeros or the device uuid`,
    how: 'Cleared.',
  },
  SB_DEVICE_SIZE: {
    ...COMMON,
    repair: 'preen',
    repairs: ['DEVICE_SIZE'],
    summary: 'device size in the superblock differs from the size of the device',
    advice: 'Nothing is allocated until the two agree.',
    message: ({ found, actual }) =>
      `device size is ${decimal(found)}, must be ${actual === null ? '1 to 2^53-1' : `${actual}, the size of the device`}`,
    how: 'Set to the size of the device; only with -y or if confirmed when files lie beyond its end.',
  },
  SB_NAME: {
    ...COMMON,
    usable: true,
    repair: 'preen',
    repairs: ['NAME'],
    summary: 'device name is not terminated, or is followed by other bytes',
    advice: 'The name is only a hint; it was changed or damaged.',
    message: ({ fault }) =>
      `device name ${fault === 'unterminated' ? 'is not terminated' : 'has bytes after its end'}, must be a NUL-padded path`,
    how: 'Rewritten: the path that was checked.',
  },
} as const satisfies RowsOf<keyof SuperblockValues>;

import type { FindingCode, MemberFault } from '../../finding/values.js';
import { notRepaired, type RowsOf } from './row.js';
import { superblockRows } from './superblock.js';

const COMMON = { stage: 'pool', severity: 'error', usable: false } as const;
const NOT_ADDED = 'The entry is skipped, so files on that daxdev cannot be read.';
/** Records that famfs does without. */
const CLEARED = {
  repair: 'partly',
  repairs: ['RECORD'],
  how: 'Cleared. One that is whole, but of another version, stays.',
} as const;

export const poolRows = {
  DAXDEV_ORDER: {
    ...COMMON,
    ...notRepaired('entry'),
    summary: 'daxdev indices have a gap or a repetition',
    advice: NOT_ADDED,
    message: ({ found, expected }) => `daxdev has index ${found}, the next one must have ${expected}`,
  },
  DAXDEV_DUPLICATE: {
    ...COMMON,
    ...notRepaired('entry'),
    summary: 'daxdev is already in the pool',
    advice: NOT_ADDED,
    message: ({ uuid, daxdev }) => `daxdev is already in the pool: uuid ${uuid} is daxdev ${daxdev}`,
  },
  DAXDEV_FORMAT: {
    ...COMMON,
    ...notRepaired('entry'),
    severity: 'warning',
    usable: true,
    summary: 'a daxdev was added although the on-media format is older than 2.2',
    advice: 'Tools for that format do not know such entries; make a new file system and copy the files there.',
    message: ({ major, minor }, { slot }) => `format ${major}.${minor} has no ADD_DAXDEV, but log entry ${slot} is one`,
  },
  MEMBER_MISSING: {
    ...COMMON,
    repair: 'partly',
    repairs: ['MEMBER'],
    summary: 'a daxdev of the pool is missing',
    advice: 'Attach it or name it with --dev; until then, files on it cannot be read and no file is placed on it.',
    message: ({ uuid }, { daxdev }) => `daxdev ${daxdev} (uuid ${uuid}) is not on this host`,
    how: 'With -y or if confirmed, a named device that has lost its superblock gets it back if it can only be this daxdev: its uuids show it, or no other daxdev of its size is missing.',
  },
  MEMBER_SIZE: {
    ...COMMON,
    ...notRepaired('pool'),
    summary: 'size of a daxdev differs from the log',
    advice: 'Restore its size; until then no file is placed on it, and if it is too small, files on it cannot be read.',
    message: ({ uuid, found, logged }, { daxdev }) =>
      `daxdev ${daxdev} (uuid ${uuid}) has ${found} bytes, but ${logged} in the log`,
  },
  MEMBER_SUPERBLOCK: {
    ...COMMON,
    repair: 'partly',
    repairs: ['MEMBER', 'FLAGS', 'NAME', 'RESERVED', 'DEVICE_SIZE'],
    summary: 'superblock of a secondary is damaged or contradicts the primary',
    advice: 'It was changed or damaged; the log knows the daxdev by its uuid.',
    message: ({ uuid, path, fault }, { daxdev }) =>
      `daxdev ${daxdev} (uuid ${uuid}, ${path}): ${memberFaultText(fault)}`,
    how: 'Rebuilt from the log and the primary; only with -y or if confirmed when its CRC is right, and for reserved bytes. Left alone if it has another version or format, or if the size of the daxdev is wrong.',
  },
  MEMBER_FOREIGN: {
    ...COMMON,
    repair: 'partly',
    repairs: ['MEMBER'],
    summary: 'a daxdev belongs to another file system, or to none',
    advice:
      'Name only daxdevs of this pool. If it was one of them, another mkfs has overwritten it and its files are lost.',
    message: (values, { daxdev }) => {
      if ('uuid' in values)
        return `daxdev ${daxdev} (uuid ${values.uuid}) is ${values.path}, whose superblock names another file system`;
      const what = values.fsUuid === null ? 'holds no famfs' : `belongs to the file system ${values.fsUuid}`;
      return `${values.path} was named, but ${what}`;
    },
    how: 'With -y or if confirmed, if its device uuid is right and its CRC is not, or if it holds no famfs and can only be a missing daxdev.',
  },
  MEMBER_TWIN: {
    ...COMMON,
    ...notRepaired('pool'),
    summary: 'several daxdevs claim to be the same one of the pool',
    advice: 'Name the right one with --dev, or detach the copy.',
    message: ({ uuid, paths, kind }, { daxdev }) => {
      const list = paths.join(', ');
      if (kind === 'secondary') return `${list} is a secondary with the uuid of the primary`;
      if (kind === 'ambiguous') return `daxdev ${daxdev} (uuid ${uuid}) could be each of ${list}`;
      return `${list} has the same superblock and a sound log, so this device seems to have a copy of its superblock`;
    },
  },
  MEMBER_ORPHAN: {
    ...COMMON,
    severity: 'warning',
    usable: true,
    repair: 'yes',
    repairs: ['ORPHAN', 'MEMBER'],
    summary: 'a secondary names this pool, but is not in its log',
    advice:
      'An interrupted mkfs or daxdev add leaves this; fsck -y or famfs daxdev add adopts it. An interrupted daxdev remove or replace does ' +
      'too; the same command again completes that.',
    message: ({ path, uuid, left }) =>
      left
        ? `${path} (uuid ${uuid}) has left this pool, but its superblock still names it`
        : `${path} (uuid ${uuid}) names this pool, but is not in its log`,
    how:
      'Its entry is appended to the log if nothing else is wrong; no byte of the daxdev changes. One that has left is not taken in again: ' +
      'famfs daxdev remove clears its superblock.',
  },
  POOL_DEFAULTS: {
    ...COMMON,
    ...CLEARED,
    severity: 'warning',
    usable: true,
    summary: 'default interleave of the pool is damaged',
    advice: 'It is not used; give --stripes and --chunk, or set them in the configuration.',
    message: ({ field, found, allowed }) => `${field} is ${found}, must be ${allowed}`,
  },
  LOG_HISTORY: {
    ...COMMON,
    ...CLEARED,
    severity: 'warning',
    usable: true,
    summary: 'record of the history of the log is damaged',
    advice: 'Nothing is lost: it only tells readers that the log was rewritten, and the next rewrite makes a new one.',
    message: ({ field, found, allowed }) => `${field} is ${found}, must be ${allowed}`,
  },
  POOL_LABEL: {
    ...COMMON,
    ...CLEARED,
    severity: 'warning',
    usable: true,
    summary: 'label of the file system is damaged',
    advice: 'It is not used; name the file system by its uuid or by the path of a daxdev.',
    message: ({ field, found, allowed }) => `${field} is ${found}, must be ${allowed}`,
  },
} as const satisfies RowsOf<
  Extract<
    FindingCode,
    | `MEMBER_${string}`
    | 'DAXDEV_ORDER'
    | 'DAXDEV_DUPLICATE'
    | 'DAXDEV_FORMAT'
    | 'POOL_DEFAULTS'
    | 'POOL_LABEL'
    | 'LOG_HISTORY'
  >
>;

function memberFaultText({ code, values }: MemberFault): string {
  if (code === 'OTHER_MASTER') return `system uuid is ${values.found}, must be ${values.primary}, that of the primary`;
  if (code === 'OTHER_UNIT')
    return `allocation unit is ${values.found}, must be ${values.primary}, that of the primary`;
  // code and values belong together, but the compiler cannot see that once they are separated
  return (superblockRows[code].message as (values: unknown, place: object) => string)(values, {});
}

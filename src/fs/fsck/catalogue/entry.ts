import { FAULT_CODES, type FaultCode } from '../../../format/fault.js';
import type { FindingPlace } from '../../finding/finding.js';
import type { FieldValues } from '../../finding/values.js';
import { type FindingRow, notRepaired, type RowsOf } from './row.js';

const RESERVED =
  'The entry is skipped, and any space that can be read from it stays reserved; copy the data elsewhere.';
const UNRESERVED = 'The entry is skipped; its space is unknown, so new files may be placed there.';
const NOT_ADDED = 'The entry is skipped, so files on that daxdev cannot be read.';
const ODD = 'The entry is used, but no known tool writes such entries: find out what wrote to the device.';

type EntryRow<C extends FaultCode> = Omit<FindingRow<C>, 'repairs'> & { readonly repairs: readonly [] };

function row<C extends FaultCode>(code: C, summary: string, advice?: string): EntryRow<C> {
  const { usable } = FAULT_CODES[code];
  return {
    stage: 'entry',
    severity: 'error',
    usable,
    summary,
    advice: advice ?? (usable ? ODD : RESERVED),
    message,
    ...notRepaired('entry'),
  };
}

/** A run of slots is represented by its first one. */
function message({ field, found, allowed }: FieldValues, { lastSlot }: FindingPlace): string {
  return `${field} is ${found}, must be ${allowed}${lastSlot === undefined ? '' : ', in the first of these slots'}`;
}

export const entryRows = {
  ENTRY_BLANK: {
    ...row('ENTRY_BLANK', 'log entry is all zeros, although the header counts it'),
    advice:
      'The slot is skipped. If it held a file, its space is unknown, so new files may be placed there; repair the log before you make files.',
    message: (_, { lastSlot }) =>
      lastSlot === undefined ? 'the slot is all zeros' : 'these slots are all zeros, although the header counts them',
    repair: 'partly',
    repairs: ['LOG_COUNT'],
    how: 'At the very end of the log, one such slot is dropped from the count, several only with -y or if confirmed. Anywhere else, it is left alone.',
  },
  ENTRY_CRC: {
    ...row('ENTRY_CRC', 'entry CRC is wrong'),
    repair: 'partly',
    repairs: ['ENTRY_BITS', 'LOG_COUNT'],
    how: 'If flipping one bit makes the entry whole, that bit is flipped back with -y or if confirmed. At the very end of the log, a torn entry is dropped from the count, and an entry that was damaged later only with -y or if confirmed. Any other entry stays quarantined: it keeps its slot and any space that can be read from it.',
  },
  ENTRY_SEQUENCE: {
    ...row('ENTRY_SEQUENCE', 'sequence number is not the number of the slot'),
    repair: 'partly',
    repairs: ['LOG_COUNT'],
    how: 'At the very end of the log, a torn entry is dropped from the count; any other stays quarantined.',
  },
  ENTRY_TYPE: row('ENTRY_TYPE', 'entry type is unknown', UNRESERVED),
  ENTRY_RESERVED: row('ENTRY_RESERVED', 'reserved bytes of an entry are not 0'),
  PATH_INVALID: row('PATH_INVALID', 'path is not valid in a log entry'),
  PATH_CONTROL: row('PATH_CONTROL', 'path has control characters'),
  PATH_BYTES: {
    ...row(
      'PATH_BYTES',
      'path is not UTF-8',
      'The entry and its file are used. The logplay of the reference tools stops at such a name, so their mounts show nothing that was made later.',
    ),
    severity: 'warning',
  },
  MODE_RANGE: row('MODE_RANGE', 'mode has bits that are not permission bits'),
  OWNER_RANGE: row('OWNER_RANGE', 'uid or gid is 4294967295, which no owner can have'),
  FILE_SIZE: row('FILE_SIZE', 'file size is 0 or above 2^53-1'),
  FILE_FLAGS: row('FILE_FLAGS', 'file flags are neither read-only nor read-write'),
  EXTENT_TYPE: row('EXTENT_TYPE', 'extent type is neither simple nor interleaved', UNRESERVED),
  EXTENT_COUNT: row('EXTENT_COUNT', 'number of extents is out of range'),
  EXTENT_OFFSET: row('EXTENT_OFFSET', 'extent offset is 0 or not aligned to the allocation unit'),
  EXTENT_LENGTH: row('EXTENT_LENGTH', 'extent length is 0 or not a multiple of the allocation unit'),
  STRIP_COUNT: row('STRIP_COUNT', 'number of strips is out of range'),
  CHUNK_SIZE: row('CHUNK_SIZE', 'chunk size is not a power of two or not a multiple of the allocation unit'),
  CHUNK_EXCESS: row('CHUNK_EXCESS', 'interleaved file is smaller than one chunk, and should be a simple file'),
  STRIP_LENGTH: row('STRIP_LENGTH', 'strip length does not match size, chunk size and number of strips'),
  COVERAGE_SHORT: row('COVERAGE_SHORT', 'extents are shorter than the file'),
  COVERAGE_EXCESS: row('COVERAGE_EXCESS', 'extents have allocation units that the file does not need'),
  DAXDEV_SIZE: row('DAXDEV_SIZE', 'added daxdev is too small for a superblock, or larger than 2^53-1', NOT_ADDED),
  DAXDEV_UUID: row('DAXDEV_UUID', 'uuid of an added daxdev is all zeros', NOT_ADDED),
  DAXDEV_INDEX: row('DAXDEV_INDEX', 'index of an added daxdev is out of range', NOT_ADDED),
} as const satisfies RowsOf<FaultCode>;

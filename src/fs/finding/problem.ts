/**
 * The catalogue of all that can be wrong with a famfs: one row a code. Codes are stable and never reused. Replay, the
 * allocator and fsck judge by this one table.
 */
import { FAULT_CODES, type FaultCode } from '../../format/fault.js';

export type Severity = 'error' | 'warning';

/** preen: fsck -p repairs it; yes: only with -y or a yes; partly: some cases of it, which `how` names; no: never. */
export type RepairKind = 'preen' | 'yes' | 'partly' | 'no';

export interface ProblemRow {
  /** part of the file system that the check looks at */
  readonly stage: 'superblock' | 'log' | 'entry' | 'namespace' | 'space' | 'pool' | 'kernel';
  /** an error makes fsck exit 4; a warning does not */
  readonly severity: Severity;
  /** for a problem of an entry: whether the entry is replayed all the same */
  readonly usable: boolean;
  /** what it means, half a sentence */
  readonly summary: string;
  /** what to do, a sentence */
  readonly advice: string;
  readonly repair: RepairKind;
  /** what a repair does, or why there is none; a sentence */
  readonly how: string;
}

const REPLACE = 'The entry is skipped and its space stays reserved; copy what can be read elsewhere.';
const ODD = 'The entry is used as it is; no known writer makes it, so ask what wrote to the device.';
const REMADE =
  'Restored where its crc then is right; else made anew from a sound log header and what else has its uuids, with --master-here where nothing says who the Master is. A superblock of another version is left alone, and a whole one of another format.';
const FROM_SUPERBLOCK = 'Written anew from a sound superblock and the complete entries.';
const FROM_ENTRIES = 'Set to the slot behind the last complete entry.';
/** Why a stage's problems are not repaired, where nothing else is said. */
const HOW_NOT: Readonly<Record<ProblemRow['stage'], string>> = {
  superblock: 'Nothing says for certain what should be there.',
  log: 'Nothing says for certain what should be there.',
  entry: 'Entries are never changed: it keeps its slot and, as far as it can be read, its space.',
  namespace: 'Entries are never removed: both keep their slots and their space.',
  space: 'Which entry is right cannot be told: both keep their slots and their space.',
  pool: 'The log is the truth, and is not changed for what a daxdev is on one host.',
  kernel: 'The file is sound; make another one that the kernel takes.',
};
const REMAKE_HEADER = 'Nothing is appended to this log until its header is put right.';

function row(
  stage: ProblemRow['stage'],
  usable: boolean,
  summary: string,
  advice: string,
  severity: Severity = 'error',
): ProblemRow {
  return { stage, severity, usable, summary, advice, repair: 'no', how: HOW_NOT[stage] };
}

/** A row of another stage whose problem is that of one entry alone. */
function ofEntry(row: ProblemRow): ProblemRow {
  return { ...row, how: HOW_NOT.entry };
}

function repaired(unrepaired: ProblemRow, repair: RepairKind, how: string): ProblemRow {
  return { ...unrepaired, repair, how };
}

function entryRow(code: FaultCode, summary: string, advice?: string): ProblemRow {
  const { usable } = FAULT_CODES[code];
  return row('entry', usable, summary, advice ?? (usable ? ODD : REPLACE));
}

export const PROBLEMS = {
  SB_MAGIC: repaired(
    row('superblock', false, 'superblock magic is gone, though a log is there', 'Other commands find no famfs there.'),
    'yes',
    REMADE,
  ),
  SB_VERSION: repaired(
    row('superblock', false, 'superblock of another version', 'Use the tools of that version.'),
    'partly',
    REMADE,
  ),
  SB_CRC: repaired(
    row('superblock', false, 'superblock crc is wrong', 'Commands that change the file system refuse it.'),
    'yes',
    REMADE,
  ),
  SB_ALLOC_UNIT: repaired(
    row('superblock', false, 'allocation unit is none that readers accept', 'The superblock is damaged.'),
    'yes',
    REMADE,
  ),
  SB_FORMAT: repaired(
    row('superblock', false, 'on-media format is none of 2.0 to 2.2', 'A newer tool may have made it; use that one.'),
    'partly',
    REMADE,
  ),
  SB_LOG_OFFSET: repaired(
    row('superblock', false, 'log offset is not where a primary has its log', 'The superblock is damaged.'),
    'partly',
    REMADE,
  ),
  SB_LOG_LENGTH: repaired(
    row(
      'superblock',
      false,
      'log length is no power of two from 8 MiB that fits the device',
      'The superblock is damaged.',
    ),
    'partly',
    REMADE,
  ),
  SB_UUID: repaired(
    row('superblock', false, 'a uuid of the superblock is all zeros', 'The superblock is damaged.'),
    'partly',
    REMADE,
  ),
  SB_FLAGS: repaired(
    row(
      'superblock',
      false,
      'superblock flags are unknown or contradict its role',
      'The flags have no crc: they were changed or damaged.',
    ),
    'preen',
    'Set to what the log says: 0, or 1 in a pool.',
  ),
  SB_RESERVED: repaired(
    row(
      'superblock',
      true,
      'reserved bytes of the superblock are not 0',
      'They have no crc: they were changed or damaged.',
    ),
    'yes',
    'Cleared.',
  ),
  SB_DEVICE_SIZE: repaired(
    row(
      'superblock',
      false,
      'device size in the superblock is not the size of the device',
      'Nothing is allocated until both agree.',
    ),
    'preen',
    'Set to the size of the device; with a yes only, where files lie beyond its end.',
  ),
  SB_NAME: repaired(
    row(
      'superblock',
      true,
      'device name has no end or bytes behind its end',
      'It is a hint only; it was changed or damaged.',
    ),
    'preen',
    'Written anew: the path that was checked.',
  ),

  LOG_MAGIC: repaired(row('log', false, 'log header magic is wrong', REMAKE_HEADER), 'preen', FROM_SUPERBLOCK),
  LOG_CRC: repaired(row('log', false, 'log header crc is wrong', REMAKE_HEADER), 'preen', FROM_SUPERBLOCK),
  LOG_LENGTH: repaired(
    row('log', false, 'log length in the log header and in the superblock differ', REMAKE_HEADER),
    'partly',
    'Written anew from a sound superblock, unless the header is sound too: which one is right cannot be told.',
  ),
  LOG_LAST_INDEX: repaired(
    row('log', false, 'last index does not follow from the log length', REMAKE_HEADER),
    'preen',
    FROM_SUPERBLOCK,
  ),
  LOG_NEXT_RANGE: repaired(
    row('log', false, 'next index lies beyond the slot after the last', REMAKE_HEADER),
    'preen',
    FROM_ENTRIES,
  ),
  LOG_NEXT_MISMATCH: repaired(
    row(
      'log',
      false,
      'next sequence number and next index differ',
      'The next append puts a crash between the two right; anything else is damage.',
    ),
    'preen',
    FROM_ENTRIES,
  ),
  LOG_ENTRY_BEYOND: repaired(
    row(
      'log',
      false,
      'complete entries lie at and beyond the next index',
      'An append was cut off, or the header lost count; nothing is appended over them.',
    ),
    'preen',
    'Counted in; with a yes only, where slots without a usable entry lie among them.',
  ),

  ENTRY_CRC: repaired(
    entryRow('ENTRY_CRC', 'entry crc is wrong'),
    'partly',
    'One flipped bit is flipped back with a yes. At the very end of the log a torn entry is counted out, one that was damaged later only with a yes. Any other stays quarantined: it keeps its slot and, as far as it can be read, its space.',
  ),
  ENTRY_SEQUENCE: repaired(
    entryRow('ENTRY_SEQUENCE', 'sequence number is not the number of the slot'),
    'partly',
    'Counted out at the very end of the log where the entry is torn; else it stays quarantined.',
  ),
  ENTRY_TYPE: entryRow('ENTRY_TYPE', 'entry type is none that is written'),
  ENTRY_RESERVED: entryRow('ENTRY_RESERVED', 'bytes that mean nothing are not 0'),
  PATH_INVALID: entryRow('PATH_INVALID', 'path is none that a file system can have'),
  PATH_CONTROL: entryRow('PATH_CONTROL', 'path holds control characters'),
  MODE_RANGE: entryRow('MODE_RANGE', 'mode has bits that are no permissions'),
  OWNER_RANGE: entryRow('OWNER_RANGE', 'uid or gid is the number that means nobody'),
  FILE_SIZE: entryRow('FILE_SIZE', 'file size is 0 or above 2^53-1'),
  FILE_FLAGS: entryRow('FILE_FLAGS', 'file flags are neither read-only nor read-write'),
  EXTENT_TYPE: entryRow('EXTENT_TYPE', 'extent type is neither simple nor interleaved'),
  EXTENT_COUNT: entryRow('EXTENT_COUNT', 'number of extents is out of range'),
  EXTENT_OFFSET: entryRow('EXTENT_OFFSET', 'extent offset is 0 or not aligned to the allocation unit'),
  EXTENT_LENGTH: entryRow('EXTENT_LENGTH', 'extent length is 0 or no multiple of the allocation unit'),
  STRIP_COUNT: entryRow('STRIP_COUNT', 'number of strips is out of range'),
  CHUNK_SIZE: entryRow('CHUNK_SIZE', 'chunk size is no power of two or no multiple of the allocation unit'),
  CHUNK_EXCESS: entryRow('CHUNK_EXCESS', 'interleaved file is smaller than one chunk, which would be a simple file'),
  STRIP_LENGTH: entryRow('STRIP_LENGTH', 'strip length does not follow from size, chunk and number of strips'),
  COVERAGE_SHORT: entryRow('COVERAGE_SHORT', 'extents hold fewer bytes than the file has'),
  COVERAGE_EXCESS: entryRow('COVERAGE_EXCESS', 'extents hold allocation units that the file does not need'),
  DAXDEV_SIZE: entryRow('DAXDEV_SIZE', 'size of an added daxdev holds no superblock, or is above 2^53-1'),
  DAXDEV_UUID: entryRow('DAXDEV_UUID', 'uuid of an added daxdev is all zeros'),
  DAXDEV_INDEX: entryRow('DAXDEV_INDEX', 'index of an added daxdev is out of range'),

  PATH_DUPLICATE: row(
    'namespace',
    false,
    'path exists already',
    'The first entry stays; the later one is skipped and its space stays reserved.',
  ),
  PARENT_MISSING: ofEntry(row('namespace', false, 'parent directory does not exist', REPLACE)),
  PARENT_NOT_DIRECTORY: ofEntry(row('namespace', false, 'parent is a file', REPLACE)),

  EXTENT_DEVICE: ofEntry(
    row('space', false, 'extent names a daxdev that the pool does not have at this point', REPLACE),
  ),
  EXTENT_BOUNDS: ofEntry(row('space', false, 'extent ends beyond its daxdev', REPLACE)),
  EXTENT_METADATA: ofEntry(row('space', false, 'extent lies on the superblock or the log', REPLACE)),
  EXTENT_OVERLAP: row(
    'space',
    true,
    'two extents share space',
    'Both files show the same bytes there; copy them elsewhere and compare with what they should be.',
  ),

  DAXDEV_ORDER: ofEntry(row('pool', false, 'daxdev indices are not dense', REPLACE)),
  DAXDEV_DUPLICATE: ofEntry(row('pool', false, 'daxdev is in the pool already', REPLACE)),
  DAXDEV_FORMAT: ofEntry(
    row(
      'pool',
      true,
      'a daxdev was added, and the on-media format is older than 2.2',
      'Tools of that format do not know such entries; make a new file system and copy the files there.',
      'warning',
    ),
  ),
  MEMBER_MISSING: repaired(
    row(
      'pool',
      false,
      'a daxdev of the pool is not here',
      'Attach it or name it with --dev; until then, files on it cannot be reached and no file is placed there.',
    ),
    'partly',
    'With a yes, a device that was named and has lost its superblock gets it back, if it can only be this one: its uuids say so, or no other of its size is missing.',
  ),
  MEMBER_SIZE: row(
    'pool',
    false,
    'a daxdev has another size than the log says',
    'Give it its size back; until then nothing is placed there, and if it is too small its files cannot be reached.',
  ),
  MEMBER_SUPERBLOCK: repaired(
    row(
      'pool',
      false,
      'the superblock of a secondary is damaged or contradicts the primary',
      'It was changed or damaged; the log knows the daxdev by its uuid.',
    ),
    'partly',
    'Written anew from the log and the primary; with a yes only where its crc is right, as for reserved bytes. Of another version or format, or of a daxdev of another size, it is left alone.',
  ),
  MEMBER_FOREIGN: repaired(
    row(
      'pool',
      false,
      'a daxdev belongs to another file system, or to none',
      'Name only daxdevs of this pool; if it was one, another mkfs has taken it, and its files are lost.',
    ),
    'partly',
    'With a yes, where its device uuid is right and its crc is not, or it holds no famfs and can only be a daxdev that is missing.',
  ),
  MEMBER_TWIN: row(
    'pool',
    false,
    'several daxdevs here claim to be the same one of the pool',
    'Name the right one with --dev, or take the copy away.',
  ),
  MEMBER_ORPHAN: repaired(
    row(
      'pool',
      true,
      'a secondary says that it is of this pool, and the log does not know it',
      'An interrupted mkfs or daxdev add leaves this; fsck -y or famfs daxdev add takes it in.',
      'warning',
    ),
    'yes',
    'Its entry is appended to the log, where nothing else is wrong; no byte of the daxdev changes.',
  ),
  POOL_DEFAULTS: row(
    'pool',
    true,
    'the default interleave of the pool is damaged',
    'It is not used; give --stripes and --chunk, or configure them.',
    'warning',
  ),

  KERNEL_V2: row(
    'kernel',
    true,
    'kernels that ask for maps (GET_FMAP) reject the map of a file',
    'Reported with --kernel; other tools can use the file.',
    'warning',
  ),
  KERNEL_D: row(
    'kernel',
    true,
    'kernels that are sent maps (extent maps) reject the map of a file',
    'Reported with --kernel; other tools can use the file.',
    'warning',
  ),
} as const satisfies Record<string, ProblemRow>;

export type ProblemCode = keyof typeof PROBLEMS;

/** Where a problem is; what does not apply is left out. Offsets and lengths in bytes. */
export interface ProblemPlace {
  readonly slot?: number;
  readonly path?: string;
  /** index of the daxdev in the pool */
  readonly daxdev?: number;
  readonly deviceOffset?: number;
  readonly length?: number;
}

export interface Problem {
  readonly code: ProblemCode;
  readonly place: ProblemPlace;
  /** what was found and what is allowed, one sentence without a final stop */
  readonly message: string;
}

/** Collects problems: all are counted, the first few of each code are kept, so that hostile media cannot fill memory. */
export class ProblemTally {
  readonly counts = new Map<ProblemCode, number>();
  readonly #kept: Problem[] = [];

  /** @param keep how many problems of each code are kept, 0 or more */
  constructor(readonly keep: number) {}

  add(code: ProblemCode, place: ProblemPlace, message: string): void {
    const count = (this.counts.get(code) ?? 0) + 1;
    this.counts.set(code, count);
    if (count <= this.keep) this.#kept.push({ code, place, message });
  }

  /** the problems that were kept, in the order found */
  get kept(): readonly Problem[] {
    return this.#kept;
  }

  /** number of problems of this severity, kept or not */
  count(severity: Severity): number {
    let sum = 0;
    for (const [code, count] of this.counts) if (PROBLEMS[code].severity === severity) sum += count;
    return sum;
  }

  /** Whether a further problem of this code would only be counted. */
  isFull(code: ProblemCode): boolean {
    return (this.counts.get(code) ?? 0) >= this.keep;
  }

  has(code: ProblemCode): boolean {
    return this.counts.has(code);
  }
}

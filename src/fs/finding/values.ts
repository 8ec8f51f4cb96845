/**
 * Every finding that a check can report, with its values. The code that finds something deals in codes and values only; the
 * catalogue (src/fs/fsck/catalogue) has the words and the repairs. Codes are stable and never reused.
 */
import type { FaultCode } from '../../format/fault.js';
import type { KernelFormName } from '../../format/kernel/forms.js';
import type { KernelFinding } from '../../format/kernel/rule.js';

/** A field of a record, as found and as expected; both as text, since a value may exceed 2^53-1. */
export interface FieldValues {
  /** struct.field, or another name for it */
  readonly field: string;
  readonly found: string;
  readonly allowed: string;
}

export type DaxdevRole = 'primary' | 'secondary';

/** Numbers read from the media are Infinity above 2^53-1. */
export interface SuperblockValues {
  SB_MAGIC: { readonly found: number };
  SB_VERSION: { readonly found: number };
  SB_CRC: { readonly found: number; readonly computed: number };
  SB_ALLOC_UNIT: { readonly found: number };
  SB_FORMAT: { readonly major: number; readonly minor: number };
  SB_LOG_OFFSET: { readonly found: number; readonly allowed: number };
  SB_LOG_LENGTH: { readonly found: number; readonly role: DaxdevRole };
  SB_UUID: { readonly field: 'fsUuid' | 'deviceUuid' | 'systemUuid' };
  SB_FLAGS: { readonly found: number; readonly role: DaxdevRole };
  SB_RESERVED: { readonly field: 'padding' | 'deviceUuidCopy'; readonly found: number | string };
  /** `actual`: bytes of the device; null if unknown */
  SB_DEVICE_SIZE: { readonly found: number; readonly actual: number | null };
  SB_NAME: { readonly fault: 'unterminated' | 'trailing bytes' };
}

interface LogValues {
  LOG_MAGIC: { readonly found: number };
  LOG_CRC: { readonly found: number; readonly computed: number };
  /** bytes, in the header and in the superblock */
  LOG_LENGTH: { readonly found: number; readonly superblock: number };
  LOG_LAST_INDEX: { readonly found: number; readonly allowed: number };
  LOG_NEXT_RANGE: { readonly found: number; readonly most: number };
  LOG_NEXT_MISMATCH: { readonly nextSequence: number; readonly nextIndex: number };
  /**
   * whole: only the magic is missing. journal: the new log, with `entries` entries, is in the journal. in file: the journal is
   * in a file of the Master, which was not named. lost: `why` is the end of a sentence about the journal.
   */
  LOG_REWRITING:
    | { readonly state: 'whole' | 'in file' }
    | { readonly state: 'journal'; readonly entries: number }
    | { readonly state: 'lost'; readonly why: string };
  /** slots [from, end); `complete` of them hold a complete entry, counted up to the first that does not */
  LOG_ENTRY_BEYOND: { readonly from: number; readonly end: number; readonly complete: number };
}

/** An invalid value in a record. */
type EntryValues = { readonly [C in FaultCode]: FieldValues };

interface NamespaceValues {
  PATH_DUPLICATE: { readonly firstSlot: number };
  PARENT_MISSING: { readonly parent: string };
  PARENT_NOT_DIRECTORY: { readonly parent: string };
}

interface SpaceValues {
  /** `daxdevs`: how many daxdevs the pool has at this point of the log */
  EXTENT_DEVICE: { readonly daxdevs: number };
  /** bytes from the start of the daxdev */
  EXTENT_BOUNDS: { readonly end: number; readonly daxdevSize: number };
  /** `firstByte`: where the space for files begins */
  EXTENT_METADATA: { readonly firstByte: number };
  /** the extent with the lower offset; the place is that of the other */
  EXTENT_OVERLAP: { readonly otherSlot: number; readonly otherPath: string };
}

interface PoolValues {
  DAXDEV_ORDER: { readonly found: number; readonly expected: number };
  DAXDEV_DUPLICATE: { readonly uuid: string; readonly daxdev: number };
  DAXDEV_FORMAT: { readonly major: number; readonly minor: number };
  MEMBER_MISSING: { readonly uuid: string };
  /** bytes */
  MEMBER_SIZE: { readonly uuid: string; readonly found: number; readonly logged: number };
  MEMBER_SUPERBLOCK: { readonly uuid: string; readonly path: string; readonly fault: MemberFault };
  /** a daxdev with the uuid of a member, or one that was named; `fsUuid` is null if it has no famfs */
  MEMBER_FOREIGN:
    | { readonly path: string; readonly uuid: string }
    | { readonly path: string; readonly fsUuid: string | null };
  /**
   * ambiguous: all of `paths` claim to be this daxdev. secondary: a secondary has the uuid of the primary. primary: another
   * device has the superblock of the primary and a log, and this one has no log.
   */
  MEMBER_TWIN: {
    readonly uuid: string;
    readonly paths: readonly string[];
    readonly kind: 'ambiguous' | 'secondary' | 'primary';
  };
  MEMBER_ORPHAN: {
    readonly path: string;
    readonly uuid: string;
    /** it was taken out of the pool, and only its superblock is left */
    readonly left: boolean;
  };
  POOL_DEFAULTS: FieldValues;
  LOG_HISTORY: FieldValues;
  POOL_LABEL: FieldValues;
}

/** Faults in the superblock of a secondary: of its own, or against that of the primary. */
export type MemberFault =
  | {
      readonly [C in keyof SuperblockValues]: { readonly code: C; readonly values: SuperblockValues[C] };
    }[keyof SuperblockValues]
  | { readonly code: 'OTHER_MASTER'; readonly values: { readonly found: string; readonly primary: string } }
  /** bytes */
  | { readonly code: 'OTHER_UNIT'; readonly values: { readonly found: number; readonly primary: number } };

/** What kernels object to in the map of a file, for each form of map. */
type KernelValues = { readonly [Form in KernelFormName as `KERNEL_${Uppercase<Form>}`]: KernelFinding };

/** What the reference tools cannot do, or do otherwise. */
interface ReferenceValues {
  REFERENCE_DAXDEV: Record<never, never>;
  /** permission bits */
  REFERENCE_MODE: { readonly mode: number };
  /** bytes */
  REFERENCE_SIZE: { readonly deviceSize: number };
}

export interface FindingValues
  extends SuperblockValues,
    LogValues,
    EntryValues,
    NamespaceValues,
    SpaceValues,
    PoolValues,
    KernelValues,
    ReferenceValues {}

export type FindingCode = keyof FindingValues;

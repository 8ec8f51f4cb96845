/** Every repair of fsck, with its values: two repairs with the same id and values are the same one. */

/** The part of a superblock that is restored so that its CRC is right. */
export type RestoredPart =
  | { readonly part: 'magic' | 'version' }
  | { readonly part: 'bit'; readonly byte: number; readonly bit: number };

/** One bit of a log entry, counted from its first byte. */
export interface EntryBit {
  readonly slot: number;
  readonly byte: number;
  readonly bit: number;
}

/** A restored entry takes the path, the space or the daxdev of another entry. */
export interface EntryConflict {
  readonly slot: number;
  readonly otherSlot: number;
  /** path of the other entry; null if it makes neither a file nor a directory */
  readonly otherPath: string | null;
  readonly over: 'path' | 'space' | 'daxdev';
}

/** Change of a log's count; slots [from, end). */
export type CountChange =
  /** `counted`: number of slots that the other count gives, if larger */
  | { readonly change: 'next index'; readonly nextIndex: number; readonly counted: number | null }
  | { readonly change: 'next sequence'; readonly nextIndex: number; readonly counted: number | null }
  /** `unusable`: a slot among them that holds no usable entry */
  | {
      readonly change: 'count';
      readonly from: number;
      readonly end: number;
      readonly unusable: number | null;
      readonly conflict: EntryConflict | null;
    }
  | { readonly change: 'drop'; readonly from: number; readonly end: number };

/** Evidence, besides the log, that a device is a certain daxdev. */
export type MemberEvidence = 'uuids' | 'uuids despite crc' | 'device uuid' | 'uuids without magic' | 'only one missing';

/** Records beside the superblock of a primary. */
export type RecordName = 'default interleave' | 'record of the history' | 'label';

export interface RepairValues {
  SUPERBLOCK:
    | { readonly device: string; readonly restored: RestoredPart }
    | {
        readonly device: string;
        /** records besides the log from which it is rebuilt */
        readonly sources: readonly string[];
        /** system uuid of the Master; null if nothing names it */
        readonly master: string | null;
        /** the Master that the damaged superblock names, which is not trusted */
        readonly doubtedMaster: string | null;
      };
  /** bytes */
  DEVICE_SIZE: { readonly device: string; readonly size: number; readonly filesBeyond: boolean };
  FLAGS: { readonly device: string; readonly flags: number };
  NAME: { readonly device: string };
  RESERVED: { readonly device: string };
  RECORD: { readonly device: string; readonly record: RecordName };
  ENTRY_BITS: { readonly bits: readonly EntryBit[]; readonly conflict: EntryConflict | null };
  LOG_HEADER: {
    readonly nextIndex: number;
    /** a field of the old header is right, or there is an entry */
    readonly recognisable: boolean;
    /** number of slots that the old header appears to have counted, if larger */
    readonly counted: number | null;
    /** slots before the next index that are all zeros */
    readonly blank: number;
    readonly conflict: EntryConflict | null;
  };
  LOG_COUNT: CountChange;
  /** entries of the new log; null if the log is already complete, the old one or the new one */
  LOG_REWRITE: { readonly entries: number | null };
  MEMBER:
    | { readonly device: string; readonly restored: RestoredPart }
    | {
        readonly device: string;
        readonly daxdev: number;
        readonly uuid: string;
        readonly evidence: MemberEvidence;
      };
  ORPHAN: { readonly device: string; readonly uuid: string };
}

export type RepairId = keyof RepairValues;

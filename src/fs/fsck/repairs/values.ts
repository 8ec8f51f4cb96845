/** Every repair of fsck, with the values that it is about: two repairs with the same id and values are the same one. */

/** What is put back into a superblock so that its CRC is right. */
export type RestoredPart =
  | { readonly part: 'magic' | 'version' }
  | { readonly part: 'bit'; readonly byte: number; readonly bit: number };

/** One bit of a log entry, counted from its first byte. */
export interface EntryBit {
  readonly slot: number;
  readonly byte: number;
  readonly bit: number;
}

/** How the count of a log changes; slots [from, end). */
export type CountChange =
  | { readonly change: 'next index'; readonly nextIndex: number }
  | { readonly change: 'next sequence'; readonly nextIndex: number }
  /** `unusable`: a slot among them that holds no usable entry */
  | { readonly change: 'count'; readonly from: number; readonly end: number; readonly unusable: number | null }
  | { readonly change: 'drop'; readonly from: number; readonly end: number };

/** What says that a device is a certain daxdev, beside the log. */
export type MemberEvidence = 'uuids' | 'uuids despite crc' | 'device uuid' | 'uuids without magic' | 'only one missing';

export interface RepairValues {
  SUPERBLOCK:
    | { readonly device: string; readonly restored: RestoredPart }
    | {
        readonly device: string;
        /** records beside the log that it is rebuilt from */
        readonly sources: readonly string[];
        /** system uuid of the Master; null where nothing says who it is */
        readonly master: string | null;
        /** the Master that the damaged superblock names, which is not believed */
        readonly doubtedMaster: string | null;
      };
  /** bytes */
  DEVICE_SIZE: { readonly device: string; readonly size: number; readonly filesBeyond: boolean };
  FLAGS: { readonly device: string; readonly flags: number };
  NAME: { readonly device: string };
  RESERVED: { readonly device: string };
  ENTRY_BITS: { readonly bits: readonly EntryBit[] };
  LOG_HEADER: { readonly nextIndex: number };
  LOG_COUNT: CountChange;
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

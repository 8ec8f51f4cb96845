// Written by npm run docs from src/library.
import { Readable } from 'node:stream';

/**
 * Every code that a famfs command can report, for scripts. Codes are never renamed or reused. `npm run docs` writes
 * docs/errors.md from these tables; nothing imports their text at run time.
 */
/** Exit status of the command: `failed` 1 (fsck 8), `usage` 2 (fsck 16), `signal` 128 + the number of the signal. */
type ExitKind = 'failed' | 'usage' | 'signal';
interface ErrorRow {
    readonly meaning: string;
    readonly exit: ExitKind;
}
declare const ERRORS: {
    readonly ADDON: ErrorRow;
    readonly ALREADY_MEMBER: ErrorRow;
    readonly AMBIGUOUS: ErrorRow;
    readonly AMBIGUOUS_DAXDEV: ErrorRow;
    readonly BAD_CONFIG: ErrorRow;
    readonly BAD_HOST_PATH: ErrorRow;
    readonly BAD_LAYOUT: ErrorRow;
    readonly BAD_LOG_LENGTH: ErrorRow;
    readonly BAD_MANIFEST: ErrorRow;
    readonly BAD_MAP: ErrorRow;
    readonly BAD_PATH: ErrorRow;
    readonly BAD_RANGE: ErrorRow;
    readonly BAD_SIZE: ErrorRow;
    readonly BAD_TAG: ErrorRow;
    readonly BAD_UNIT: ErrorRow;
    readonly BUSY: ErrorRow;
    readonly CANNOT_READ: ErrorRow;
    readonly CANNOT_WRITE: ErrorRow;
    readonly CHANGED: ErrorRow;
    readonly CHANGED_SINCE: ErrorRow;
    readonly CLIENTS_UNKNOWN: ErrorRow;
    readonly CLOSED: ErrorRow;
    readonly CONFLICT: ErrorRow;
    readonly DAXMODE: ErrorRow;
    readonly DAXMODE_RAM: ErrorRow;
    readonly DEVICE_OPEN: ErrorRow;
    readonly EMPTY_FILE: ErrorRow;
    readonly ENTRY_GONE: ErrorRow;
    readonly EXISTS: ErrorRow;
    readonly FMAP_LARGE: ErrorRow;
    readonly FMAP_UNFIT: ErrorRow;
    readonly FMAP_UNREADABLE: ErrorRow;
    readonly FOREIGN: ErrorRow;
    readonly FOREIGN_DAXDEV: ErrorRow;
    readonly FS_GONE: ErrorRow;
    readonly FS_REMADE: ErrorRow;
    readonly HAS_FAMFS: ErrorRow;
    readonly INCOMPLETE: ErrorRow;
    readonly INTERNAL: ErrorRow;
    readonly INTERRUPTED: {
        readonly meaning: "the command was stopped by a signal";
        readonly exit: "signal";
    };
    readonly IN_ITSELF: ErrorRow;
    readonly IN_THE_WAY: ErrorRow;
    readonly IS_DIRECTORY: ErrorRow;
    readonly IS_PRIMARY: ErrorRow;
    readonly IS_ROOT: ErrorRow;
    readonly IS_THE_IMAGE: ErrorRow;
    readonly JOURNAL: ErrorRow;
    readonly LINK: ErrorRow;
    readonly LINK_LOOP: ErrorRow;
    readonly LIST_UNREADABLE: ErrorRow;
    readonly LOG_DAMAGED: ErrorRow;
    readonly LOG_FULL: ErrorRow;
    readonly LOG_REWRITING: ErrorRow;
    readonly LOG_REWRITTEN: ErrorRow;
    readonly MANIFEST_UNREADABLE: ErrorRow;
    readonly MAPPED: ErrorRow;
    readonly METADATA_IMAGE: ErrorRow;
    readonly MISSING_DAXDEV: ErrorRow;
    readonly MOUNTED: ErrorRow;
    readonly MOUNT_POINT: ErrorRow;
    readonly NOT_A_DIRECTORY: ErrorRow;
    readonly NOT_A_FILE: ErrorRow;
    readonly NOT_A_MEMBER: ErrorRow;
    readonly NOT_A_MOUNT: ErrorRow;
    readonly NOT_A_STREAM: ErrorRow;
    readonly NOT_MASTER: ErrorRow;
    readonly NOT_MOUNTED: ErrorRow;
    readonly NOT_UTF8: ErrorRow;
    readonly NO_DAXDEV: ErrorRow;
    readonly NO_DIRECTORY: ErrorRow;
    readonly NO_DRIVER: ErrorRow;
    readonly NO_ENTRY: ErrorRow;
    readonly NO_FAMFS: ErrorRow;
    readonly NO_OUTPUT: ErrorRow;
    readonly NO_PARENT: ErrorRow;
    readonly NO_PRIMARY: ErrorRow;
    readonly NO_SPACE: ErrorRow;
    readonly NO_SUCH_DAXDEV: ErrorRow;
    readonly NO_SUCH_ENTRY: ErrorRow;
    readonly OLD_FORMAT: ErrorRow;
    readonly ORPHAN: ErrorRow;
    readonly OTHER_HOST: ErrorRow;
    readonly OTHER_VERSION: ErrorRow;
    readonly OUTPUT: ErrorRow;
    readonly POISON: ErrorRow;
    readonly RESTORE_TARGET: ErrorRow;
    readonly SAME_DAXDEV: ErrorRow;
    readonly SHADOW_FOREIGN: ErrorRow;
    readonly SHADOW_MISSING: ErrorRow;
    readonly SHADOW_OPEN: ErrorRow;
    readonly SHADOW_UNSAFE: ErrorRow;
    readonly SHADOW_WRITE: ErrorRow;
    readonly SIGBUS: ErrorRow;
    readonly SPECIAL_FILE: ErrorRow;
    readonly STREAM_ENDED: ErrorRow;
    readonly STREAM_GOES_ON: ErrorRow;
    readonly SUPERBLOCK_DAMAGED: ErrorRow;
    readonly SYSTEM_UUID: ErrorRow;
    readonly TOO_MANY_DAXDEVS: ErrorRow;
    readonly TOO_SMALL: ErrorRow;
    readonly UNDO_FILE: ErrorRow;
    readonly UNDO_TARGET: ErrorRow;
    readonly USAGE: {
        readonly meaning: "the command line, or an argument of a function of the library, is wrong";
        readonly exit: "usage";
    };
    readonly UUID_IN_USE: ErrorRow;
    readonly WRONG_BYTE: ErrorRow;
    readonly WRONG_SHA256: ErrorRow;
    readonly WRONG_SIZE: ErrorRow;
};
/** Messages on standard error that do not stop the command. A warning may also have the code of an error. */
declare const WARNINGS: {
    readonly CONFIG_KEY: "a configuration file has a key that is neither ours nor one of the reference tools";
    readonly ENTRIES_SKIPPED: "bad log entries were skipped; run famfs fsck";
    readonly KEPT: "something exists and was accepted unchanged, although it differs from the request";
    readonly LOG_HEADER: "the log header is damaged; run famfs fsck";
    readonly LOG_LENGTH_FIT: "the log is too short for small files, or longer than the room for files needs";
    readonly MOUNT_STALE: "the mount does not show new files until its log is played";
    readonly NOT_CLEARED: "a daxdev has left the pool, but its superblock still says that it belongs to it";
    readonly OLD_CONFIG: "a configuration file has the format of older versions; famfs config migrate converts it";
    readonly OVERRIDDEN: "a setting was changed, but another place overrides it";
    readonly OWNER_LOST: "copies do not have the owners of the originals, which the system did not allow";
    readonly OWNER_UNKNOWN: "the owners of sources are unknown in this user namespace; the copies belong to the caller";
    readonly REWRITE_COMPLETED: "an interrupted rewrite of the log was completed";
    readonly SHADOW_OWNER: "the owners in the shadow tree are those of the caller, who is not root";
    readonly SHADOW_STALE: "a new file could not be played into the shadow tree of the mount";
    readonly SMALL_ALIGNMENT: "the device is aligned to less than 2 MiB";
    readonly SMALL_DEVICE: "the device is smaller than the reference tools accept";
    readonly SMALL_UNIT: "the allocation unit, or the place of a large file, is not what some kernels map";
    readonly UNKNOWN_DATA: "a dax device holds data that is not recognized and is being overwritten";
    readonly WAITING: "another process is writing; the command waits until it has ended";
};
type ErrorCode = keyof typeof ERRORS;
type WarningCode = keyof typeof WARNINGS | ErrorCode;

/** A function where the advice takes work: most errors of many devices are never shown. */
type Hint = string | undefined | (() => string | undefined);
/** An operation on a famfs was refused or failed. `hint` says what to do next. */
declare class FamfsError extends Error {
    #private;
    /** symbolic and stable; errorTable.ts says what each means */
    readonly code: ErrorCode;
    readonly details?: Readonly<Record<string, unknown>>;
    constructor(code: ErrorCode, message: string, extra?: {
        hint?: Hint;
        details?: Record<string, unknown>;
        cause?: unknown;
    });
    /** what to do next */
    get hint(): string | undefined;
    /** The error as an object of JSON, with the fields that `famfs --json` prints: its details, code, message and hint. */
    toJSON(): Record<string, unknown>;
    /** The same error for a caller who knows more: with another message or hint, and with these details too. */
    with(change: {
        message?: string;
        hint?: string;
        details?: Record<string, unknown>;
    }): FamfsError;
}

/** What `famfs --version` prints; a test holds it to package.json. A constant, since reading that file costs start-up. */
declare const version: string;

/** Faults of a record by itself, regardless of the rest of the file system. */
/**
 * Codes for faults in a record. `usable`: whether the entry can be replayed despite the fault. If not, it is skipped, and the
 * space that it claims stays reserved, as far as the claim can be read. Codes are stable and never reused.
 */
declare const FAULT_CODES: {
    readonly ENTRY_BLANK: {
        readonly usable: false;
    };
    readonly ENTRY_CRC: {
        readonly usable: false;
    };
    readonly ENTRY_SEQUENCE: {
        readonly usable: false;
    };
    readonly ENTRY_TYPE: {
        readonly usable: false;
    };
    readonly ENTRY_RESERVED: {
        readonly usable: true;
    };
    readonly PATH_INVALID: {
        readonly usable: false;
    };
    readonly PATH_CONTROL: {
        readonly usable: true;
    };
    readonly PATH_BYTES: {
        readonly usable: true;
    };
    readonly MODE_RANGE: {
        readonly usable: true;
    };
    readonly OWNER_RANGE: {
        readonly usable: true;
    };
    readonly FILE_SIZE: {
        readonly usable: false;
    };
    readonly FILE_FLAGS: {
        readonly usable: true;
    };
    readonly EXTENT_TYPE: {
        readonly usable: false;
    };
    readonly EXTENT_COUNT: {
        readonly usable: false;
    };
    readonly EXTENT_OFFSET: {
        readonly usable: false;
    };
    readonly EXTENT_LENGTH: {
        readonly usable: false;
    };
    readonly STRIP_COUNT: {
        readonly usable: false;
    };
    readonly CHUNK_SIZE: {
        readonly usable: false;
    };
    readonly CHUNK_EXCESS: {
        readonly usable: true;
    };
    readonly STRIP_LENGTH: {
        readonly usable: true;
    };
    readonly COVERAGE_SHORT: {
        readonly usable: false;
    };
    readonly COVERAGE_EXCESS: {
        readonly usable: true;
    };
    readonly DAXDEV_SIZE: {
        readonly usable: false;
    };
    readonly DAXDEV_UUID: {
        readonly usable: false;
    };
    readonly DAXDEV_INDEX: {
        readonly usable: false;
    };
};
type FaultCode = keyof typeof FAULT_CODES;

/** Checks that kernels make on a message, and their answers: rules in the order in which a kernel applies them. */
type Errno = 'E2BIG' | 'EEXIST' | 'EFAULT' | 'EFBIG' | 'EINVAL' | 'EIO' | 'ENOENT' | 'ERANGE';
/**
 * REFUSED: the kernel refuses the map. ACCESS: it accepts the map, but accesses to parts of the file fail. DANGEROUS: it
 * accepts the map and then crashes or damages other data, so no kernel must ever receive it.
 */
type FindingClass = 'REFUSED' | 'ACCESS' | 'DANGEROUS';
/** A rule that a map breaks. */
interface KernelFinding {
    readonly rule: string;
    /**
     * REFUSED: the kernel refuses the map; ACCESS: it accepts the map, but accesses to parts of the file fail; DANGEROUS: it
     * accepts the map, and then crashes or damages other data
     */
    readonly class: FindingClass;
    /** errno name of the refusal, or of the failing access; null if there is none, or none was observed */
    readonly errno: Errno | null;
    readonly message: string;
}

/** A contiguous range of one daxdev; also a strip. Offset and length in bytes. */
interface Extent {
    /** index of the daxdev in the pool */
    readonly daxdev: number;
    readonly deviceOffset: number;
    readonly length: number;
}

/** An extent-map notification, decoded as far as its bytes go. Numbers are exact, also above 2^53-1. */
interface DRow {
    readonly form: 'd';
    /** null if it is cut off */
    readonly header: DHeaderRow | null;
    readonly extents: readonly DExtentRow[];
}
interface DHeaderRow {
    /** id of the map */
    readonly backingId: number;
    /** extents that follow */
    readonly extentCount: number;
    /** bit 0 CREATE, bit 1 CYCLIC */
    readonly flags: number;
    readonly reserved1: number;
    readonly reserved2: number;
}
interface DExtentRow {
    readonly fileOffset: number;
    /** bytes; the chunk of a cyclic map */
    readonly length: number;
    /** id under which the daxdev is registered */
    readonly backingId: number;
    /** bytes from the start of the daxdev */
    readonly deviceOffset: number;
    readonly reserved1: number;
    readonly reserved2: number;
}

/** A GET_FMAP reply, decoded as far as its bytes go. Numbers are exact, also above 2^53-1. */
interface V2Row {
    readonly form: 'v2';
    /** null if it is cut off */
    readonly header: V2HeaderRow | null;
    /** extents of a simple map */
    readonly simple: readonly V2ExtentRow[];
    /** extents of an interleaved map */
    readonly interleaved: readonly V2InterleavedRow[];
}
interface V2HeaderRow {
    /** 0 regular, 1 superblock, 2 log */
    readonly fileType: number;
    readonly reserved1: number;
    readonly version: number;
    /** 0 simple, 1 interleaved */
    readonly extentType: number;
    /** extents that follow */
    readonly extentCount: number;
    /** bytes of the whole reply in later revisions, 0 in the first ones */
    readonly messageSize: number;
    /** bytes */
    readonly fileSize: number;
    readonly reserved2: number;
}
interface V2InterleavedRow {
    readonly stripCount: number;
    readonly chunkSize: number;
    /** bytes of the file on the strips */
    readonly bytes: number;
    readonly reserved: number;
    readonly strips: readonly V2ExtentRow[];
}
interface V2ExtentRow {
    readonly daxdev: number;
    readonly reserved: number;
    readonly deviceOffset: number;
    readonly length: number;
}

/** A message of any form, decoded as far as its bytes go. */
type DecodedRow = V2Row | DRow;
type KernelFormName = DecodedRow['form'];

/**
 * Every finding that a check can report, with its values. The code that finds something deals in codes and values only; the
 * catalogue (src/fs/fsck/catalogue) has the words and the repairs. Codes are stable and never reused.
 */

/** A field of a record, as found and as expected; both as text, since a value may exceed 2^53-1. */
interface FieldValues {
    /** struct.field, or another name for it */
    readonly field: string;
    readonly found: string;
    readonly allowed: string;
}
type DaxdevRole = 'primary' | 'secondary';
/** Numbers read from the media are Infinity above 2^53-1. */
interface SuperblockValues {
    SB_MAGIC: {
        readonly found: number;
    };
    SB_VERSION: {
        readonly found: number;
    };
    SB_CRC: {
        readonly found: number;
        readonly computed: number;
    };
    SB_ALLOC_UNIT: {
        readonly found: number;
    };
    SB_FORMAT: {
        readonly major: number;
        readonly minor: number;
    };
    SB_LOG_OFFSET: {
        readonly found: number;
        readonly allowed: number;
    };
    SB_LOG_LENGTH: {
        readonly found: number;
        readonly role: DaxdevRole;
    };
    SB_UUID: {
        readonly field: 'fsUuid' | 'deviceUuid' | 'systemUuid';
    };
    SB_FLAGS: {
        readonly found: number;
        readonly role: DaxdevRole;
    };
    SB_RESERVED: {
        readonly field: 'padding' | 'deviceUuidCopy';
        readonly found: number | string;
    };
    /** `actual`: bytes of the device; null if unknown */
    SB_DEVICE_SIZE: {
        readonly found: number;
        readonly actual: number | null;
    };
    SB_NAME: {
        readonly fault: 'unterminated' | 'trailing bytes';
    };
}
interface LogValues {
    LOG_MAGIC: {
        readonly found: number;
    };
    LOG_CRC: {
        readonly found: number;
        readonly computed: number;
    };
    /** bytes, in the header and in the superblock */
    LOG_LENGTH: {
        readonly found: number;
        readonly superblock: number;
    };
    LOG_LAST_INDEX: {
        readonly found: number;
        readonly allowed: number;
    };
    LOG_NEXT_RANGE: {
        readonly found: number;
        readonly most: number;
    };
    LOG_NEXT_MISMATCH: {
        readonly nextSequence: number;
        readonly nextIndex: number;
    };
    /**
     * whole: only the magic is missing. journal: the new log, with `entries` entries, is in the journal. in file: the journal is
     * in a file of the Master, which was not named. lost: `why` is the end of a sentence about the journal.
     */
    LOG_REWRITING: {
        readonly state: 'whole' | 'in file';
    } | {
        readonly state: 'journal';
        readonly entries: number;
    } | {
        readonly state: 'lost';
        readonly why: string;
    };
    /** slots [from, end); `complete` of them hold a complete entry, counted up to the first that does not */
    LOG_ENTRY_BEYOND: {
        readonly from: number;
        readonly end: number;
        readonly complete: number;
    };
}
/** An invalid value in a record. */
type EntryValues = {
    readonly [C in FaultCode]: FieldValues;
};
interface NamespaceValues {
    PATH_DUPLICATE: {
        readonly firstSlot: number;
    };
    PARENT_MISSING: {
        readonly parent: string;
    };
    PARENT_NOT_DIRECTORY: {
        readonly parent: string;
    };
}
interface SpaceValues {
    /** `daxdevs`: how many daxdevs the pool has at this point of the log */
    EXTENT_DEVICE: {
        readonly daxdevs: number;
    };
    /** bytes from the start of the daxdev */
    EXTENT_BOUNDS: {
        readonly end: number;
        readonly daxdevSize: number;
    };
    /** `firstByte`: where the space for files begins */
    EXTENT_METADATA: {
        readonly firstByte: number;
    };
    /** the extent with the lower offset; the place is that of the other */
    EXTENT_OVERLAP: {
        readonly otherSlot: number;
        readonly otherPath: string;
    };
}
interface PoolValues {
    DAXDEV_ORDER: {
        readonly found: number;
        readonly expected: number;
    };
    DAXDEV_DUPLICATE: {
        readonly uuid: string;
        readonly daxdev: number;
    };
    DAXDEV_FORMAT: {
        readonly major: number;
        readonly minor: number;
    };
    MEMBER_MISSING: {
        readonly uuid: string;
    };
    /** bytes */
    MEMBER_SIZE: {
        readonly uuid: string;
        readonly found: number;
        readonly logged: number;
    };
    MEMBER_SUPERBLOCK: {
        readonly uuid: string;
        readonly path: string;
        readonly fault: MemberFault;
    };
    /** a daxdev with the uuid of a member, or one that was named; `fsUuid` is null if it has no famfs */
    MEMBER_FOREIGN: {
        readonly path: string;
        readonly uuid: string;
    } | {
        readonly path: string;
        readonly fsUuid: string | null;
    };
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
type MemberFault = {
    readonly [C in keyof SuperblockValues]: {
        readonly code: C;
        readonly values: SuperblockValues[C];
    };
}[keyof SuperblockValues] | {
    readonly code: 'OTHER_MASTER';
    readonly values: {
        readonly found: string;
        readonly primary: string;
    };
}
/** bytes */
 | {
    readonly code: 'OTHER_UNIT';
    readonly values: {
        readonly found: number;
        readonly primary: number;
    };
};
/** What kernels object to in the map of a file, for each form of map. */
type KernelValues = {
    readonly [Form in KernelFormName as `KERNEL_${Uppercase<Form>}`]: KernelFinding;
};
/** What the reference tools cannot do, or do otherwise. */
interface ReferenceValues {
    REFERENCE_DAXDEV: Record<never, never>;
    /** permission bits */
    REFERENCE_MODE: {
        readonly mode: number;
    };
    /** bytes */
    REFERENCE_SIZE: {
        readonly deviceSize: number;
    };
}
interface FindingValues extends SuperblockValues, LogValues, EntryValues, NamespaceValues, SpaceValues, PoolValues, KernelValues, ReferenceValues {
}
type FindingCode = keyof FindingValues;

/** An error makes fsck exit 4; a warning does not. */
type Severity = 'error' | 'warning';
/** preen: fsck -p repairs it; yes: only -y or a yes does; partly: `how` says on what it depends; no: never. */
type RepairKind = 'preen' | 'yes' | 'partly' | 'no';

/** A finding with its words from the catalogue, as JSON and the library show it. */

/** One finding; fields of the place that do not apply are left out. */
interface FindingRow {
    readonly code: FindingCode;
    readonly severity: Severity;
    /** log entry */
    readonly slot?: number;
    /** last log entry of a run with one cause; `slot` is the first */
    readonly lastSlot?: number;
    readonly path?: string;
    /** index in the pool; null: above 2^53-1 */
    readonly daxdev?: number | null;
    /** bytes from the start of the daxdev; null: above 2^53-1 */
    readonly deviceOffset?: number | null;
    /** bytes; null: above 2^53-1 */
    readonly length?: number | null;
    /** number of log entries in the run that are affected; 1 if it is not a run */
    readonly count: number;
    /** the value found and the values allowed; the fields depend on the code; null: above 2^53-1 */
    readonly values: {
        readonly [name: string]: unknown;
    };
    /** the values in words */
    readonly message: string;
    readonly advice: string;
    /** whether it can be repaired: with -p, with -y, in some cases, or never */
    readonly repair: RepairKind;
}

/** What a caller may say about the host that famfs works on. */

/** A problem that does not stop the work. */
interface Warning {
    /** symbolic and stable; docs/errors.md lists the codes */
    readonly code: WarningCode;
    readonly message: string;
}
/** Options that every function has which opens or makes a file system. */
interface HostOptions {
    /**
     * Where FAMFS_DEV and the other variables of docs/architecture.md are looked up. The default is `process.env`; of the
     * configuration, only the daxdevs count (`dev`), never layout or output.
     */
    readonly env?: Readonly<Record<string, string | undefined>> | undefined;
    /** Where relative paths of daxdevs, images and files of this host start. The default is `process.cwd()`. */
    readonly cwd?: string | undefined;
    /** Called with each warning; without it, warnings are dropped. The library itself never prints. */
    readonly onWarning?: ((warning: Warning) => void) | undefined;
}
/** Daxdevs and images of one file system, as `--dev` takes them: paths, `UUID=...`, `LABEL=...`, or a mount point. */
type Devices = string | readonly string[];

/** Checking a file system without repairing anything. */

/** Options of {@link checkFamfs}. */
interface CheckOptions {
    /** how many findings of each code to list; the default is 20. All are counted. */
    readonly keep?: number | undefined;
    /** also what exceeds the limits of the reference tools */
    readonly reference?: boolean | undefined;
}
/** The result of a check. */
interface Check {
    readonly fsUuid: string;
    /** whether there are no errors; there may be warnings */
    readonly clean: boolean;
    /** number of findings that are errors */
    readonly errors: number;
    /** number of findings that are warnings */
    readonly warnings: number;
    /** the first of each code */
    readonly findings: readonly FindingRow[];
}
/**
 * Checks a file system as `famfs fsck -n` does, also one that is too damaged for {@link openFamfs}, and repairs nothing.
 * @param devices as for {@link openFamfs}
 * @throws {@link FamfsError} what keeps it from being checked at all: NO_FAMFS, DEVICE_OPEN, AMBIGUOUS, ADDON ...
 */
declare function checkFamfs(devices?: Devices, options?: CheckOptions & HostOptions): Promise<Check>;

/**
 * present: on this host, and as the log says; missing: no daxdev of this host has its uuid; wrong size: its size differs from the
 * log; foreign: a daxdev has its uuid but belongs to another file system; damaged: its superblock is not sound; other unit: its
 * superblock has another allocation unit than the primary's; ambiguous: several daxdevs have its uuid (copies of an image).
 */
type MemberState = 'present' | 'missing' | 'wrong size' | 'foreign' | 'damaged' | 'other unit' | 'ambiguous';

/** A daxdev or image of the pool. */
interface Daxdev {
    /** index in the pool; 0 is the primary, which has the log */
    readonly index: number;
    readonly uuid: string;
    /** on this host; null if nothing here has the uuid */
    readonly path: string | null;
    readonly state: MemberState;
    /** as the log says; Infinity over 2^53-1 */
    readonly size: number;
    /** space that files can have */
    readonly capacity: number;
    readonly used: number;
    readonly free: number;
    /** longest free extent */
    readonly largestHole: number;
}

/** Files and directories, as a caller sees them. */

/** A file or directory of the file system. */
interface Entry {
    readonly type: 'file' | 'directory';
    /** relative to the root, which is '' */
    readonly path: string;
    /** bytes; 0 for a directory */
    readonly size: number;
    /** permission bits: 0o644 */
    readonly mode: number;
    readonly uid: number;
    readonly gid: number;
    /** slot of its log entry; null for the root, which mkfs makes */
    readonly slot: number | null;
}

/** Every failure that a caller can meet is a FamfsError: those of the native layer become one here. */

/** Whether a caught value is an error of famfs, with this code if one is given. */
declare function isFamfsError(error: unknown, code?: ErrorCode): error is FamfsError;

/** Where the bytes of files lie, as a caller sees it. All offsets and lengths in bytes. */

/** The map of a file (fmap). */
interface FileMap {
    /** relative to the root */
    readonly path: string;
    /** bytes of the file */
    readonly size: number;
    /** `interleaved`: chunks go to the extents in turn, which are its strips */
    readonly layout: 'simple' | 'interleaved';
    /** null for a simple file */
    readonly chunkSize: number | null;
    /** bytes of all extents; never less than `size` */
    readonly allocated: number;
    /** in the order of the file's bytes */
    readonly extents: readonly Extent[];
}
/** A range of a file that is contiguous on one daxdev. */
interface Piece {
    /** index of the daxdev in the pool */
    readonly daxdev: number;
    /** its path on this host; null if it is not here */
    readonly device: string | null;
    readonly deviceOffset: number;
    readonly fileOffset: number;
    readonly length: number;
}
/** A part of a file. */
interface ByteRange {
    /** the default is 0 */
    readonly offset?: number | undefined;
    /** the default is the rest of the file */
    readonly length?: number | undefined;
}

/** What every entry has. */
interface LogEntryPlace {
    /** number of the entry in the log, from 0 */
    readonly slot: number;
    /** false: it is unusable, and replay skips it; its values are unchecked then, and a number over 2^53-1 is Infinity */
    readonly applied: boolean;
}
/** Name and owner of what an entry makes. */
interface LogEntryOwner {
    /** relative to the root */
    readonly path: string;
    /** permission bits: 0o644 */
    readonly mode: number;
    readonly uid: number;
    readonly gid: number;
}
/** A file was made. */
interface FileLogEntry extends LogEntryPlace, LogEntryOwner, FileMap {
    readonly type: 'FILE';
}
/** A directory was made. */
interface MkdirLogEntry extends LogEntryPlace, LogEntryOwner {
    readonly type: 'MKDIR';
}
/** A daxdev joined the pool. */
interface AddDaxdevLogEntry extends LogEntryPlace {
    readonly type: 'ADD_DAXDEV';
    /** index in the pool */
    readonly daxdev: number;
    readonly uuid: string;
    /** bytes */
    readonly size: number;
}
/** Nothing can be read from the slot. */
interface UnreadableLogEntry extends LogEntryPlace {
    readonly type: null;
}
/** An entry of the log. A later minor version may add types; have a default case. */
type LogEntry = FileLogEntry | MkdirLogEntry | AddDaxdevLogEntry | UnreadableLogEntry;

/** A file system that is open for reading, as a caller sees it. */

/** Options of {@link Famfs.list}. */
interface ListOptions {
    /** everything below the directory too; each directory comes before its contents */
    readonly recursive?: boolean | undefined;
}
/** Options of {@link Famfs.log}. */
interface LogOptions {
    /** the first slot; the default is 0 */
    readonly from?: number | undefined;
}
/** Options of {@link Famfs.follow}. */
interface FollowOptions {
    /** milliseconds between two reads of the log; the default is 100 */
    readonly interval?: number | undefined;
    /** ends the waiting; its reason is thrown */
    readonly signal?: AbortSignal | undefined;
}
/** How full the log of a file system is. */
interface LogFacts {
    /** entries that were replayed, which is the number of the next slot */
    readonly entries: number;
    /** entries that the log can have */
    readonly capacity: number;
    /** entries that are unusable and were skipped */
    readonly skipped: number;
}
/**
 * A file system that is open for reading: its log is replayed, and its daxdevs are mapped when they are needed. Close it, or
 * declare it with `using`. Its methods throw {@link FamfsError}, with the code CLOSED once it is closed.
 *
 * It shows the state at the time when it was opened; {@link Famfs.refresh} and {@link Famfs.follow} read what was appended since.
 */
interface Famfs {
    /** uuid of the file system */
    readonly fsUuid: string;
    /** its name; undefined if mkfs was given none */
    readonly label: string | undefined;
    /** Only the Master may write to a file system; any other host is a Client. */
    readonly role: 'Master' | 'Client';
    /** bytes: files get their space in multiples of it */
    readonly allocationUnit: number;
    /** where it is mounted; undefined unless it was opened through its mount */
    readonly mountPoint: string | undefined;
    /** how full the log is */
    readonly logFacts: LogFacts;
    /** The daxdevs of the pool by index, those that are not on this host too, with the space that files have on each. */
    daxdevs(): Daxdev[];
    /**
     * What is in a directory, sorted by name; a file is listed alone. Entries are made as they are drawn, so you may stop early.
     * @param path relative to the root; the default is '/', the root itself
     * @throws {@link FamfsError} NO_ENTRY, BAD_PATH, NOT_A_DIRECTORY
     */
    list(path?: string, options?: ListOptions): IterableIterator<Entry>;
    /**
     * The attributes of a file or directory.
     * @throws {@link FamfsError} NO_ENTRY, BAD_PATH, NOT_A_DIRECTORY
     */
    stat(path: string): Entry;
    /**
     * Whether there is a file or directory at the path.
     * @throws {@link FamfsError} BAD_PATH for a path that is empty or has '..' in it
     */
    exists(path: string): boolean;
    /**
     * The map of a file: its extents or strips.
     * @throws {@link FamfsError} what {@link Famfs.stat} throws, NOT_A_FILE, ENTRY_GONE
     */
    map(path: string): FileMap;
    /**
     * Where a range of a file lies, as `famfs resolve` prints it: daxdev and offset of each contiguous piece, in file order. Pieces
     * are made as they are drawn.
     * @param range the default is the whole file
     * @throws {@link FamfsError} what {@link Famfs.map} throws, BAD_RANGE
     */
    resolve(path: string, range?: ByteRange): IterableIterator<Piece>;
    /**
     * The bytes of a file, as they are in memory and not as this host has cached them. About two megabytes are in this process at
     * a time, however large the file is. Destroy the stream if you do not read it to its end. It fails with POISON at memory that
     * cannot be read, with CLOSED if the file system is closed meanwhile, and with LOG_REWRITTEN, LOG_REWRITING, FS_REMADE or FS_GONE if
     * the maps of its files no longer hold.
     * @param range the default is the whole file
     * @throws {@link FamfsError} what {@link Famfs.resolve} throws, and what opening the daxdevs of the file throws:
     * MISSING_DAXDEV, WRONG_SIZE, MOUNTED ...
     */
    read(path: string, range?: ByteRange): Readable;
    /**
     * The log as far as it was replayed, in order. Entries are read again as they are drawn.
     * @throws {@link FamfsError} BAD_RANGE for an impossible slot
     */
    log(options?: LogOptions): IterableIterator<LogEntry>;
    /**
     * Replays what was appended since, by this host or another, and returns it. It does not wait: an entry that is just being
     * written is left for the next time.
     * @throws {@link FamfsError} FS_REMADE, LOG_REWRITTEN, LOG_REWRITING: open the file system again
     */
    refresh(): LogEntry[];
    /**
     * Waits for new entries, and yields each once it is replayed, until `signal` is aborted or the loop is left. It begins after
     * the last entry of {@link Famfs.log}.
     * @throws {@link FamfsError} FS_REMADE, FS_GONE, LOG_REWRITTEN, LOG_REWRITING, LOG_DAMAGED; or the reason of the signal
     */
    follow(options?: FollowOptions): AsyncIterableIterator<LogEntry>;
    /** Checks the file system as {@link checkFamfs} does, on the daxdevs by which it was opened. */
    check(options?: CheckOptions): Promise<Check>;
    /** Unmaps everything. Closing twice is harmless. */
    close(): void;
    /** The same as close(), for `using`. */
    [Symbol.dispose](): void;
}

/** Options of {@link makeFamfs}. */
interface MakeOptions extends HostOptions {
    /** bytes of the log, a power of two from 8 MiB, which is the default */
    readonly logLength?: number | undefined;
    /** bytes: 4096 or 2 MiB, which is the default */
    readonly allocationUnit?: number | undefined;
    /** how new files are interleaved by default; without it, they are simple */
    readonly stripes?: number | undefined;
    /** bytes of a chunk, for `stripes`; the default is 2 MiB */
    readonly chunkSize?: number | undefined;
    /** name of the file system */
    readonly label?: string | undefined;
    /** uuid of the file system; the default is a random one */
    readonly uuid?: string | undefined;
    /** bytes of images, which are made where they are missing; without it, everything that is named must exist */
    readonly size?: number | undefined;
    /** `content`: replace a famfs of this host or anything else; `other host`: also a famfs of another host */
    readonly replace?: 'content' | 'other host' | undefined;
}
/** A file system that was made. */
interface MadeFamfs {
    readonly fsUuid: string;
    /** of this host, which is the Master */
    readonly systemUuid: string;
    /** entries that the log can have */
    readonly logSlots: number;
    /** bytes for files, on all daxdevs */
    readonly capacity: number;
    /** the primary first */
    readonly daxdevs: readonly MadeDaxdev[];
}
/** A daxdev of a file system that was made. */
interface MadeDaxdev {
    /** index in the pool */
    readonly index: number;
    readonly uuid: string;
    readonly path: string;
    /** bytes */
    readonly size: number;
}
/**
 * Makes a file system on one daxdev or image, or a pool on several, whose primary is the first. Everything is checked on all of
 * them before the first is written to. The result is to be opened with {@link openFamfs} or {@link openSession}.
 * @throws {@link FamfsError} HAS_FAMFS, OTHER_HOST, FOREIGN, MOUNTED, BUSY, TOO_SMALL, BAD_LOG_LENGTH, BAD_UNIT, BAD_LAYOUT,
 * SAME_DAXDEV, TOO_MANY_DAXDEVS, UUID_IN_USE, DEVICE_OPEN, CONFLICT, CANNOT_WRITE ...; nothing was changed then
 */
declare function makeFamfs(devices: Devices, options?: MakeOptions): Promise<MadeFamfs>;

/** What a caller says about new files and directories, and how it is completed. */

/** Owner and permission bits. */
interface AttributeOptions {
    /** permission bits, as they are stored: no umask applies */
    readonly mode?: number | undefined;
    /** the default is the effective user of this process */
    readonly uid?: number | undefined;
    /** the default is the effective group of this process */
    readonly gid?: number | undefined;
}
/** Where the bytes of new files go. The configuration of the commands (`interleave.*`) does not count here. */
interface PlacementOptions {
    /** strips over which a file is interleaved, 1 to 16; 0 for a simple file; the default is that of the pool */
    readonly stripes?: number | undefined;
    /** bytes; a power of two and a multiple of the allocation unit; the default is that of the pool, or 2 MiB */
    readonly chunkSize?: number | undefined;
    /** how daxdevs are chosen; the default is `random` */
    readonly policy?: 'random' | 'spread' | 'fill' | undefined;
    /** one extent, or the error NO_SPACE */
    readonly contiguous?: boolean | undefined;
    /** indices of the daxdevs that may be used; the default is all */
    readonly daxdevs?: readonly number[] | undefined;
    /** makes the policy `random` reproducible */
    readonly seed?: number | undefined;
    /** also allow names that are not UTF-8, at which the reference tools stop */
    readonly allowBytes?: boolean | undefined;
}

/** Opening a file system for reading. */

/** Options of {@link openFamfs}. */
interface OpenOptions extends HostOptions {
    /** show the state after so many log entries; the default is all of them */
    readonly at?: number | undefined;
}
/**
 * Opens a file system for reading, and replays its log. Nothing is locked: this host and others may write to it meanwhile.
 * @param devices daxdevs or images, as `--dev` takes them; one is enough if the others can be found from it. Without any, it is the
 * file system that FAMFS_DEV or the configuration names, or else the only one on this host.
 * @throws {@link FamfsError} NO_FAMFS, AMBIGUOUS, DEVICE_OPEN, SUPERBLOCK_DAMAGED, OTHER_VERSION, NOT_A_MEMBER, ADDON ...
 */
declare function openFamfs(devices?: Devices, options?: OpenOptions): Promise<Famfs>;

/** A file system that is open for writing, as a caller sees it. */

/** Options of {@link FamfsSession.mkdir}. */
interface MkdirOptions extends AttributeOptions {
    /** make missing parents with mode 0o755, and accept a directory that exists */
    readonly parents?: boolean | undefined;
}
/** What a new file is filled with: zeros, or the pattern that `famfs verify --seed` checks. */
type Fill = 'zeros' | {
    readonly seed: number | bigint;
};
/** Options of {@link FamfsSession.create}. */
interface CreateOptions extends AttributeOptions, PlacementOptions {
    /** bytes, 1 or more: a file of famfs has its size from the start and keeps it */
    readonly size: number;
    /** accept a file of the same size that exists, if it has the mode and owner that are given */
    readonly existOk?: boolean | undefined;
    /** fill the file before it appears; without it, its bytes are what the memory held before */
    readonly fill?: Fill | undefined;
    /** ends filling; its reason is thrown, and the file is not made */
    readonly signal?: AbortSignal | undefined;
}
/** Bytes of this process, in pieces of any length: an array, a stream, a generator ... */
type Bytes = Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
/** What is copied: the path of a file or folder of this host, or bytes. */
type Source = string | Bytes;
/** Options of {@link FamfsSession.cp}. */
interface CopyOptions extends AttributeOptions, PlacementOptions {
    /** bytes of the new file; needed for a stream or generator, whose length nobody knows yet */
    readonly size?: number | undefined;
    /** a folder of this host with everything in it */
    readonly recursive?: boolean | undefined;
    /** copy what symbolic links in a folder lead to; without it, they are errors */
    readonly dereference?: boolean | undefined;
    /** keep owner and group of the files of this host that are copied */
    readonly keepOwner?: boolean | undefined;
    /** read each file of this host again, and compare it with the memory */
    readonly verify?: boolean | undefined;
    /** threads that move the bytes of files of this host, 1 to 256; the default is one for each processor, at most 16 */
    readonly threads?: number | undefined;
    /** called with the number of bytes that were copied since the last call */
    readonly onProgress?: ((bytes: number) => void) | undefined;
    /** ends the copy; its reason is thrown. New files that were not complete are not made. */
    readonly signal?: AbortSignal | undefined;
}
/**
 * A file system that this process alone may write to: it has the lock of all writers until it is closed. Close it soon, or declare
 * it with `using`, because other writers wait meanwhile. It can also be read, and shows what it has written.
 *
 * Each call is complete and durable when its promise resolves. Calls that overlap are carried out one after the other. All
 * checks are made before the first change, and a new file appears when it has all its bytes.
 */
interface FamfsSession extends Famfs {
    /**
     * Makes a directory, with mode 0o755 unless another is given.
     * @returns the directory, new or accepted
     * @throws {@link FamfsError} EXISTS, NO_PARENT, BAD_PATH, NOT_UTF8, LOG_FULL
     */
    mkdir(path: string, options?: MkdirOptions): Promise<Entry>;
    /**
     * Makes a file, with mode 0o644 unless another is given.
     * @returns the file, new or accepted
     * @throws {@link FamfsError} EXISTS, NO_PARENT, BAD_PATH, NOT_UTF8, BAD_SIZE, BAD_LAYOUT, NO_SPACE, NO_SUCH_DAXDEV, LOG_FULL,
     * POISON, and what opening the daxdevs throws
     */
    create(path: string, options: CreateOptions): Promise<Entry>;
    /**
     * Copies a file or folder of this host, or bytes, into the file system. If `target` is a directory, files of this host go
     * into it. A file that exists with the same size is written again in place.
     * @returns the files that were copied, in order
     * @throws {@link FamfsError} what {@link FamfsSession.create} throws; CANNOT_READ, EMPTY_FILE, LINK, CHANGED ... for a source;
     * STREAM_ENDED or STREAM_GOES_ON for bytes of another length. If several files are copied and some fail, the others are
     * copied nevertheless, and the error is INCOMPLETE, whose `details.failed` lists the errors.
     */
    cp(source: Source, target: string, options?: CopyOptions): Promise<Entry[]>;
}

/** Opening a file system for writing. */

/** Options of {@link openSession}. */
interface SessionOptions extends HostOptions {
    /** seconds to wait for the lock while another process has it; then the error is BUSY. The default is as long as it takes. */
    readonly wait?: number | undefined;
    /** ends the waiting; its reason is thrown */
    readonly signal?: AbortSignal | undefined;
}
/**
 * Opens a file system for writing: takes the lock of all writers, replays the log, and completes an append or a rewrite that was
 * cut off. Only the Master may do so.
 * @param devices as for {@link openFamfs}
 * @throws {@link FamfsError} what {@link openFamfs} throws; NOT_MASTER, MOUNTED, BUSY, LOG_DAMAGED, WRONG_SIZE; or the reason of the
 * signal
 */
declare function openSession(devices?: Devices, options?: SessionOptions): Promise<FamfsSession>;

export { FamfsError, checkFamfs, isFamfsError, makeFamfs, openFamfs, openSession, version };
export type { AddDaxdevLogEntry, AttributeOptions, ByteRange, Bytes, Check, CheckOptions, CopyOptions, CreateOptions, Daxdev, MemberState as DaxdevState, Devices, Entry, ErrorCode, Extent, Famfs, FamfsSession, FileLogEntry, FileMap, Fill, FindingRow as Finding, FindingCode, FollowOptions, HostOptions, ListOptions, LogEntry, LogEntryOwner, LogEntryPlace, LogFacts, LogOptions, MadeDaxdev, MadeFamfs, MakeOptions, MkdirLogEntry, MkdirOptions, OpenOptions, Piece, PlacementOptions, RepairKind, SessionOptions, Severity, Source, UnreadableLogEntry, Warning, WarningCode };

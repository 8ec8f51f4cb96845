/**
 * Every code that a famfs command can report, for scripts. Codes are never renamed or reused. `npm run docs` writes
 * docs/errors.md from these tables; nothing imports their text at run time.
 */

/** Exit status of the command: `failed` 1 (fsck 8), `usage` 2 (fsck 16), `signal` 128 + the number of the signal. */
export type ExitKind = 'failed' | 'usage' | 'signal';

interface ErrorRow {
  readonly meaning: string;
  readonly exit: ExitKind;
}

function failed(meaning: string): ErrorRow {
  return { meaning, exit: 'failed' };
}

export const ERRORS = {
  ADDON: failed('the native addon is missing, cut short, or built for another processor or version of famfs'),
  ALREADY_MEMBER: failed('the daxdev to add is in the pool already'),
  AMBIGUOUS: failed('several file systems match; name one of them'),
  AMBIGUOUS_DAXDEV: failed('several daxdevs or images have the same device uuid: copies of one image'),
  BAD_CONFIG: failed('a configuration file or variable cannot be read, or has an invalid value'),
  BAD_HOST_PATH: failed('a path of this host is empty or is not UTF-8'),
  BAD_LAYOUT: failed('the format does not allow this number of strips or chunk size'),
  BAD_LOG_LENGTH: failed('the log length is not a power of two of at least 8 MiB'),
  BAD_MANIFEST: failed('the manifest has a mistake; `file`, `line`, `column` and `key` say where'),
  BAD_MAP: failed('the map of a file leaves its daxdevs or does not cover the file'),
  BAD_PATH: failed('the path cannot be stored in a log entry'),
  BAD_RANGE: failed('the offset or length lies outside the file, the daxdev or the message'),
  BAD_SIZE: failed('a file has at least 1 byte and at most 2^53-1'),
  BAD_TAG: failed('the UUID= that is given in place of a path is no uuid'),
  BAD_UNIT: failed('the allocation unit is neither 4 KiB nor 2 MiB'),
  BUSY: failed('another process has locked the daxdev or image'),
  CANNOT_READ: failed('a file of this host cannot be read; `reason` is the errno'),
  CANNOT_WRITE: failed('a file of this host cannot be written; `reason` is the errno'),
  CHANGED: failed('the source changed while it was being copied'),
  CHANGED_SINCE: failed('the bytes that an undo would restore were changed after the repair'),
  CLIENTS_UNKNOWN: failed('other hosts may use the file system; --clients-unmounted confirms that none does'),
  CONFLICT: failed(
    'something exists, but not as the manifest, mkfs --size or mkfs --exist-ok requires; `reasons` lists the differences',
  ),
  DAXMODE: failed(
    'a dax device could not be bound to the driver; all devices were put back, or the message names the others',
  ),
  DAXMODE_RAM: failed('the dax device is in use as system RAM'),
  DEVICE_OPEN: failed('the daxdev or image cannot be opened or mapped; `reason` is the errno or the kind of file'),
  EMPTY_FILE: failed('the source is empty, and famfs has no empty files'),
  ENTRY_GONE: failed('a log entry no longer reads as it did when the log was replayed'),
  EXISTS: failed('there is a file or directory at the path already'),
  FMAP_LARGE: failed('the message is larger than any kernel accepts'),
  FMAP_UNFIT: failed('a value of the map does not fit the requested form of message'),
  FMAP_UNREADABLE: failed('the message cannot be read'),
  FOREIGN: failed('the device or file holds something other than famfs; --force replaces it'),
  FOREIGN_DAXDEV: failed('the superblock of a daxdev of the pool names another file system'),
  FS_GONE: failed('the file system that logplay --follow was following is gone'),
  FS_REMADE: failed('another file system was made in place of the one that logplay --follow was following'),
  HAS_FAMFS: failed('the device holds a famfs of this host; --force replaces it'),
  INCOMPLETE: failed('some of the files were not copied or filled'),
  INTERNAL: failed('a bug in famfs; please report it'),
  INTERRUPTED: { meaning: 'the command was stopped by a signal', exit: 'signal' },
  IN_ITSELF: failed('a directory cannot be moved into itself'),
  IN_THE_WAY: failed('something that is not a regular file, or not a directory, has the name of the target'),
  IS_DIRECTORY: failed('the path is a directory; -r includes its contents'),
  IS_PRIMARY: failed('the primary of a pool holds its log and cannot be removed'),
  IS_ROOT: failed('the root cannot be removed, moved or changed'),
  IS_THE_IMAGE: failed('the file is an image of the file system itself'),
  JOURNAL: failed('the journal of a rewrite cannot be made or used'),
  LINK: failed('the source is a symbolic link; -L copies what it points to'),
  LINK_LOOP: failed('a symbolic link points to a directory above it'),
  LIST_UNREADABLE: failed('the list of files for creat --from cannot be read'),
  LOG_DAMAGED: failed('the log is damaged and is not written to; run famfs fsck'),
  LOG_FULL: failed('the log has too few free slots'),
  LOG_REWRITING: failed('the log is being rewritten, or a rewrite was interrupted'),
  LOG_REWRITTEN: failed('the log was rewritten after it was read'),
  MANIFEST_UNREADABLE: failed('the manifest cannot be read'),
  MAPPED: failed('a process has the dax device or image mapped'),
  MISSING_DAXDEV: failed('a daxdev of the pool is not on this host'),
  MOUNTED: failed('a mounted famfs uses the device'),
  MOUNT_POINT: failed('the directory is not a famfs mount point, or is named together with daxdevs'),
  NOT_A_DIRECTORY: failed('the target must be a directory'),
  NOT_A_FILE: failed('the path is a directory, and the command needs a file'),
  NOT_A_MEMBER: failed('a daxdev that was named does not belong to the pool'),
  NOT_A_MOUNT: failed('nothing that famfs can unmount is mounted there'),
  NOT_A_STREAM: failed('the source of cp -s cannot be read as a stream'),
  NOT_MASTER: failed('this host is a Client; only the Master may write'),
  NOT_MOUNTED: failed('the file system could not be mounted'),
  NOT_UTF8: failed(
    'the path is not UTF-8, and the reference tools cannot replay it; --allow-bytes makes it nevertheless',
  ),
  NO_DAXDEV: failed('there is no such daxdev on this host or in the pool'),
  NO_DIRECTORY: failed('the directory for the copy does not exist'),
  NO_DRIVER: failed('the kernel does not have the driver'),
  NO_ENTRY: failed('there is no such file or directory in the file system'),
  NO_FAMFS: failed('there is no famfs on the device or on this host'),
  NO_OUTPUT: failed('standard output is closed'),
  NO_PARENT: failed('the parent directory does not exist or is a file'),
  NO_PRIMARY: failed('the daxdev is a secondary, and the primary of its pool is not on this host'),
  NO_SPACE: failed('there is not enough free space for the file'),
  NO_SUCH_DAXDEV: failed('the pool has no daxdev with this index'),
  NO_SUCH_ENTRY: failed('the log has fewer entries than requested'),
  OLD_FORMAT: failed('the on-media format is too old for pools of several daxdevs'),
  ORPHAN: failed('a daxdev names the pool, but is not in its log, as after an interrupted removal'),
  OTHER_HOST: failed('the device holds a famfs of another host; --force given twice replaces it'),
  OTHER_VERSION: failed('the file system has a version that this tool does not know'),
  OUTPUT: failed('standard output could not be written; the command itself was carried out'),
  POISON: failed('memory of a daxdev cannot be read or written'),
  SAME_DAXDEV: failed('one daxdev was named twice'),
  SHADOW_FOREIGN: failed('the shadow tree belongs to another file system'),
  SHADOW_MISSING: failed('a directory of the shadow tree does not exist'),
  SHADOW_OPEN: failed('the shadow tree cannot be opened or made'),
  SHADOW_UNSAFE: failed('something in the shadow tree that should be a directory is not, such as a symbolic link'),
  SHADOW_WRITE: failed('the shadow tree cannot be read or written'),
  SIGBUS: failed(
    'memory of a daxdev cannot be reached: it is poisoned, cut short, or the file system of the image is full',
  ),
  SPECIAL_FILE: failed('the source is neither a regular file nor a directory'),
  STREAM_ENDED: failed('the stream ended before the size that was given'),
  STREAM_GOES_ON: failed('the stream has more bytes than the size that was given'),
  SUPERBLOCK_DAMAGED: failed('a superblock is damaged; run famfs fsck'),
  SYSTEM_UUID: failed('the file with the system uuid of this host cannot be used'),
  TOO_MANY_DAXDEVS: failed('a pool has at most 64 daxdevs'),
  TOO_SMALL: failed('the device is too small'),
  UNDO_FILE: failed('the undo image cannot be read, written or used'),
  UNDO_TARGET: failed('the device is not the one in the undo image'),
  USAGE: { meaning: 'the command line is wrong', exit: 'usage' },
  UUID_IN_USE: failed('another file system on this host has the uuid that a new one is to get'),
  WRONG_BYTE: failed('a byte of a file differs from the expected one'),
  WRONG_SHA256: failed('the sha256 of a file differs from the manifest'),
  WRONG_SIZE: failed('the size of a daxdev differs from the log or its superblock'),
} as const satisfies Readonly<Record<string, ErrorRow>>;

/** Messages on standard error that do not stop the command. A warning may also have the code of an error. */
export const WARNINGS = {
  ENTRIES_SKIPPED: 'bad log entries were skipped; run famfs fsck',
  KEPT: 'something exists and was accepted unchanged, although it differs from the request',
  LOG_HEADER: 'the log header is damaged; run famfs fsck',
  LOG_LENGTH_FIT: 'the log is too short for small files, or longer than the room for files needs',
  MOUNT_STALE: 'the mount does not show new files until its log is played',
  NOT_CLEARED: 'a daxdev has left the pool, but its superblock still says that it belongs to it',
  OWNER_LOST: 'copies do not have the owners of the originals, which the system did not allow',
  OWNER_UNKNOWN: 'the owners of sources are unknown in this user namespace; the copies belong to the caller',
  REWRITE_COMPLETED: 'an interrupted rewrite of the log was completed',
  SHADOW_OWNER: 'the owners in the shadow tree are those of the caller, who is not root',
  SHADOW_STALE: 'a new file could not be played into the shadow tree of the mount',
  SMALL_ALIGNMENT: 'the device is aligned to less than 2 MiB',
  SMALL_DEVICE: 'the device is smaller than the reference tools accept',
  SMALL_UNIT: 'the allocation unit is smaller than what some kernels map',
  UNKNOWN_DATA: 'a dax device holds data that is not recognized and is being overwritten',
  WAITING: 'another process is writing; the command waits until it has ended',
} as const satisfies Readonly<Record<string, string>>;

export type ErrorCode = keyof typeof ERRORS;
export type WarningCode = keyof typeof WARNINGS | ErrorCode;

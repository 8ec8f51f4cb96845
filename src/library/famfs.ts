/** A file system that is open for reading, as a caller sees it. */
import type { Readable } from 'node:stream';
import type { Check, CheckOptions } from './check.js';
import type { Daxdev } from './daxdev.js';
import type { Entry } from './entry.js';
import type { ByteRange, FileMap, Piece } from './fileMap.js';
import type { LogEntry } from './logEntry.js';

/** Options of {@link Famfs.list}. */
export interface ListOptions {
  /** everything below the directory too; each directory comes before its contents */
  readonly recursive?: boolean | undefined;
}

/** Options of {@link Famfs.log}. */
export interface LogOptions {
  /** the first slot; the default is 0 */
  readonly from?: number | undefined;
}

/** Options of {@link Famfs.follow}. */
export interface FollowOptions {
  /** milliseconds between two reads of the log; the default is 100 */
  readonly interval?: number | undefined;
  /** ends the waiting; its reason is thrown */
  readonly signal?: AbortSignal | undefined;
}

/** How full the log of a file system is. */
export interface LogFacts {
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
export interface Famfs {
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

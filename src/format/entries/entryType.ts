/** What defines an entry type; entryTypes.ts lists them all. */
import type { AnyStruct, Nested } from '../rawFields.js';
import type { EntryCursor, Snapshot } from './cursor.js';

/** Bytes of a payload: where they begin in it, and how many there are. */
export type PayloadSpan = readonly [offset: number, length: number];

export interface EntryType<Entry extends { readonly type: string }> {
  /** its number in the log */
  readonly code: number;
  /** the payload, and the records within it */
  readonly struct: AnyStruct;
  readonly records: readonly AnyStruct[];
  /** whether an entry makes a file or directory: the cursor then has `path`, `mode`, `uid` and `gid` */
  readonly makesNode: boolean;
  /** spans that are never all zeros in a sound payload: one that is was lost in a crash */
  readonly neverZero: readonly PayloadSpan[];

  /**
   * Writes the payload at `at`, where all bytes are 0. Throws FieldRangeError for a value that does not fit its field, and
   * PathError for a path that the format cannot hold.
   */
  encode(image: Buffer, view: DataView, at: number, entry: Entry): void;

  /**
   * Reads the payload at `at` into the cursor, as far as it can be read, and reports what is wrong with it; never throws.
   * The inner loop of every replay: allocates nothing for a sound entry of a frequent type.
   * @param end position after the last byte of the payload that is not 0
   * @param unit allocation unit of the file system, bytes
   */
  read(cursor: EntryCursor, snapshot: Snapshot, at: number, end: number, unit: number): void;

  /**
   * For a frequent type, whose fields `read` leaves in the cursor: how to make an object of them, and how to load an object
   * into a cursor that was reset. `read` of a rare type makes the object at once and passes it to `cursor.keep`.
   */
  readonly columns?: {
    toEntry(cursor: EntryCursor): Entry;
    load(cursor: EntryCursor, entry: Entry): void;
  };

  /**
   * Where the records within the payload at `at` lie, for one that may be damaged; absent where the payload has none.
   */
  nested?(view: DataView, at: number): Nested[];

  /** The operation on one line, for people. */
  text(entry: Entry): string;
}

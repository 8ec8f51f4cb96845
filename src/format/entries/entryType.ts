/** The interface of an entry type; entryTypes.ts lists the types. */
import type { AnyStruct, Nested } from '../rawFields.js';
import type { EntryCursor, Snapshot } from './cursor.js';

/** A range of a payload: offset of its first byte, and number of bytes. */
export type PayloadSpan = readonly [offset: number, length: number];

export interface EntryType<Entry extends { readonly type: string }> {
  /** its number in the log */
  readonly code: number;
  /** the payload and its nested records */
  readonly struct: AnyStruct;
  readonly records: readonly AnyStruct[];
  /** whether an entry makes a file or directory: the cursor then has `path`, `mode`, `uid` and `gid` */
  readonly makesNode: boolean;
  /** spans that are never all zeros in a sound payload; one that is all zeros was lost in a crash */
  readonly neverZero: readonly PayloadSpan[];

  /**
   * Writes the payload at `at`, where all bytes are 0. Throws FieldRangeError for a value that does not fit its field, and
   * PathError for a path that the format cannot hold.
   */
  encode(image: Buffer, view: DataView, at: number, entry: Entry): void;

  /**
   * Reads the payload at `at` into the cursor, as far as it can be read, and reports its faults; never throws. This is the
   * inner loop of every replay: it allocates nothing for a sound entry of a frequent type.
   * @param end position after the last nonzero byte of the payload
   * @param unit allocation unit of the file system, bytes
   */
  read(cursor: EntryCursor, snapshot: Snapshot, at: number, end: number, unit: number): void;

  /**
   * For a frequent type, whose fields `read` leaves in the cursor: makes an object of them, and loads an object into a cursor
   * that was reset. `read` of a rare type makes the object at once and passes it to `cursor.keep`.
   */
  readonly columns?: {
    toEntry(cursor: EntryCursor): Entry;
    load(cursor: EntryCursor, entry: Entry): void;
  };

  /** The nested records of the payload at `at`, which may be damaged; absent if the type has none. */
  nested?(view: DataView, at: number): Nested[];

  /** The operation as one line of text. */
  text(entry: Entry): string;
}

/** Many files of the log at once, as columns. */
import type { FileEntry } from '../../format/entries/file.js';
import type { AppliedBlock } from '../../native/logTable.js';
import { EntryColumns, type EntryPlace } from '../log/entryColumns.js';

/** A file by its log entry. */
export interface FileInLog {
  readonly entry: FileEntry;
  /** log slot of the entry */
  readonly slot: number;
}

export class FileBlock {
  readonly #columns: EntryColumns;
  readonly #places: readonly EntryPlace[];

  private constructor(columns: EntryColumns, places: readonly EntryPlace[]) {
    this.#columns = columns;
    this.#places = places;
  }

  /**
   * The files of `slots`, which ascend, among entries that were read. Files that follow each other come as a block; a slot whose
   * entry is no sound file comes as its number.
   */
  static *of(read: AppliedBlock, slots: Uint32Array): Generator<FileBlock | number> {
    const columns = new EntryColumns(read);
    let places: EntryPlace[] = [];
    let place = EntryColumns.START;
    for (const slot of slots) {
      place = columns.seek(place, slot);
      if (place.numbers < columns.end && columns.slot(place) === slot && columns.isFile(place)) {
        places.push(place);
        continue;
      }
      if (places.length > 0) yield new FileBlock(columns, places);
      places = [];
      yield slot;
    }
    if (places.length > 0) yield new FileBlock(columns, places);
  }

  /** number of files */
  get count(): number {
    return this.#places.length;
  }

  /** the paths of entries, one after the other */
  get paths(): Buffer {
    return this.#columns.paths;
  }

  /** Where in `paths` the path of file `i` of the block begins. */
  pathStart(i: number): number {
    return (this.#places[i] as EntryPlace).path;
  }

  /** Where it ends. */
  pathEnd(i: number): number {
    return this.#columns.pathEnd(this.#places[i] as EntryPlace);
  }

  /** File `i` of the block. */
  file(i: number): FileInLog {
    const place = this.#places[i] as EntryPlace;
    return { entry: this.#columns.file(place), slot: this.#columns.slot(place) };
  }
}

/** Entries of the log as columns that the addon filled: an object is made only for an entry that is asked for. */
import { isAscii } from 'node:buffer';
import type { FileEntry } from '../../format/entries/file.js';
import type { MkdirEntry } from '../../format/entries/mkdir.js';
import type { Extent, Fmap } from '../../format/fmap.js';
import { decodePath } from '../../format/path.js';
import { APPLIED, type AppliedBlock, NUMBERS_PER_APPLIED, NUMBERS_PER_EXTENT } from '../../native/logTable.js';

/** Where the columns of an entry begin, in elements. */
export interface EntryPlace {
  readonly numbers: number;
  readonly path: number;
  readonly extents: number;
}

/** Entries that follow each other: those from `from` up to element `end` of the numbers. */
export class EntryRun {
  constructor(
    readonly columns: EntryColumns,
    readonly from: EntryPlace,
    readonly end: number,
  ) {}

  /** The entries of files, with their slots. */
  *files(): Generator<{ readonly entry: FileEntry; readonly slot: number }> {
    const { columns } = this;
    for (let place = this.from; place.numbers < this.end; place = columns.after(place))
      if (columns.isFile(place)) yield { entry: columns.file(place), slot: columns.slot(place) };
  }

  /** What the entries made, and the bytes of the files. */
  get totals(): { files: number; directories: number; daxdevs: number; fileBytes: number } {
    const { numbers } = this.columns.block;
    let files = 0;
    let fileBytes = 0;
    for (let at = this.from.numbers; at < this.end; at += NUMBERS_PER_APPLIED) {
      if (numbers[at + APPLIED.extents] === 0) continue;
      files++;
      fileBytes += numbers[at + APPLIED.size] as number;
    }
    const entries = (this.end - this.from.numbers) / NUMBERS_PER_APPLIED;
    return { files, directories: entries - files, daxdevs: 0, fileBytes };
  }
}

export class EntryColumns {
  static readonly START: EntryPlace = { numbers: 0, path: 0, extents: 0 };

  /** the paths of the entries, one after the other */
  readonly paths: Buffer;
  /** ASCII is decoded in a fraction of the time */
  readonly #isAscii: boolean;

  constructor(readonly block: AppliedBlock) {
    this.paths = Buffer.from(block.paths.buffer, block.paths.byteOffset, block.paths.length);
    this.#isAscii = isAscii(this.paths);
  }

  /** element of the numbers after the last entry */
  get end(): number {
    return this.block.numbers.length;
  }

  /** slot of the last entry; -1 if there is none */
  get lastSlot(): number {
    return this.block.numbers[this.end - NUMBERS_PER_APPLIED + APPLIED.slot] ?? -1;
  }

  slot(place: EntryPlace): number {
    return this.#number(place, APPLIED.slot);
  }

  isFile(place: EntryPlace): boolean {
    // sound entries are FILE and MKDIR, and only those of files have extents
    return this.#number(place, APPLIED.extents) > 0;
  }

  /** Where the path of an entry ends. */
  pathEnd(place: EntryPlace): number {
    return place.path + this.#number(place, APPLIED.pathBytes);
  }

  /** The place of the first entry from `from` on whose slot is not below `slot`; the end if there is none. */
  seek({ numbers: at, path, extents }: EntryPlace, slot: number): EntryPlace {
    const { numbers } = this.block;
    let from = at;
    let pathStart = path;
    let firstExtent = extents;
    while (from < numbers.length && (numbers[from + APPLIED.slot] as number) < slot) {
      pathStart += numbers[from + APPLIED.pathBytes] as number;
      firstExtent += NUMBERS_PER_EXTENT * (numbers[from + APPLIED.extents] as number);
      from += NUMBERS_PER_APPLIED;
    }
    return { numbers: from, path: pathStart, extents: firstExtent };
  }

  /** The place after that of an entry. */
  after(place: EntryPlace): EntryPlace {
    return {
      numbers: place.numbers + NUMBERS_PER_APPLIED,
      path: this.pathEnd(place),
      extents: place.extents + NUMBERS_PER_EXTENT * this.#number(place, APPLIED.extents),
    };
  }

  /** All entries, with their slots. */
  *entries(): Generator<{ readonly entry: FileEntry | MkdirEntry; readonly slot: number }> {
    for (let place = EntryColumns.START; place.numbers < this.end; place = this.after(place))
      yield { entry: this.entry(place), slot: this.slot(place) };
  }

  /** The entry at a place. */
  entry(place: EntryPlace): FileEntry | MkdirEntry {
    if (this.isFile(place)) return this.file(place);
    const uid = this.#number(place, APPLIED.uid);
    const gid = this.#number(place, APPLIED.gid);
    return { type: 'MKDIR', path: this.#path(place), uid, gid, mode: this.#number(place, APPLIED.mode) };
  }

  /** The entry at a place, which must be that of a file. */
  file(place: EntryPlace): FileEntry {
    const { numbers } = this.block;
    const at = place.numbers;
    return {
      type: 'FILE',
      path: this.#path(place),
      size: numbers[at + APPLIED.size] as number,
      flags: numbers[at + APPLIED.flags] as number,
      uid: numbers[at + APPLIED.uid] as number,
      gid: numbers[at + APPLIED.gid] as number,
      mode: numbers[at + APPLIED.mode] as number,
      fmap: this.#fmap(place),
    };
  }

  #number(place: EntryPlace, position: number): number {
    return this.block.numbers[place.numbers + position] as number;
  }

  #path(place: EntryPlace): string {
    const end = this.pathEnd(place);
    if (this.#isAscii) return this.paths.toString('latin1', place.path, end);
    return decodePath(this.paths.subarray(place.path, end));
  }

  #fmap(place: EntryPlace): Fmap {
    const numbers = this.block.extents;
    const end = place.extents + NUMBERS_PER_EXTENT * this.#number(place, APPLIED.extents);
    const extents: Extent[] = [];
    for (let at = place.extents; at < end; at += NUMBERS_PER_EXTENT)
      extents.push({
        daxdev: numbers[at] as number,
        deviceOffset: numbers[at + 1] as number,
        length: numbers[at + 2] as number,
      });
    const chunkSize = this.#number(place, APPLIED.chunkSize);
    return chunkSize === 0 ? { layout: 'simple', extents } : { layout: 'interleaved', chunkSize, extents };
  }
}

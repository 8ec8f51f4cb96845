/** Many files of the log at once, as columns that the addon filled: an object is made only for a file that is asked for. */
import { isAscii } from 'node:buffer';
import type { FileEntry } from '../../format/entries/file.js';
import type { Extent, Fmap } from '../../format/fmap.js';
import { decodePath } from '../../format/path.js';
import { APPLIED, type AppliedBlock, NUMBERS_PER_APPLIED, NUMBERS_PER_EXTENT } from '../../native/logTable.js';

/** A file by its log entry. */
export interface FileInLog {
  readonly entry: FileEntry;
  /** log slot of the entry */
  readonly slot: number;
}

/** Where the columns of an entry begin. */
interface Place {
  readonly numbers: number;
  readonly path: number;
  readonly extents: number;
}

export class FileBlock {
  /** the paths of entries, one after the other */
  readonly paths: Buffer;
  readonly #read: AppliedBlock;
  readonly #places: readonly Place[];
  /** ASCII is decoded in a fraction of the time */
  readonly #isAscii: boolean;

  private constructor(read: AppliedBlock, places: readonly Place[]) {
    this.paths = Buffer.from(read.paths.buffer, read.paths.byteOffset, read.paths.length);
    this.#isAscii = isAscii(this.paths);
    this.#read = read;
    this.#places = places;
  }

  /**
   * The files of `slots`, which ascend, among entries that were read. Files that follow each other come as a block; a slot whose
   * entry is no sound file comes as its number.
   */
  static *of(read: AppliedBlock, slots: Uint32Array): Generator<FileBlock | number> {
    const entries = placesOf(read);
    let places: Place[] = [];
    let next = 0;
    for (const slot of slots) {
      while (next < entries.length && slotAt(read, entries[next] as Place) < slot) next++;
      const place = entries[next];
      // sound entries are FILE and MKDIR, and only those of files have extents
      if (place !== undefined && slotAt(read, place) === slot && numberAt(read, place, APPLIED.extents) > 0) {
        places.push(place);
        continue;
      }
      if (places.length > 0) yield new FileBlock(read, places);
      places = [];
      yield slot;
    }
    if (places.length > 0) yield new FileBlock(read, places);
  }

  /** number of files */
  get count(): number {
    return this.#places.length;
  }

  /** Where in `paths` the path of file `i` of the block begins. */
  pathStart(i: number): number {
    return (this.#places[i] as Place).path;
  }

  /** Where it ends. */
  pathEnd(i: number): number {
    const place = this.#places[i] as Place;
    return place.path + numberAt(this.#read, place, APPLIED.pathBytes);
  }

  /** File `i` of the block. */
  file(i: number): FileInLog {
    const place = this.#places[i] as Place;
    const { numbers } = this.#read;
    const at = place.numbers;
    const entry: FileEntry = {
      type: 'FILE',
      path: this.#path(place),
      size: numbers[at + APPLIED.size] as number,
      flags: numbers[at + APPLIED.flags] as number,
      uid: numbers[at + APPLIED.uid] as number,
      gid: numbers[at + APPLIED.gid] as number,
      mode: numbers[at + APPLIED.mode] as number,
      fmap: this.#fmap(place),
    };
    return { entry, slot: slotAt(this.#read, place) };
  }

  #path({ path: start, numbers }: Place): string {
    const end = start + (this.#read.numbers[numbers + APPLIED.pathBytes] as number);
    if (this.#isAscii) return this.paths.toString('latin1', start, end);
    return decodePath(this.paths.subarray(start, end));
  }

  #fmap(place: Place): Fmap {
    const numbers = this.#read.extents;
    const end = place.extents + NUMBERS_PER_EXTENT * numberAt(this.#read, place, APPLIED.extents);
    const extents: Extent[] = [];
    for (let at = place.extents; at < end; at += NUMBERS_PER_EXTENT)
      extents.push({
        daxdev: numbers[at] as number,
        deviceOffset: numbers[at + 1] as number,
        length: numbers[at + 2] as number,
      });
    const chunkSize = numberAt(this.#read, place, APPLIED.chunkSize);
    return chunkSize === 0 ? { layout: 'simple', extents } : { layout: 'interleaved', chunkSize, extents };
  }
}

function placesOf(read: AppliedBlock): Place[] {
  const places: Place[] = [];
  let path = 0;
  let extents = 0;
  for (let numbers = 0; numbers < read.numbers.length; numbers += NUMBERS_PER_APPLIED) {
    const place = { numbers, path, extents };
    places.push(place);
    path += numberAt(read, place, APPLIED.pathBytes);
    extents += NUMBERS_PER_EXTENT * numberAt(read, place, APPLIED.extents);
  }
  return places;
}

function numberAt({ numbers }: AppliedBlock, place: Place, position: number): number {
  return numbers[place.numbers + position] as number;
}

function slotAt(read: AppliedBlock, place: Place): number {
  return numberAt(read, place, APPLIED.slot);
}

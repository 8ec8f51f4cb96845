/** New small files of a tree of this host as columns: an object for each would cost as much as its bytes. */
import { FILE_FLAG_READ_WRITE, type FileEntry } from '../../format/entries/file.js';
import type { Extent } from '../../format/fmap.js';
import { APPLIED, type AppliedBlock, NUMBERS_PER_APPLIED, NUMBERS_PER_EXTENT } from '../../native/logTable.js';
import { NUMBERS_PER_VERSION } from '../../native/smallFiles.js';
import type { PlannedFiles } from '../allocate/plannedBlocks.js';
import { EntryColumns } from '../log/entryColumns.js';
import type { InFile } from './filePlan.js';
import { type ListedFiles, nameStart, type Source, textBelow } from './listedFiles.js';
import { localJoin } from './localFile.js';

/** bytes of a path to reserve; there is room for more once they are needed */
const USUAL_PATH = 32;
const SLASH = 0x2f;

/** What a file of the tree gets. */
export interface Attributes {
  /** bytes */
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export class TreeFiles {
  /** number of files */
  count = 0;
  /** as in an AppliedBlock */
  readonly #numbers: Float64Array;
  /** one of each file, as in an AppliedBlock */
  readonly #extents: Float64Array;
  /** as in SmallFileColumns */
  readonly #versions: Float64Array;
  /** where in #paths the path of each file ends */
  readonly #pathEnds: Uint32Array;
  /** bytes of a path before what lies below the operand */
  readonly #skipped: number;
  #paths: Buffer;
  /** paths below the operand, each ended by a zero */
  #names: Buffer;

  /**
   * @param operand what the walk began with
   * @param base where that goes in the file system: all of the path of a file but what lies below the operand
   * @param most number of files that there can be
   * @param verify compare after copying
   */
  constructor(
    readonly operand: Source,
    readonly base: string,
    most: number,
    readonly verify: boolean,
  ) {
    this.#skipped = base === '' ? 0 : base.length + 1;
    this.#numbers = new Float64Array(most * NUMBERS_PER_APPLIED);
    this.#extents = new Float64Array(most * NUMBERS_PER_EXTENT);
    this.#versions = new Float64Array(most * NUMBERS_PER_VERSION);
    this.#pathEnds = new Uint32Array(most);
    this.#paths = Buffer.alloc(most * USUAL_PATH);
    this.#names = Buffer.alloc(most * USUAL_PATH);
  }

  /** Adds a file of a folder. `directory` is the path of that in the file system; it and the name are ASCII. */
  add(listed: ListedFiles, index: number, directory: string, attributes: Attributes, extent: Extent): void {
    const { table } = listed;
    const i = this.count++;
    this.#addPath(i, listed, index, directory);
    const numbers = this.#numbers;
    const at = i * NUMBERS_PER_APPLIED;
    numbers[at + APPLIED.flags] = FILE_FLAG_READ_WRITE;
    numbers[at + APPLIED.mode] = attributes.mode;
    numbers[at + APPLIED.uid] = attributes.uid;
    numbers[at + APPLIED.gid] = attributes.gid;
    numbers[at + APPLIED.size] = attributes.size;
    numbers[at + APPLIED.chunkSize] = 0;
    numbers[at + APPLIED.extents] = 1;
    numbers[at + APPLIED.pathBytes] = (this.#pathEnds[i] as number) - this.#pathStart(i);
    const place = i * NUMBERS_PER_EXTENT;
    this.#extents[place] = extent.daxdev;
    this.#extents[place + 1] = extent.deviceOffset;
    this.#extents[place + 2] = extent.length;
    const version = i * NUMBERS_PER_VERSION;
    this.#versions[version] = table.dev(index);
    this.#versions[version + 1] = table.ino(index);
    this.#versions[version + 2] = table.mtimeMs(index);
  }

  size(index: number): number {
    return this.#numbers[index * NUMBERS_PER_APPLIED + APPLIED.size] as number;
  }

  extent(index: number): Extent {
    const at = index * NUMBERS_PER_EXTENT;
    const number = (field: number) => this.#extents[at + field] as number;
    return { daxdev: number(0), deviceOffset: number(1), length: number(2) };
  }

  path(index: number): string {
    return this.#paths.toString('latin1', this.#pathStart(index), this.#pathEnds[index]);
  }

  entry(index: number): FileEntry {
    return new EntryColumns(this.block(index, index + 1)).file(EntryColumns.START);
  }

  /** Path of the source, for messages. */
  source(index: number): string {
    return textBelow(this.operand, this.#below(index).toString('latin1'));
  }

  /** A file as a plan of its own. */
  plan(index: number): InFile {
    const at = index * NUMBERS_PER_VERSION;
    const number = (field: number) => this.#versions[at + field] as number;
    const version = { dev: number(0), ino: number(1), mtimeMs: number(2) };
    const text = this.source(index);
    const local = localJoin(this.operand.local, this.#below(index));
    const source = { local, text, size: this.size(index), ...version, bytes: undefined };
    return {
      entry: this.entry(index),
      isNew: true,
      content: { from: 'file', source, verify: this.verify },
      source: text,
    };
  }

  /** The entries of files [from, to), for WriteSession.appendBlock. */
  block(from: number, to: number): AppliedBlock {
    return {
      numbers: this.#numbers.subarray(from * NUMBERS_PER_APPLIED, to * NUMBERS_PER_APPLIED),
      paths: this.#paths.subarray(this.#pathStart(from), this.#pathStart(to)),
      extents: this.#extents.subarray(from * NUMBERS_PER_EXTENT, to * NUMBERS_PER_EXTENT),
    };
  }

  /** What SmallFileColumns has of files [from, to), but for their places. */
  sources(from: number, to: number): { folder: Uint8Array; paths: Uint8Array; versions: Float64Array } {
    return {
      folder: this.operand.local,
      paths: this.#names.subarray(this.#nameStart(from), this.#nameStart(to)),
      versions: this.#versions.subarray(from * NUMBERS_PER_VERSION, to * NUMBERS_PER_VERSION),
    };
  }

  #addPath(i: number, listed: ListedFiles, index: number, directory: string): void {
    const { names } = listed;
    const from = nameStart(listed, index);
    const to = listed.table.nameEnd(index);
    const start = this.#pathStart(i);
    let end = start + directory.length + 1;
    this.#paths = withRoom(this.#paths, end + to - from);
    const paths = this.#paths;
    for (let k = 0; k < directory.length; k++) paths[start + k] = directory.charCodeAt(k);
    paths[end - 1] = SLASH;
    for (let k = from; k < to; k++) paths[end++] = names[k] as number;
    this.#pathEnds[i] = end;
    let at = this.#nameStart(i);
    this.#names = withRoom(this.#names, at + end - start + 1);
    const below = this.#names;
    for (let k = start + this.#skipped; k < end; k++) below[at++] = paths[k] as number;
    below[at] = 0;
  }

  #pathStart(index: number): number {
    return index === 0 ? 0 : (this.#pathEnds[index - 1] as number);
  }

  #nameStart(index: number): number {
    return this.#pathStart(index) + index * (1 - this.#skipped);
  }

  #below(index: number): Buffer {
    return this.#paths.subarray(this.#pathStart(index) + this.#skipped, this.#pathEnds[index]);
  }
}

/** Files [from, to) of a tree. */
export class TreePart implements PlannedFiles {
  constructor(
    readonly tree: TreeFiles,
    readonly from: number,
    readonly to: number,
  ) {}

  path(index: number): string {
    return this.tree.path(index);
  }

  entry(index: number): FileEntry {
    return this.tree.entry(index);
  }
}

function withRoom(bytes: Buffer, length: number): Buffer {
  if (length <= bytes.length) return bytes;
  const longer = Buffer.alloc(Math.max(length, 2 * bytes.length));
  bytes.copy(longer);
  return longer;
}

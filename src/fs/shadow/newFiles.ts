/** New files of a shadow tree that nobody reads yet: collected, and written by a thread while the caller prepares the next ones. */
import { lastName, parentPath, pathBytes } from '../../format/path.js';
import { NewFiles } from '../../native/newFiles.js';
import { FILE_MODE } from './files.js';
import type { ShadowFolders } from './folders.js';

const MOST_FILES = 1024;
/** far fewer than ShadowFolders keeps open */
const MOST_FOLDERS = 32;

/** A file that is to be made. */
export interface NewShadowFile {
  /** below the top of the tree */
  readonly path: string;
  readonly text: string;
}

export class NewShadowFiles<File extends NewShadowFile> {
  readonly #files = new NewFiles(FILE_MODE);
  #collected: File[] = [];
  /** index of each folder, by path */
  #folders = new Map<string, number>();
  #folderOf: number[] = [];
  #underWay: readonly File[] = [];

  /**
   * @param made gets the number of files that were made
   * @param taken is given each file whose name is taken
   */
  constructor(
    private readonly folders: ShadowFolders,
    private readonly made: (count: number) => void,
    private readonly taken: (file: File) => void,
  ) {}

  /** Adds a file; it is made by `finish` at the latest. Throws as ShadowFolders.fd does, and SHADOW_WRITE for earlier files. */
  add(file: File): void {
    const parent = parentPath(file.path);
    let folder = this.#folders.get(parent);
    if (folder === undefined) {
      this.folders.fd(parent);
      folder = this.#folders.size;
      this.#folders.set(parent, folder);
    }
    this.#collected.push(file);
    this.#folderOf.push(folder);
    if (this.#collected.length >= MOST_FILES || this.#folders.size >= MOST_FOLDERS) this.#begin();
  }

  /** Makes all files that were added. Throws SHADOW_WRITE. */
  finish(): void {
    this.#begin();
    this.#settle();
  }

  /** Ends what is under way; files that were not begun are not made. */
  abandon(): void {
    this.#collected = [];
    this.#files.wait();
  }

  #begin(): void {
    this.#settle();
    if (this.#collected.length === 0) return;
    const files = this.#collected;
    let end = 0;
    this.#files.begin({
      folders: Int32Array.from(this.#folders.keys(), (path) => this.folders.fd(path)),
      folderOf: Uint32Array.from(this.#folderOf),
      names: pathBytes(files.map(({ path }) => `${lastName(path)}\0`).join('')),
      texts: Buffer.from(files.map(({ text }) => text).join('')),
      ends: Uint32Array.from(files, ({ text }) => (end += Buffer.byteLength(text))),
    });
    this.#underWay = files;
    this.#collected = [];
    this.#folders = new Map();
    this.#folderOf = [];
  }

  #settle(): void {
    const files = this.#underWay;
    this.#underWay = [];
    const { taken, failure } = this.#files.wait();
    if (failure !== undefined) throw this.folders.failure((files[failure.file] as File).path, failure.error);
    this.made(files.length - taken.length);
    for (const file of taken) this.taken(files[file] as File);
  }
}

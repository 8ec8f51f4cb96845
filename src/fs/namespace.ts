/** The tree of names that replaying the log gives. */
import type { FileEntry, MkdirEntry } from '../format/logEntry.js';
import { parentPath } from '../format/path.js';
import { NodeColumns } from './nodeColumns.js';
import type { ProblemCode } from './problem.js';

/** A file or directory. Its map is not kept: `slot` tells which entry to read for it. */
export interface Node {
  readonly kind: 'file' | 'directory';
  readonly path: string;
  /** log slot of the entry that made it; -1 for the root */
  readonly slot: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** bytes; 0 for a directory */
  readonly size: number;
}

const ROOT: Node = { kind: 'directory', path: '', slot: -1, mode: 0o755, uid: 0, gid: 0, size: 0 };

/** What is in one directory: full paths, and the row of each. */
type Directory = Map<string, number>;

export class Namespace {
  readonly #rows = new NodeColumns();
  /** by path; the root is '' */
  readonly #directories = new Map<string, Directory>([['', new Map()]]);
  #bytes = 0;
  // entries of one directory tend to follow each other: its small map is asked, and stays in the processor's cache
  #lastParent = '';
  #lastDirectory = this.#directories.get('') as Directory;

  /** Adds what an entry makes, or says why it cannot be there. */
  add(entry: FileEntry | MkdirEntry, slot: number): ProblemCode | undefined {
    const { path } = entry;
    const fault = this.faultOf(path);
    if (fault !== undefined) return fault;
    this.#lastDirectory.set(path, this.#rows.add(entry, slot));
    if (entry.type === 'FILE') this.#bytes += entry.size;
    else this.#directories.set(path, new Map());
    return undefined;
  }

  /** Why nothing can be made at `path`: it exists, or its parent is no directory. */
  faultOf(path: string): ProblemCode | undefined {
    if (!isChildOf(path, this.#lastParent)) {
      const parent = parentPath(path);
      const directory = this.#directories.get(parent);
      if (directory === undefined) return this.get(parent) === undefined ? 'PARENT_MISSING' : 'PARENT_NOT_DIRECTORY';
      this.#lastParent = parent;
      this.#lastDirectory = directory;
    }
    return this.#lastDirectory.has(path) ? 'PATH_DUPLICATE' : undefined;
  }

  /** The node at a path relative to the root; '' is the root. */
  get(path: string): Node | undefined {
    if (path === '') return ROOT;
    const row = this.#directories.get(parentPath(path))?.get(path);
    return row === undefined ? undefined : this.#rows.node(row);
  }

  /** All nodes but the root, in log order. */
  *nodes(): IterableIterator<Node> {
    for (let row = 0; row < this.#rows.count; row++) yield this.#rows.node(row);
  }

  /** The direct children of each directory, in log order; '' is the root's key. */
  children(): Map<string, Node[]> {
    const children = new Map<string, Node[]>();
    for (const [path, directory] of this.#directories) {
      children.set(
        path,
        Array.from(directory.values(), (row) => this.#rows.node(row)),
      );
    }
    return children;
  }

  get fileCount(): number {
    return this.#rows.count - this.directoryCount;
  }

  /** directories, the root left out */
  get directoryCount(): number {
    return this.#directories.size - 1;
  }

  /** sum of the files' sizes, bytes */
  get fileBytes(): number {
    return this.#bytes;
  }
}

/** Whether `parent` is all of `path` up to its last slash; makes no string, as it is asked for every entry. */
function isChildOf(path: string, parent: string): boolean {
  const { length } = parent;
  if (length === 0) return path.indexOf('/') < 0;
  return path.charCodeAt(length) === 0x2f && path.indexOf('/', length + 1) < 0 && path.startsWith(parent);
}

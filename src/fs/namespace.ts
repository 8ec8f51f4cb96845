/** The tree of names that replaying the log gives. */
import type { FileEntry, MkdirEntry } from '../format/logEntry.js';
import { parentPath } from '../format/path.js';
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

export class Namespace {
  readonly #nodes = new Map<string, Node>();
  #directories = 0;
  #bytes = 0;
  // entries of one directory tend to follow each other
  #lastParent = '';

  /** Adds what an entry makes, or says why it cannot be there. */
  add(entry: FileEntry | MkdirEntry, slot: number): ProblemCode | undefined {
    const fault = this.faultOf(entry.path);
    if (fault !== undefined) return fault;
    const { path, mode, uid, gid } = entry;
    const kind = entry.type === 'FILE' ? 'file' : 'directory';
    const size = entry.type === 'FILE' ? entry.size : 0;
    this.#nodes.set(path, { kind, path, slot, mode, uid, gid, size });
    if (kind === 'directory') this.#directories++;
    else this.#bytes += size;
    return undefined;
  }

  /** Why nothing can be made at `path`: it exists, or its parent is no directory. */
  faultOf(path: string): ProblemCode | undefined {
    if (this.#nodes.has(path)) return 'PATH_DUPLICATE';
    const parent = parentPath(path);
    if (parent === this.#lastParent) return undefined;
    const node = this.get(parent);
    if (node === undefined) return 'PARENT_MISSING';
    if (node.kind !== 'directory') return 'PARENT_NOT_DIRECTORY';
    this.#lastParent = parent;
    return undefined;
  }

  /** The node at a path relative to the root; '' is the root. */
  get(path: string): Node | undefined {
    return path === '' ? ROOT : this.#nodes.get(path);
  }

  /** All nodes but the root, in log order. */
  nodes(): IterableIterator<Node> {
    return this.#nodes.values();
  }

  /** The direct children of each directory, in log order; '' is the root's key. */
  children(): Map<string, Node[]> {
    const children = new Map<string, Node[]>([['', []]]);
    for (const node of this.#nodes.values()) {
      if (node.kind === 'directory') children.set(node.path, []);
      children.get(parentPath(node.path))?.push(node);
    }
    return children;
  }

  get fileCount(): number {
    return this.#nodes.size - this.#directories;
  }

  /** directories, the root left out */
  get directoryCount(): number {
    return this.#directories;
  }

  /** sum of the files' sizes, bytes */
  get fileBytes(): number {
    return this.#bytes;
  }
}

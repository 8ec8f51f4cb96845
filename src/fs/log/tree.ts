/** The names as a tree: the contents of each directory, without an object for each node. */
import type { Node } from './namespace.js';

/** Names as the tree needs them; rows are numbered in log order. */
export interface TreeSource {
  /** row of the directory that holds each row; ROOT_ROW for the root */
  readonly parents: Uint32Array;
  /** 1 for a directory */
  readonly kinds: Uint8Array;
  node(row: number): Node;
  /** the row of a path; ROOT_ROW for the root, undefined where there is none */
  rowOf(path: string): number | undefined;
  /** the rows of one directory in another order, perhaps in the same array */
  sorted(rows: Uint32Array, order: Order): Uint32Array;
}

/** By name, as people look for one; or from the end of the log to its start. */
export type Order = 'name' | 'newest';

/** What is in a directory. */
export interface Contents {
  readonly directory: Node;
  readonly nodes: readonly Node[];
}

/** The same by rows. */
export interface ContentRows {
  /** ROOT_ROW for the root */
  readonly directory: number;
  readonly rows: Uint32Array;
}

export const ROOT_ROW = 0xffffffff;

export class Tree {
  readonly #source: TreeSource;
  /** rows by directory, in log order within each; the rows of a directory are at [starts[i], starts[i + 1]) */
  readonly #rows: Uint32Array;
  /** by row of the directory + 1; 0 is the root */
  readonly #starts: Uint32Array;

  constructor(source: TreeSource) {
    const { parents } = source;
    const starts = new Uint32Array(parents.length + 2);
    const rows = new Uint32Array(parents.length);
    for (let row = 0; row < parents.length; row++) starts[indexOf(parents[row] as number) + 1]!++;
    for (let i = 1; i < starts.length; i++) starts[i]! += starts[i - 1] as number;
    const next = starts.slice();
    for (let row = 0; row < parents.length; row++) rows[next[indexOf(parents[row] as number)]!++] = row;
    this.#source = source;
    this.#rows = rows;
    this.#starts = starts;
  }

  /** The direct contents of a directory, in log order; empty for any other node. */
  childrenOf(directory: Node): Node[] {
    const row = directory.kind === 'directory' ? this.#source.rowOf(directory.path) : undefined;
    return row === undefined ? [] : this.#nodesOf(this.#rowsIn(row));
  }

  /**
   * Each directory with its direct contents, one at a time, so that a long listing is never in memory; with `recursive`, each is
   * followed by those in it.
   */
  *walkRows(directories: readonly number[], order: Order, recursive: boolean): Generator<ContentRows> {
    const { kinds } = this.#source;
    const pending = directories.toReversed();
    for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
      const rows = this.#source.sorted(this.#rowsIn(directory).slice(), order);
      yield { directory, rows };
      if (!recursive) continue;
      for (let i = rows.length - 1; i >= 0; i--) if (kinds[rows[i] as number] === 1) pending.push(rows[i] as number);
    }
  }

  /** The node of a row. */
  node(row: number): Node {
    return this.#source.node(row);
  }

  /** A directory and all in it, likewise and by name, as objects. Nothing for any other node. */
  *walk(directory: Node, recursive: boolean): Generator<Contents> {
    const start = directory.kind === 'directory' ? this.#source.rowOf(directory.path) : undefined;
    if (start === undefined) return;
    for (const { directory: row, rows } of this.walkRows([start], 'name', recursive))
      yield { directory: row === start ? directory : this.node(row), nodes: this.#nodesOf(rows) };
  }

  #nodesOf(rows: Uint32Array): Node[] {
    return Array.from(rows, (row) => this.node(row));
  }

  #rowsIn(row: number): Uint32Array {
    const index = indexOf(row);
    return this.#rows.subarray(this.#starts[index], this.#starts[index + 1]);
  }
}

function indexOf(row: number): number {
  return row === ROOT_ROW ? 0 : row + 1;
}

/** The order of names for people, of nodes in one directory. */
export function byName(a: Pick<Node, 'path'>, b: Pick<Node, 'path'>): number {
  return a.path < b.path ? -1 : 1;
}

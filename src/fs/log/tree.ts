/** The names as a tree: the contents of each directory, without an object for each node. */
import type { TreeColumns } from '../../native/logTable.js';
import type { Node } from './namespace.js';

/** Names as the tree needs them; rows are numbered in log order. */
export interface TreeSource extends TreeColumns {
  node(row: number): Node;
  /** the row of a path; ROOT_ROW for the root, undefined where there is none */
  rowOf(path: string): number | undefined;
  /** the rows of one directory in another order, perhaps in the same array */
  sorted(rows: Uint32Array, order: Order): Uint32Array;
  /** all rows, those of each directory by name, but for the directories that have 0 in `done` */
  byName(): { readonly rows: Uint32Array; readonly done: Uint8Array };
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
  #byName: ReturnType<TreeSource['byName']> | undefined;

  constructor(source: TreeSource) {
    this.#source = source;
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
    const { kinds, nested } = this.#source;
    const pending = directories.toReversed();
    for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
      const rows = recursive && order === 'name' ? this.#named(directory) : this.#ordered(directory, order);
      yield { directory, rows };
      if (!recursive || nested[indexOf(directory)] === 0) continue;
      for (let i = rows.length - 1; i >= 0; i--) if (kinds[rows[i] as number] === 1) pending.push(rows[i] as number);
    }
  }

  /** The rows in a directory, in some order. */
  #ordered(directory: number, order: Order): Uint32Array {
    return this.#source.sorted(this.#rowsIn(directory).slice(), order);
  }

  /** The same by name, for a listing of many directories: all are sorted at once. */
  #named(directory: number): Uint32Array {
    this.#byName ??= this.#source.byName();
    const { rows, done } = this.#byName;
    return done[indexOf(directory)] === 1 ? this.#rowsIn(directory, rows) : this.#ordered(directory, 'name');
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

  #rowsIn(row: number, rows = this.#source.rows): Uint32Array {
    const { starts } = this.#source;
    const index = indexOf(row);
    return rows.subarray(starts[index], starts[index + 1]);
  }
}

/** The number of a directory, by its row. */
function indexOf(row: number): number {
  return row === ROOT_ROW ? 0 : row + 1;
}

/** The order of names for people, of nodes in one directory. */
export function byName(a: Pick<Node, 'path'>, b: Pick<Node, 'path'>): number {
  return a.path < b.path ? -1 : 1;
}

/** The names as a tree: the contents of each directory, without an object for each node. */
import type { Node } from './namespace.js';

/** Names as the tree needs them; rows are numbered in log order. */
export interface TreeSource {
  /** row of the directory that holds each row; ROOT_ROW for the root */
  readonly parents: Uint32Array;
  node(row: number): Node;
  /** the row of a path; ROOT_ROW for the root, undefined where there is none */
  rowOf(path: string): number | undefined;
}

/** What is in a directory. */
export interface Contents {
  readonly directory: Node;
  readonly nodes: readonly Node[];
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
    this.#source = source;
    this.#rows = new Uint32Array(parents.length);
    this.#starts = new Uint32Array(parents.length + 2);
    for (const parent of parents) this.#starts[indexOf(parent) + 1]!++;
    for (let i = 1; i < this.#starts.length; i++) this.#starts[i]! += this.#starts[i - 1] as number;
    const next = this.#starts.slice();
    for (const [row, parent] of parents.entries()) this.#rows[next[indexOf(parent)]!++] = row;
  }

  /** The direct contents of a directory, in log order; empty for any other node. */
  childrenOf(directory: Node): Node[] {
    const row = directory.kind === 'directory' ? this.#source.rowOf(directory.path) : undefined;
    if (row === undefined) return [];
    const index = indexOf(row);
    const rows = this.#rows.subarray(this.#starts[index], this.#starts[index + 1]);
    return Array.from(rows, (child) => this.#source.node(child));
  }

  /**
   * Each directory with its direct contents in `order`, one at a time, so that a long listing is never in memory; with
   * `recursive`, each is followed by those in it.
   */
  *walk(directories: readonly Node[], order: (a: Node, b: Node) => number, recursive: boolean): Generator<Contents> {
    const pending = directories.toReversed();
    for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
      const nodes = this.childrenOf(directory).sort(order);
      yield { directory, nodes };
      if (recursive) for (const node of nodes.toReversed()) if (node.kind === 'directory') pending.push(node);
    }
  }
}

function indexOf(row: number): number {
  return row === ROOT_ROW ? 0 : row + 1;
}

/** The order of names for people, of nodes in one directory. */
export function byName(a: Node, b: Node): number {
  return a.path < b.path ? -1 : 1;
}

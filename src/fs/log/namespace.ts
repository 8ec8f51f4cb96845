/** The tree of names that results from replaying the log. */
import { decodePath, fitsField, PATH_FIELD_SIZE, writePath } from '../../format/path.js';
import type { IsPlain } from '../../native/columnText.js';
import type { LogTable, NodeColumns, NodeFault, NodeRecord, NodeTraits } from '../../native/logTable.js';
import type { NodeForm, NodeText } from '../../native/nodeText.js';
import type { TextPrograms } from '../../native/recordText.js';
import { byName, type ContentRows, type Order, ROOT_ROW, Tree } from './tree.js';

/** Why a name cannot be added. */
export type NameFault = 'PATH_DUPLICATE' | 'PARENT_MISSING' | 'PARENT_NOT_DIRECTORY';

/** A file or directory. Its map is not kept; the entry in `slot` has it. */
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

/** A node to add: the fields of a FILE or MKDIR entry, and the position of its path's bytes. */
export interface NamedEntry extends Pick<Node, 'mode' | 'uid' | 'gid' | 'size'> {
  readonly pathData: Uint8Array;
  readonly pathStart: number;
  readonly pathEnd: number;
}

const ROOT: Node = { kind: 'directory', path: '', slot: -1, mode: 0o755, uid: 0, gid: 0, size: 0 };

const CODES: Readonly<Record<NodeFault, NameFault | undefined>> = {
  none: undefined,
  duplicate: 'PATH_DUPLICATE',
  'parent missing': 'PARENT_MISSING',
  'parent not a directory': 'PARENT_NOT_DIRECTORY',
};

/** To ask the addon for so many nodes costs less than copies of all columns. */
const FEW_NODES = 1000;

export class Namespace {
  readonly #table: LogTable;
  /** the bytes of a path that is looked up */
  readonly #bytes = Buffer.alloc(PATH_FIELD_SIZE);

  constructor(table: LogTable) {
    this.#table = table;
  }

  /** Adds the node of an entry, or says why it cannot be added. */
  add(kind: Node['kind'], entry: NamedEntry, slot: number): NameFault | undefined {
    const { mode, uid, gid, size, pathData: bytes, pathStart: start, pathEnd: end } = entry;
    const record = { directory: kind === 'directory', slot, mode, uid, gid, size };
    return CODES[this.#table.addNode(record, { bytes, start, end })];
  }

  /** Why nothing can be made at `path`, which is one that an entry can hold: it exists, or its parent is not a directory. */
  faultOf(path: string): NameFault | undefined {
    return CODES[this.#table.faultOf(this.#bytesOf(path))];
  }

  /** Whether faultOf is undefined for each path, after files at those before it were made. For the arguments see LogTable. */
  canAddFiles(paths: Uint8Array, ends: Uint32Array): boolean {
    return this.#table.canAddFiles(paths, ends);
  }

  /** The node at a path relative to the root; '' is the root. */
  get(path: string): Node | undefined {
    if (path === '') return ROOT;
    if (!fitsField(path)) return undefined;
    const row = this.#table.find(this.#bytesOf(path));
    return row === undefined ? undefined : toNode(path, this.#table.node(row));
  }

  /** All nodes but the root, in log order. */
  *nodes(): IterableIterator<Node> {
    const columns = this.#table.columns();
    for (let row = 0; row < columns.kinds.length; row++) yield nodeOf(columns, row);
  }

  /** Log slots of all nodes, ascending. */
  slots(): Uint32Array {
    return this.#table.columns().slots;
  }

  /** Log slots of all files, ascending. */
  fileSlots(): Uint32Array {
    const { kinds, slots } = this.#table.columns();
    const found = new Uint32Array(this.fileCount);
    let count = 0;
    for (let row = 0; row < kinds.length; row++) if (kinds[row] !== 1) found[count++] = slots[row] as number;
    return found;
  }

  /** The direct contents of a directory, in log order; empty for any other node. For many directories, see tree. */
  childrenOf(directory: Node): Node[] {
    const row = directory.kind === 'directory' ? this.rowOf(directory.path) : undefined;
    return row === undefined ? [] : Array.from(this.#table.childrenOf(row), (child) => this.node(child));
  }

  /** What Tree.walkRows yields without `recursive`: cheaper than a tree for a few directories. */
  *walkRows(directories: readonly number[], order: Order): Generator<ContentRows> {
    for (const directory of directories)
      yield { directory, rows: this.#sorted(this.#table.childrenOf(directory), order) };
  }

  /** The current nodes, by directory. */
  tree(): Tree {
    let columns: NodeColumns | undefined;
    let asked = 0;
    const tree = this.#table.tree();
    return new Tree({
      ...tree,
      node: (row) => {
        if (columns === undefined && ++asked > FEW_NODES) columns = this.#table.columns();
        return columns === undefined ? this.node(row) : nodeOf(columns, row);
      },
      rowOf: (path) => this.rowOf(path),
      sorted: (rows, order) => this.#sorted(rows, order),
      byName: () => {
        const rows = tree.rows.slice();
        return { rows, done: this.#table.sortContents(rows, tree.starts) };
      },
    });
  }

  /** The rows of nodes in one directory, which ascend, in another order; the array is used. */
  #sorted(rows: Uint32Array, order: Order): Uint32Array {
    // rows are numbered in log order
    if (order === 'newest') return rows.reverse();
    if (this.#table.sortByName(rows)) return rows;
    const named = Array.from(rows, (row) => ({ row, path: this.pathOf(row) }));
    return Uint32Array.from(named.sort(byName), ({ row }) => row);
  }

  /** The row of a path; ROOT_ROW for the root, undefined where there is none. */
  rowOf(path: string): number | undefined {
    return path === '' ? ROOT_ROW : this.#table.find(this.#bytesOf(path));
  }

  /** The path of a row. */
  pathOf(row: number): string {
    return row === ROOT_ROW ? '' : decodePath(this.#table.path(row));
  }

  /** The node of a row. */
  node(row: number): Node {
    return row === ROOT_ROW ? ROOT : toNode(this.pathOf(row), this.#table.node(row));
  }

  /** What nodes have in common; see LogTable. */
  traitsOf(rows: Uint32Array): NodeTraits[] {
    return this.#table.traitsOf(rows);
  }

  /** A printer of nodes by their rows; see LogTable. */
  printer(programs: TextPrograms, forms: readonly NodeForm[], isPlain: IsPlain): NodeText {
    return this.#table.printer(programs, forms, isPlain);
  }

  get fileCount(): number {
    const { nodes, directories } = this.#table.counts;
    return nodes - directories;
  }

  /** directories, without the root */
  get directoryCount(): number {
    return this.#table.counts.directories;
  }

  /** sum of the files' sizes, bytes */
  get fileBytes(): number {
    return this.#table.counts.fileBytes;
  }

  #bytesOf(path: string): { bytes: Uint8Array; start: number; end: number } {
    return { bytes: this.#bytes, start: 0, end: writePath(this.#bytes, 0, path) };
  }
}

function toNode(path: string, { directory, slot, mode, uid, gid, size }: NodeRecord): Node {
  return { kind: directory ? 'directory' : 'file', path, slot, mode, uid, gid, size };
}

function nodeOf(columns: NodeColumns, row: number): Node {
  const start = row === 0 ? 0 : (columns.pathEnds[row - 1] as number);
  return {
    kind: columns.kinds[row] === 1 ? 'directory' : 'file',
    path: decodePath(columns.paths.subarray(start, columns.pathEnds[row])),
    slot: columns.slots[row] as number,
    mode: columns.modes[row] as number,
    uid: columns.uids[row] as number,
    gid: columns.gids[row] as number,
    size: columns.sizes[row] as number,
  };
}

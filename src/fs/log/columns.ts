/** Files and directories as columns of numbers: half a million of them as objects would keep the collector busy. */

const INITIAL_ROWS = 64;
const FILE = 0;
const DIRECTORY = 1;

/** What a FILE or MKDIR entry makes, without its path. */
export interface NodeFields {
  readonly kind: 'file' | 'directory';
  /** log slot of the entry that made it; -1 for the root */
  readonly slot: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** bytes; 0 for a directory */
  readonly size: number;
}

/** The fields of an entry that are kept. */
export type NodeEntry = Pick<NodeFields, 'mode' | 'uid' | 'gid' | 'size'>;

export class NodeColumns {
  #kinds = new Uint8Array(INITIAL_ROWS);
  #slots = new Uint32Array(INITIAL_ROWS);
  #modes = new Uint16Array(INITIAL_ROWS);
  #uids = new Uint32Array(INITIAL_ROWS);
  #gids = new Uint32Array(INITIAL_ROWS);
  #sizes = new Float64Array(INITIAL_ROWS);

  /** Sets a row, the first, or one behind the last that was set. */
  set(row: number, kind: NodeFields['kind'], slot: number, { mode, uid, gid, size }: NodeEntry): void {
    if (row === this.#slots.length) this.#grow(row * 2);
    this.#kinds[row] = kind === 'directory' ? DIRECTORY : FILE;
    this.#slots[row] = slot;
    this.#modes[row] = mode;
    this.#uids[row] = uid;
    this.#gids[row] = gid;
    this.#sizes[row] = size;
  }

  /** Whether a row that was set is a directory. */
  isDirectory(row: number): boolean {
    return this.#kinds[row] === DIRECTORY;
  }

  /** A row that was set. */
  fields(row: number): NodeFields {
    return {
      kind: this.isDirectory(row) ? 'directory' : 'file',
      slot: this.#slots[row] as number,
      mode: this.#modes[row] as number,
      uid: this.#uids[row] as number,
      gid: this.#gids[row] as number,
      size: this.#sizes[row] as number,
    };
  }

  #grow(rows: number): void {
    this.#kinds = grown(this.#kinds, new Uint8Array(rows));
    this.#slots = grown(this.#slots, new Uint32Array(rows));
    this.#modes = grown(this.#modes, new Uint16Array(rows));
    this.#uids = grown(this.#uids, new Uint32Array(rows));
    this.#gids = grown(this.#gids, new Uint32Array(rows));
    this.#sizes = grown(this.#sizes, new Float64Array(rows));
  }
}

type Column = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

/** `target` with the values of a shorter column at its start. */
export function grown<T extends Column>(column: T, target: T): T {
  target.set(column);
  return target;
}

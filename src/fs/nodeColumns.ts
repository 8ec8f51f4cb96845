/** Files and directories as columns of numbers: half a million of them as objects would keep the collector busy. */
import type { FileEntry, MkdirEntry } from '../format/logEntry.js';
import type { Node } from './namespace.js';

const INITIAL_ROWS = 64;
const FILE = 0;
const DIRECTORY = 1;

export class NodeColumns {
  readonly #paths: string[] = [];
  #kinds = new Uint8Array(INITIAL_ROWS);
  #slots = new Uint32Array(INITIAL_ROWS);
  #modes = new Uint16Array(INITIAL_ROWS);
  #uids = new Uint32Array(INITIAL_ROWS);
  #gids = new Uint32Array(INITIAL_ROWS);
  #sizes = new Float64Array(INITIAL_ROWS);

  get count(): number {
    return this.#paths.length;
  }

  /** Adds what an entry makes; returns its row. */
  add(entry: FileEntry | MkdirEntry, slot: number): number {
    const row = this.#paths.length;
    if (row === this.#slots.length) this.#grow(row * 2);
    this.#paths.push(entry.path);
    this.#slots[row] = slot;
    this.#modes[row] = entry.mode;
    this.#uids[row] = entry.uid;
    this.#gids[row] = entry.gid;
    this.#kinds[row] = entry.type === 'FILE' ? FILE : DIRECTORY;
    this.#sizes[row] = entry.type === 'FILE' ? entry.size : 0;
    return row;
  }

  /** The file or directory of a row, which must be below the count. */
  node(row: number): Node {
    return {
      kind: this.#kinds[row] === DIRECTORY ? 'directory' : 'file',
      path: this.#paths[row] as string,
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

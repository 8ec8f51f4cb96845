/** Folders of this host, many names at a time: a call for each would cost more than the system calls. */
import { addon } from './addon.js';

/** numbers of a name in the rows of C++; see rowOf in cpp/folder.cc */
const FIELDS = 10;

/**
 * The names in a folder in the order of their bytes, each ended by a zero byte.
 * @throws DeviceError an errno name
 */
export function listFolder(path: Uint8Array): Buffer {
  return addon().listFolder(path);
}

/**
 * What stat says of names in a folder, each of which ends with a zero byte.
 * @param follow tell of what a symbolic link leads to, not of the link
 * @throws DeviceError an errno name, for the folder
 */
export function statNames(path: Uint8Array, names: Uint8Array, follow: boolean): NameTable {
  return new NameTable(addon().statNames(path, names, follow));
}

/** What stat says of many names, by their index: an object for each would cost more than the system calls. */
export class NameTable {
  constructor(private readonly numbers: Float64Array) {}

  /** number of names */
  get count(): number {
    return this.numbers.length / FIELDS;
  }

  /** Of a name that stat cannot look at: the errno, a positive number; else 0. */
  errno(index: number): number {
    return this.#number(index, 0);
  }

  /** type and permission bits */
  mode(index: number): number {
    return this.#number(index, 1);
  }

  uid(index: number): number {
    return this.#number(index, 2);
  }

  gid(index: number): number {
    return this.#number(index, 3);
  }

  /** bytes */
  size(index: number): number {
    return this.#number(index, 4);
  }

  /** of 512 bytes */
  blocks(index: number): number {
    return this.#number(index, 5);
  }

  dev(index: number): number {
    return this.#number(index, 6);
  }

  ino(index: number): number {
    return this.#number(index, 7);
  }

  /** as Stats.mtimeMs of node has it */
  mtimeMs(index: number): number {
    return this.#number(index, 8);
  }

  /** where the name ends among those that were given: the place of its zero */
  nameEnd(index: number): number {
    return this.#number(index, 9);
  }

  #number(index: number, field: number): number {
    return this.numbers[index * FIELDS + field] as number;
  }
}

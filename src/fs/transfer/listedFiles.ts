/** What was found in folders of this host: views on what stat said of many names, because a tree may have a million. */
import { constants } from 'node:fs';
import { decodePath, pathBytes } from '../../format/path.js';
import type { NameTable } from '../../native/folder.js';
import { type FileVersion, type LocalPath, localJoin } from './localFile.js';
import { saysItsSize } from './pseudoFiles.js';

const { S_IFMT, S_IFREG } = constants;
/** permission bits of a mode */
export const MODE_BITS = 0o7777;

/** A regular file of this host, to be read. */
export interface SourceFile extends FileVersion {
  readonly local: LocalPath;
  /** `local` as text, for messages */
  readonly text: string;
  /** what a file holds that does not say its size; `size` is their number */
  readonly bytes: Buffer | undefined;
}

/** A file or folder of this host. */
export interface Source extends SourceFile {
  readonly kind: 'file' | 'directory';
  /** path below the operand; '' for the operand itself */
  readonly below: string;
  /** permission bits */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** The kind of source of a type: the bits of a mode that tell it. */
export function kindOf(type: number): Source['kind'] {
  return type === S_IFREG ? 'file' : 'directory';
}

/** Names of a folder that were looked at together. */
export interface ListedNames {
  /** what the walk began with */
  readonly operand: Source;
  /** path of the folder below the operand; '' for the operand itself */
  readonly folder: string;
  /** each ended by a zero */
  readonly names: Buffer;
  readonly table: NameTable;
}

/** Names [from, to) of a folder: regular files that say their size. */
export class ListedFiles implements ListedNames {
  readonly kind = 'files';
  readonly operand: Source;
  readonly folder: string;
  readonly names: Buffer;
  readonly table: NameTable;

  constructor(
    { operand, folder, names, table }: ListedNames,
    readonly from: number,
    readonly to: number,
  ) {
    this.operand = operand;
    this.folder = folder;
    this.names = names;
    this.table = table;
  }

  /** One of the names as a source of its own. */
  source(index: number): Source {
    return new ListedSource(this, index);
  }

  *sources(): Generator<Source> {
    for (let i = this.from; i < this.to; i++) yield this.source(i);
  }
}

/** Whether a name is that of a regular file that says its size. */
export function isOrdinary({ table }: ListedNames, index: number): boolean {
  const isFile = table.errno(index) === 0 && (table.mode(index) & S_IFMT) === S_IFREG;
  return isFile && saysItsSize({ size: table.size(index), blocks: table.blocks(index) });
}

/** Where a name begins among all; it ends at nameEnd of the table. */
export function nameStart({ table }: ListedNames, index: number): number {
  return index === 0 ? 0 : table.nameEnd(index - 1) + 1;
}

/** One name of a folder. */
export class ListedSource implements Source {
  readonly below: string;
  bytes: Buffer | undefined;
  readonly #operand: Source;
  readonly #table: NameTable;

  constructor(
    listed: ListedNames,
    private readonly index: number,
  ) {
    const { operand, folder, names, table } = listed;
    this.#operand = operand;
    this.#table = table;
    const name = decodePath(names.subarray(nameStart(listed, index), table.nameEnd(index)));
    this.below = folder === '' ? name : `${folder}/${name}`;
  }

  get local(): LocalPath {
    return localJoin(this.#operand.local, pathBytes(this.below));
  }

  get text(): string {
    return textBelow(this.#operand, this.below);
  }

  /** of stat; 0 if it could look at the name */
  get errno(): number {
    return this.#table.errno(this.index);
  }

  get kind(): 'file' | 'directory' {
    return kindOf(this.type);
  }

  get type(): number {
    return this.#table.mode(this.index) & S_IFMT;
  }

  get mode(): number {
    return this.#table.mode(this.index) & MODE_BITS;
  }

  get uid(): number {
    return this.#table.uid(this.index);
  }

  get gid(): number {
    return this.#table.gid(this.index);
  }

  get size(): number {
    return this.bytes?.length ?? this.#table.size(this.index);
  }

  get blocks(): number {
    return this.#table.blocks(this.index);
  }

  get dev(): number {
    return this.#table.dev(this.index);
  }

  get ino(): number {
    return this.#table.ino(this.index);
  }

  get mtimeMs(): number {
    return this.#table.mtimeMs(this.index);
  }
}

/** The text of a path below an operand, for messages. */
export function textBelow({ text }: Pick<Source, 'text'>, below: string): string {
  return `${text}${text.endsWith('/') ? '' : '/'}${below}`;
}

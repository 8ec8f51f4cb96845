/** Finds the files to copy on this host and, with `recursive`, the trees below folders. */
import { constants, readlinkSync, statSync } from 'node:fs';
import { decodePath, pathBytes } from '../../format/path.js';
import { errnoName } from '../../native/error.js';
import { listFolder, type NameTable, statNames } from '../../native/folder.js';
import { type ErrorCode, FamfsError } from '../errors.js';
import { type FileVersion, type LocalPath, localError, localJoin, localText, orLocalError } from './localFile.js';
import type { PseudoFiles } from './pseudoFiles.js';

/** A file or folder of this host. */
export interface Source extends FileVersion {
  readonly kind: 'file' | 'directory';
  readonly local: LocalPath;
  /** `local` as text, for messages */
  readonly text: string;
  /** path below the operand; '' for the operand itself */
  readonly below: string;
  /** permission bits */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** what a file holds that does not say its size; `size` is their number */
  readonly bytes: Buffer | undefined;
}

export interface WalkOptions {
  /** descend into folders */
  readonly recursive: boolean;
  /** follow symbolic links inside trees; an operand that is one is always followed */
  readonly dereference: boolean;
  readonly signal: AbortSignal;
  readonly pseudoFiles: PseudoFiles;
  /** called for each source that cannot be copied; the others are copied nevertheless */
  failed(error: FamfsError): void;
}

/** names that are looked at together, and files between two checks of the signal */
const NAMES_AT_ONCE = 256;
const MODE_BITS = 0o7777;
const { S_IFMT, S_IFREG, S_IFDIR, S_IFLNK } = constants;

/**
 * A file, or a folder and everything in it: each folder before its contents, names in byte order. Throws the signal's reason when
 * it is aborted.
 */
export async function walkSource(operand: LocalPath, options: WalkOptions): Promise<Source[]> {
  const walk = new Walk(options);
  await walk.from(operand);
  return walk.found;
}

/** One file, or what a link leads to. Throws CANNOT_READ, IS_DIRECTORY, SPECIAL_FILE or EMPTY_FILE. */
export function fileSource(local: LocalPath, pseudoFiles: PseudoFiles): Source {
  return namedSource(local, { recursive: false, pseudoFiles });
}

type Rules = Pick<WalkOptions, 'recursive' | 'pseudoFiles'>;

/** A file or folder that was named. Throws CANNOT_READ, and what bytesOf throws. */
function namedSource(local: LocalPath, rules: Rules): Source {
  const { dev, ino, mtimeMs, uid, gid, size, blocks, mode } = orLocalError('read', local, () => statSync(local));
  const text = localText(local);
  const type = mode & S_IFMT;
  const bytes = bytesOf({ local, text, type, dev, ino, size, blocks }, [], rules);
  const length = bytes?.length ?? size;
  const kind = kindOf(type);
  return { kind, local, text, below: '', mode: mode & MODE_BITS, uid, gid, size: length, dev, ino, mtimeMs, bytes };
}

/** Looks at the folders one after the other. */
class Walk {
  readonly found: Source[] = [];
  #looked = 0;

  constructor(private readonly options: WalkOptions) {}

  async from(operand: LocalPath): Promise<void> {
    const source = this.#attempt(() => namedSource(operand, this.options));
    if (source === undefined) return;
    this.found.push(source);
    if (source.kind === 'directory') await this.#inside(source, source, [source]);
  }

  /** @param above the folders on the way to what is in `folder`, the last of them */
  async #inside(operand: Source, folder: Source, above: readonly Source[]): Promise<void> {
    const { local } = folder;
    const names = this.#attempt(() => orLocalError('read', local, () => listFolder(local)));
    for (const part of partsOf(names ?? Buffer.alloc(0))) {
      const follow = this.options.dereference;
      const table = this.#attempt(() => orLocalError('read', local, () => statNames(local, part, follow)));
      if (table === undefined) return;
      const prefix = folder.below === '' ? '' : `${folder.below}/`;
      // decoded at once: zeros end what is not UTF-8, too
      const texts = decodePath(part.subarray(0, -1)).split('\0');
      for (let i = 0; i < texts.length; i++) {
        const source = new ListedSource(operand, prefix + texts[i], table, i);
        if (!this.#take(source, above)) continue;
        if (source.kind === 'directory') await this.#inside(operand, source, [...above, source]);
        // not for each file: a promise costs more than it
        if (++this.#looked % NAMES_AT_ONCE === 0) await this.#pause();
      }
    }
  }

  /** Whether a source can be copied; tells why not. */
  #take(source: ListedSource, above: readonly Source[]): boolean {
    try {
      source.examine(above, this.options);
      this.found.push(source);
      return true;
    } catch (error) {
      if (!(error instanceof FamfsError)) throw error;
      this.options.failed(error);
      return false;
    }
  }

  async #pause(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.options.signal.throwIfAborted();
  }

  #attempt<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof FamfsError)) throw error;
      this.options.failed(error);
      return undefined;
    }
  }
}

/** The names of a folder, each ended by a zero, NAMES_AT_ONCE at a time. */
function* partsOf(names: Buffer): Generator<Buffer> {
  for (let from = 0; from < names.length; ) {
    let to = from;
    for (let count = 0; count < NAMES_AT_ONCE && to < names.length; count++) to = names.indexOf(0, to) + 1;
    yield names.subarray(from, to);
    from = to;
  }
}

/** One name of a folder: a view on what stat said of many, because a tree may have a million. */
class ListedSource implements Source {
  bytes: Buffer | undefined;

  constructor(
    private readonly operand: Source,
    readonly below: string,
    private readonly table: NameTable,
    private readonly index: number,
  ) {}

  /** Throws CANNOT_READ, and what bytesOf throws. */
  examine(above: readonly Source[], rules: Rules): void {
    const errno = this.table.errno(this.index);
    if (errno !== 0) throw localError('read', this.text, errnoName(errno), errno);
    this.bytes = bytesOf(this, above, rules);
  }

  get local(): LocalPath {
    return localJoin(this.operand.local, pathBytes(this.below));
  }

  get text(): string {
    const { text } = this.operand;
    return `${text}${text.endsWith('/') ? '' : '/'}${this.below}`;
  }

  get kind(): 'file' | 'directory' {
    return kindOf(this.type);
  }

  get type(): number {
    return this.table.mode(this.index) & S_IFMT;
  }

  get mode(): number {
    return this.table.mode(this.index) & MODE_BITS;
  }

  get uid(): number {
    return this.table.uid(this.index);
  }

  get gid(): number {
    return this.table.gid(this.index);
  }

  get size(): number {
    return this.bytes?.length ?? this.table.size(this.index);
  }

  get blocks(): number {
    return this.table.blocks(this.index);
  }

  get dev(): number {
    return this.table.dev(this.index);
  }

  get ino(): number {
    return this.table.ino(this.index);
  }

  get mtimeMs(): number {
    return this.table.mtimeMs(this.index);
  }
}

/** What decides whether a source can be copied. */
interface Examined extends Pick<Source, 'local' | 'text' | 'dev' | 'ino' | 'size'> {
  /** the bits of its mode that tell its type */
  readonly type: number;
  readonly blocks: number;
}

function kindOf(type: number): 'file' | 'directory' {
  return type === S_IFREG ? 'file' : 'directory';
}

/**
 * The bytes of a file that does not say its size; undefined for any other source that can be copied. Throws CANNOT_READ, IS_DIRECTORY,
 * LINK, LINK_LOOP, SPECIAL_FILE or EMPTY_FILE.
 * @param above the folders on the way to it, to recognise a link that leads back
 */
function bytesOf(source: Examined, above: readonly Source[], { recursive, pseudoFiles }: Rules): Buffer | undefined {
  const { type, dev, ino } = source;
  if (type === S_IFDIR) {
    if (!recursive) throw refused(source, 'IS_DIRECTORY', 'is a directory', 'use -r to copy it with everything in it');
    if (above.some((folder) => folder.dev === dev && folder.ino === ino))
      throw refused(source, 'LINK_LOOP', 'is a symbolic link to a directory above it');
    return undefined;
  }
  if (type === S_IFLNK) throw linkError(source);
  if (type !== S_IFREG)
    throw refused(
      source,
      'SPECIAL_FILE',
      'is neither a file nor a directory',
      'to copy a stream, give its size: famfs cp -s SIZE',
    );
  const bytes = pseudoFiles.read(source);
  if ((bytes?.length ?? source.size) === 0)
    throw refused(source, 'EMPTY_FILE', 'is empty', 'famfs files are pre-allocated and cannot be empty');
  return bytes;
}

function linkError(source: Examined): FamfsError {
  const { local } = source;
  const target = orLocalError('read', local, () => readlinkSync(local, { encoding: 'buffer' }));
  const why = `is a symbolic link to ${localText(target)}, which famfs cannot store`;
  return refused(source, 'LINK', why, 'use -L to copy what it points to');
}

function refused({ text }: Examined, code: ErrorCode, why: string, hint?: string): FamfsError {
  return new FamfsError(code, `${text} ${why}`, { hint, details: { path: text } });
}

/** Finds the files to copy on this host and, with `recursive`, the trees below folders. */
import { constants, readlinkSync, statSync } from 'node:fs';
import { errnoName } from '../../native/error.js';
import { listFolder, statNames } from '../../native/folder.js';
import { type ErrorCode, FamfsError } from '../errors.js';
import {
  isOrdinary,
  kindOf,
  ListedFiles,
  type ListedNames,
  ListedSource,
  MODE_BITS,
  type Source,
} from './listedFiles.js';
import { type LocalPath, localError, localText, orLocalError } from './localFile.js';
import type { PseudoFiles } from './pseudoFiles.js';

/** A file or folder, or files of a folder. */
export type Found = Source | ListedFiles;

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
const { S_IFMT, S_IFREG, S_IFDIR, S_IFLNK } = constants;

/**
 * A file, or a folder and everything in it: each folder before its contents, names in byte order. Throws the signal's reason when
 * it is aborted.
 */
export async function walkSource(operand: LocalPath, options: WalkOptions): Promise<Found[]> {
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
  readonly found: Found[] = [];
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
    const { local, below } = folder;
    const all = this.#attempt(() => orLocalError('read', local, () => listFolder(local)));
    for (const names of partsOf(all ?? Buffer.alloc(0))) {
      const follow = this.options.dereference;
      const table = this.#attempt(() => orLocalError('read', local, () => statNames(local, names, follow)));
      if (table === undefined) return;
      const listed = { operand, folder: below, names, table };
      let from = 0;
      for (let i = 0; i < table.count; i++) {
        if (isOrdinary(listed, i)) continue;
        this.#takeFiles(listed, from, i);
        from = i + 1;
        const source = new ListedSource(listed, i);
        if (this.#take(source, above) && source.kind === 'directory')
          await this.#inside(operand, source, [...above, source]);
      }
      this.#takeFiles(listed, from, table.count);
      // not for each name: a promise costs more than it
      this.#looked += table.count;
      if (this.#looked >= NAMES_AT_ONCE) await this.#pause();
    }
  }

  #takeFiles(listed: ListedNames, from: number, to: number): void {
    if (to > from) this.found.push(new ListedFiles(listed, from, to));
  }

  /** Whether a source can be copied; tells why not. */
  #take(source: ListedSource, above: readonly Source[]): boolean {
    try {
      examine(source, above, this.options);
      this.found.push(source);
      return true;
    } catch (error) {
      if (!(error instanceof FamfsError)) throw error;
      this.options.failed(error);
      return false;
    }
  }

  async #pause(): Promise<void> {
    this.#looked = 0;
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

/** Throws CANNOT_READ, and what bytesOf throws. */
function examine(source: ListedSource, above: readonly Source[], rules: Rules): void {
  const errno = source.errno;
  if (errno !== 0) throw localError('read', source.text, errnoName(errno), errno);
  source.bytes = bytesOf(source, above, rules);
}

/** What decides whether a source can be copied. */
interface Examined extends Pick<Source, 'local' | 'text' | 'dev' | 'ino' | 'size'> {
  /** the bits of its mode that tell its type */
  readonly type: number;
  readonly blocks: number;
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

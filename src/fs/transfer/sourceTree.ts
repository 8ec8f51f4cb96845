/** Finds the files to copy on this host and, with `recursive`, the trees below folders. */
import { lstatSync, readdirSync, readlinkSync, type Stats, statSync } from 'node:fs';
import { decodePath } from '../../format/path.js';
import { type ErrorCode, FamfsError } from '../errors.js';
import { type FileVersion, type LocalPath, localJoin, localText, orLocalError } from './localFile.js';
import type { PseudoFiles } from './pseudoFiles.js';

/** A file or folder of this host. */
export interface Source extends FileVersion {
  readonly kind: 'file' | 'directory';
  readonly local: LocalPath;
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

/** files between two checks of the signal */
const SIGNAL_INTERVAL = 256;
const MODE_BITS = 0o7777;

/**
 * A file, or a folder and everything in it: each folder before its contents, names in byte order. Throws the signal's reason when
 * it is aborted.
 */
export async function* walkSource(operand: LocalPath, options: WalkOptions): AsyncGenerator<Source> {
  let count = 0;
  for (const source of walk(operand, '', [], options)) {
    yield source;
    if (++count % SIGNAL_INTERVAL !== 0) continue;
    await new Promise((resolve) => setImmediate(resolve));
    options.signal.throwIfAborted();
  }
}

/** One file, or what a link leads to. Throws CANNOT_READ, IS_DIRECTORY, SPECIAL_FILE or EMPTY_FILE. */
export function fileSource(local: LocalPath, pseudoFiles: PseudoFiles): Source {
  const { stats, bytes } = statSource(local, '', [], { recursive: false, dereference: true, pseudoFiles });
  return toSource(local, '', stats, bytes);
}

/** @param above the folders on the way to it, to recognise a link that leads back */
function* walk(local: LocalPath, below: string, above: readonly Stats[], options: WalkOptions): Generator<Source> {
  const found = attempt(options, () => statSource(local, below, above, options));
  if (found === undefined) return;
  yield toSource(local, below, found.stats, found.bytes);
  if (found.stats.isDirectory()) yield* walkInside(local, below, [...above, found.stats], options);
}

/** What is in a folder, the last of `above`. */
function* walkInside(
  local: LocalPath,
  below: string,
  above: readonly Stats[],
  options: WalkOptions,
): Generator<Source> {
  const names = attempt(options, () => orLocalError('read', local, () => readdirSync(local, { encoding: 'buffer' })));
  for (const name of names?.sort(Buffer.compare) ?? []) {
    const path = below === '' ? decodePath(name) : `${below}/${decodePath(name)}`;
    const inner = localJoin(local, name);
    // not by walk, which would make a generator for each file
    const found = attempt(options, () => statSource(inner, path, above, options));
    if (found === undefined) continue;
    yield toSource(inner, path, found.stats, found.bytes);
    if (found.stats.isDirectory()) yield* walkInside(inner, path, [...above, found.stats], options);
  }
}

function attempt<T>(options: WalkOptions, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof FamfsError)) throw error;
    options.failed(error);
    return undefined;
  }
}

function toSource(local: LocalPath, below: string, stats: Stats, bytes: Buffer | undefined): Source {
  const { dev, ino, mtimeMs, uid, gid } = stats;
  const kind = stats.isFile() ? 'file' : 'directory';
  const size = bytes?.length ?? stats.size;
  return { kind, local, below, mode: stats.mode & MODE_BITS, uid, gid, size, dev, ino, mtimeMs, bytes };
}

/** Throws CANNOT_READ, IS_DIRECTORY, LINK, LINK_LOOP, SPECIAL_FILE or EMPTY_FILE if the source cannot be copied. */
function statSource(
  local: LocalPath,
  below: string,
  above: readonly Stats[],
  options: Pick<WalkOptions, 'recursive' | 'dereference' | 'pseudoFiles'>,
): { stats: Stats; bytes: Buffer | undefined } {
  const follow = below === '' || options.dereference;
  const stats = orLocalError('read', local, () => (follow ? statSync(local) : lstatSync(local)));
  if (stats.isDirectory()) {
    if (!options.recursive)
      throw refused(local, 'IS_DIRECTORY', 'is a directory', 'use -r to copy it with everything in it');
    if (above.some(({ dev, ino }) => dev === stats.dev && ino === stats.ino))
      throw refused(local, 'LINK_LOOP', 'is a symbolic link to a directory above it');
    return { stats, bytes: undefined };
  }
  if (stats.isSymbolicLink()) throw linkError(local);
  if (!stats.isFile())
    throw refused(
      local,
      'SPECIAL_FILE',
      'is neither a file nor a directory',
      'to copy a stream, give its size: famfs cp -s SIZE',
    );
  const bytes = options.pseudoFiles.read(local, stats);
  if ((bytes?.length ?? stats.size) === 0)
    throw refused(local, 'EMPTY_FILE', 'is empty', 'famfs files are pre-allocated and cannot be empty');
  return { stats, bytes };
}

function linkError(local: LocalPath): FamfsError {
  const target = orLocalError('read', local, () => readlinkSync(local, { encoding: 'buffer' }));
  const why = `is a symbolic link to ${localText(target)}, which famfs cannot store`;
  return refused(local, 'LINK', why, 'use -L to copy what it points to');
}

function refused(local: LocalPath, code: ErrorCode, why: string, hint?: string): FamfsError {
  const path = localText(local);
  return new FamfsError(code, `${path} ${why}`, { hint, details: { path } });
}

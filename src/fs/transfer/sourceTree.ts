/** What there is to copy on this host: files, and with `recursive` the trees below folders. */
import { lstatSync, readdirSync, readlinkSync, type Stats, statSync } from 'node:fs';
import { decodePath } from '../../format/path.js';
import { type ErrorCode, FamfsError } from '../errors.js';
import { type LocalPath, localJoin, localText, orLocalError, type Seen } from './localFile.js';

/** A file or folder of this host. */
export interface Source extends Seen {
  readonly kind: 'file' | 'directory';
  readonly local: LocalPath;
  /** path below what was named; '' for that itself */
  readonly below: string;
  /** permission bits */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export interface WalkOptions {
  /** go into folders */
  readonly recursive: boolean;
  /** take symbolic links inside of trees for what they point to; what was named is always followed */
  readonly dereference: boolean;
  readonly signal: AbortSignal;
  /** told what cannot be copied; the rest goes on */
  failed(error: FamfsError): void;
}

/** files after which signals are looked at */
const BREATH = 256;
const MODE_BITS = 0o7777;

/**
 * A file, or a folder and all that is in it: folders before what they hold, names in byte order. Throws the signal's
 * reason when it is aborted.
 */
export async function* walkSource(named: LocalPath, options: WalkOptions): AsyncGenerator<Source> {
  let count = 0;
  for (const source of walk(named, '', [], options)) {
    yield source;
    if (++count % BREATH !== 0) continue;
    await new Promise((resolve) => setImmediate(resolve));
    options.signal.throwIfAborted();
  }
}

/** @param above the folders that lead to it, to notice a link that leads back */
function* walk(local: LocalPath, below: string, above: readonly Stats[], options: WalkOptions): Generator<Source> {
  const source = attempt(options, () => look(local, below, above, options));
  if (source === undefined) return;
  yield toSource(local, below, source);
  if (!source.isDirectory()) return;
  const names = attempt(options, () => orLocalError('read', local, () => readdirSync(local, { encoding: 'buffer' })));
  for (const name of names?.sort(Buffer.compare) ?? []) {
    const path = below === '' ? decodePath(name) : `${below}/${decodePath(name)}`;
    yield* walk(localJoin(local, name), path, [...above, source], options);
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

function toSource(local: LocalPath, below: string, stats: Stats): Source {
  const { size, dev, ino, mtimeMs, uid, gid } = stats;
  const kind = stats.isFile() ? 'file' : 'directory';
  return { kind, local, below, mode: stats.mode & MODE_BITS, uid, gid, size, dev, ino, mtimeMs };
}

/** Throws CANNOT_READ, IS_DIRECTORY, LINK, LINK_LOOP, SPECIAL_FILE or EMPTY_FILE for what cannot be copied. */
function look(local: LocalPath, below: string, above: readonly Stats[], options: WalkOptions): Stats {
  const follow = below === '' || options.dereference;
  const stats = orLocalError('read', local, () => (follow ? statSync(local) : lstatSync(local)));
  if (stats.isDirectory()) {
    if (!options.recursive)
      throw refused(local, 'IS_DIRECTORY', 'is a directory', 'give -r to copy it with all that it holds');
    if (above.some(({ dev, ino }) => dev === stats.dev && ino === stats.ino))
      throw refused(local, 'LINK_LOOP', 'is a symbolic link to a directory above it');
    return stats;
  }
  if (stats.isSymbolicLink()) throw linkError(local);
  if (!stats.isFile())
    throw refused(
      local,
      'SPECIAL_FILE',
      'is neither a file nor a directory',
      'a stream is copied with: famfs cp -s SIZE',
    );
  if (stats.size === 0)
    throw refused(local, 'EMPTY_FILE', 'is empty', 'famfs files are pre-allocated and cannot be empty');
  return stats;
}

function linkError(local: LocalPath): FamfsError {
  const target = orLocalError('read', local, () => readlinkSync(local, { encoding: 'buffer' }));
  const why = `is a symbolic link to ${localText(target)}, and famfs has none`;
  return refused(local, 'LINK', why, 'give -L to copy what it points to');
}

function refused(local: LocalPath, code: ErrorCode, why: string, hint?: string): FamfsError {
  const path = localText(local);
  return new FamfsError(code, `${path} ${why}`, { details: { path }, ...(hint !== undefined && { hint }) });
}

/** Paths as users give them: `a/b` and `/a/b` are the same file. */
import { hasControlCharacters, isUtf8Path, MAX_PATH_BYTES, pathBytes, pathFault } from '../../format/path.js';
import { FamfsError } from '../errors.js';

/** an empty name, `.` or `..` */
const HAS_ODD_NAME = /(?:^|\/)\.{0,2}(?:\/|$)/;
/** ASCII without control characters, names that do not begin with a dot */
const PLAIN = /^[ --0-~][ -.0-~]*(?:\/[ --0-~][ -.0-~]*)*$/;
const SLASH = 0x2f;
const DOT = 0x2e;

/**
 * The path relative to the root for a given path; '' is the root. Empty names and `.` are ignored, as in `a//b` and `./a`. Throws
 * BAD_PATH for an empty path, and for `..`, which no log can resolve.
 */
export function relativePath(given: string): string {
  if (given === '') throw badPath(given, 'is empty', "name a file or directory; '/' is the root");
  if (!HAS_ODD_NAME.test(given)) return given;
  const names = given.split('/').filter((name) => name !== '' && name !== '.');
  if (names.includes('..')) throw badPath(given, "has '..' as a name", 'name the path from the root');
  return names.join('/');
}

/**
 * Whether a given path can be that of a new file as it is: ASCII without control characters, at most 79 bytes, names that do not begin
 * with a dot. Nearly all are, so the rules for the others need not be cheap.
 */
export function isPlain(given: string): boolean {
  // many times faster than a loop, as long as V8 has not compiled that
  return given.length <= MAX_PATH_BYTES && PLAIN.test(given);
}

/** The same as isPlain for the path in [start, end) of some bytes. */
export function isPlainAt(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > MAX_PATH_BYTES) return false;
  let last = SLASH;
  for (let i = start; i < end; i++) {
    const unit = bytes[i] as number;
    if (unit < 0x20 || unit >= 0x7f) return false;
    if (last === SLASH && (unit === SLASH || unit === DOT)) return false;
    last = unit;
  }
  return last !== SLASH;
}

/** Whether text is ASCII without control characters. */
export function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

/**
 * Whether bytes [start, end), which are the name of a file of this host, are ASCII without control characters: such a name is allowed in
 * any directory but the root.
 */
export function isAsciiName(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if ((bytes[i] as number) < 0x20 || (bytes[i] as number) >= 0x7f) return false;
  return true;
}

/** Whether a given path can only mean a directory: it ends with a slash, or with the name `.`. */
export function meansDirectory(given: string): boolean {
  return /(^|\/)\.?$/.test(given);
}

/** The path for a new file. Throws NOT_A_FILE for a path that means a directory, or BAD_PATH as newPath does. */
export function newFilePath(given: string): string {
  if (isPlain(given)) return given;
  const path = newPath(given);
  if (!meansDirectory(given)) return path;
  throw new FamfsError('NOT_A_FILE', `${given} ends with '/', so it names a directory`, {
    hint: 'name the file, or make the directory with famfs mkdir',
    details: { path },
  });
}

/**
 * The path for a new file or directory, or the root, which always exists. Throws BAD_PATH if the format or its rules do not allow
 * it.
 */
export function newPath(given: string): string {
  const path = relativePath(given);
  if (path === '') return path;
  const bytes = pathBytes(path).length;
  const fault =
    pathFault(path) ??
    (hasControlCharacters(path) ? 'has control characters' : undefined) ??
    (bytes > MAX_PATH_BYTES ? `has ${bytes} bytes, at most ${MAX_PATH_BYTES} fit into a log entry` : undefined);
  if (fault === undefined) return path;
  throw badPath(given, fault);
}

/** Throws NOT_UTF8 for a new path that is not UTF-8, at which the reference tools would end. */
export function requireUtf8Path(path: string): void {
  if (isUtf8Path(path)) return;
  throw new FamfsError('NOT_UTF8', `path '${path}' is not UTF-8`, {
    hint: 'the logplay of the reference tools stops at such a name; for a file system that they never see, give --allow-bytes',
    details: { path },
  });
}

function badPath(given: string, fault: string, hint?: string): FamfsError {
  return new FamfsError('BAD_PATH', `path '${given}' ${fault}`, { hint, details: { path: given } });
}

/** Paths as people give them: `a/b` and `/a/b` are the same file. */
import { hasControlCharacters, MAX_PATH_BYTES, pathBytes, pathFault } from '../../format/path.js';
import { FamfsError } from '../errors.js';

/** The path relative to the root that a given path means; '' is the root. Does not judge it. */
export function relativePath(given: string): string {
  const path = given.replace(/^\/+/, '');
  return path.replace(/\/+$/, '');
}

/** The path for a new file or directory. Throws BAD_PATH when the format or its rules do not allow it. */
export function newPath(given: string): string {
  const path = relativePath(given);
  const bytes = pathBytes(path).length;
  const fault =
    pathFault(path) ??
    (hasControlCharacters(path) ? 'has control characters' : undefined) ??
    (bytes > MAX_PATH_BYTES ? `has ${bytes} bytes, at most ${MAX_PATH_BYTES} fit into a log entry` : undefined);
  if (fault === undefined) return path;
  throw new FamfsError('BAD_PATH', `path '${given}' ${fault}`, { details: { path: given } });
}

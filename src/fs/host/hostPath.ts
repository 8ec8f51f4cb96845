import { resolve } from 'node:path';
import { FamfsError } from '../errors.js';
import type { Host } from './host.js';

/** What a byte becomes that is not UTF-8: in Node's own texts, and in names that were read as bytes. */
const NOT_UTF8 = /[\ufffd\ud800-\udfff]/u;

/**
 * The absolute path of this host that a user named; a relative one starts at the host's cwd. Throws BAD_HOST_PATH for one
 * that is empty, or of which some bytes are lost, so that it would name another file.
 */
export function hostPath(host: Pick<Host, 'cwd'>, named: string): string {
  if (named === '') throw badPath(named, 'the name of a daxdev, image or mount point is empty', 'name one');
  const path = absolute(host.cwd, named);
  if (path.includes('\0')) throw badPath(path, `${path} contains a NUL character`, 'use another name');
  if (NOT_UTF8.test(path))
    throw badPath(path, `${path} is not UTF-8`, 'rename it, or use a symbolic link with a name that is UTF-8');
  return path;
}

/** What `..` means where a symbolic link stands before it, only the kernel knows. */
function absolute(cwd: string, named: string): string {
  if (!named.split('/').includes('..')) return resolve(cwd, named);
  return named.startsWith('/') ? named : `${cwd}/${named}`;
}

function badPath(path: string, message: string, hint: string): FamfsError {
  return new FamfsError('BAD_HOST_PATH', message, { hint, details: { path } });
}

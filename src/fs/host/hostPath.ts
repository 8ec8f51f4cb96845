/**
 * Paths of this host that a user named: kept byte for byte, or refused. As text they are lossless, as paths in the log are:
 * a byte that is not UTF-8 is a lone surrogate (src/format/path.ts), which node:fs would replace. So calls of node:fs take
 * either what hostPath returned, or bytes.
 */
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { decodePath, pathBytes } from '../../format/path.js';
import { FamfsError } from '../errors.js';

interface Cwd {
  readonly cwd: string;
}

/** The replacement for a byte that is not UTF-8: in Node's own texts, and in names that were read as bytes. */
const NOT_UTF8 = /[\ufffd\ud800-\udfff]/u;

/**
 * The absolute path of this host that a user named; a relative one starts at the host's cwd. Throws BAD_HOST_PATH for an empty
 * path, or one that has lost bytes and would name another file.
 */
export function hostPath(host: Cwd, named: string): string {
  const path = checked(host, named);
  requireUtf8(path);
  return path;
}

/** The same as bytes, for names that need not be UTF-8: `named` is an operand of this process, of which no byte was lost. */
export function hostPathBytes(host: Cwd, named: string): Buffer {
  return pathBytes(checked(host, named));
}

/** Throws BAD_HOST_PATH for a path of which some bytes were lost, or would be. */
export function requireUtf8(path: string): void {
  if (NOT_UTF8.test(path))
    throw badPath(path, `${path} is not UTF-8`, 'rename it, or use a symbolic link with a name that is UTF-8');
}

/** The path without symbolic links, as lossless text. Throws what realpath(3) does. */
export function realPath(path: string): string {
  return decodePath(realpathSync.native(pathBytes(path), { encoding: 'buffer' }));
}

function checked(host: Cwd, named: string): string {
  if (named === '') throw badPath(named, 'the name of a daxdev, image or mount point is empty', 'name one');
  const path = absolute(host.cwd, named);
  if (path.includes('\0')) throw badPath(path, `${path} contains a NUL character`, 'use another name');
  return path;
}

/** Only the kernel knows what `..` means after a symbolic link. */
function absolute(cwd: string, named: string): string {
  if (!named.split('/').includes('..')) return resolve(cwd, named);
  return named.startsWith('/') ? named : `${cwd}/${named}`;
}

function badPath(path: string, message: string, hint: string): FamfsError {
  return new FamfsError('BAD_HOST_PATH', message, { hint, details: { path } });
}

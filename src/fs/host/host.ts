/** What the toolkit needs to know of the host that it runs on. */
import { join } from 'node:path';
import type { WarningCode } from '../errors.js';
import { requireUtf8 } from './hostPath.js';

export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** where relative paths of daxdevs and images start */
  readonly cwd: string;
  /** what `once` has read, by key; without it, everything is read each time that it is needed */
  readonly memo?: Map<string, unknown>;
  /** reports something that is wrong but does not stop the work */
  warn(code: WarningCode, message: string): void;
}

/** The same host, without its warnings: where what is looked at now is looked at again. */
export function silent({ env, cwd, memo }: Host): Host {
  return { env, cwd, ...(memo && { memo }), warn: () => {} };
}

/** What `read` returned the first time, so that a process reads a file of the host only once and cannot see two versions of it. */
export function once<T>({ memo }: Pick<Host, 'memo'>, key: string, read: () => T): T {
  if (memo === undefined) return read();
  if (!memo.has(key)) memo.set(key, read());
  return memo.get(key) as T;
}

/**
 * A path of the system tree (/proc, /sys, /dev, /opt, /etc). FAMFS_SYSROOT puts another tree in its place, for
 * containers that have the host's in a directory, and for tests. Throws BAD_HOST_PATH where bytes of that are lost.
 */
export function systemPath(host: Pick<Host, 'env'>, path: string): string {
  const root = host.env.FAMFS_SYSROOT;
  if (root === undefined || root === '') return path;
  requireUtf8(root);
  return join(root, path);
}

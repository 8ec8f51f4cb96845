/** Facts about the host that the toolkit runs on. */
import { join } from 'node:path';
import type { WarningCode } from '../errors.js';
import { requireUtf8 } from './hostPath.js';
import type { Step } from './step.js';

export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** where relative paths of daxdevs and images start */
  readonly cwd: string;
  /** what `once` has read, by key; without it, everything is read each time it is needed */
  readonly memo?: Map<string, unknown>;
  /** seconds to wait for the lock of another writer; undefined: as long as it takes */
  readonly lockWait?: number | undefined;
  /** reports a step of the work; undefined without --verbose, and then nothing is measured */
  readonly step?: ((step: Step) => void) | undefined;
  /** reports a problem that does not stop the work */
  warn(code: WarningCode, message: string): void;
}

/** The same host without warnings, for a check that will be repeated. */
export function silent({ env, cwd, memo, lockWait, step }: Host): Host {
  return { env, cwd, lockWait, step, ...(memo && { memo }), warn: () => {} };
}

/** The first result of `read`, so that a process reads a file of the host only once and cannot see two versions of it. */
export function once<T>({ memo }: Pick<Host, 'memo'>, key: string, read: () => T): T {
  if (memo === undefined) return read();
  if (!memo.has(key)) memo.set(key, read());
  return memo.get(key) as T;
}

/**
 * A path of the system tree (/proc, /sys, /dev, /opt, /etc). FAMFS_SYSROOT replaces the tree: for tests, and for containers that
 * have the host's tree in a directory. Throws BAD_HOST_PATH if bytes of that variable are lost.
 */
export function systemPath(host: Pick<Host, 'env'>, path: string): string {
  const root = host.env.FAMFS_SYSROOT;
  if (root === undefined || root === '') return path;
  requireUtf8(root);
  return join(root, path);
}

/** What the toolkit needs to know of the host that it runs on. */
import { join } from 'node:path';
import type { WarningCode } from '../errors.js';

export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where relative paths of devices and images start. */
  readonly cwd: string;
  /** Told once about anything that is wrong but does not stop the work. */
  warn(code: WarningCode, message: string): void;
}

/**
 * A path of the system tree (/proc, /sys, /dev, /opt, /etc). FAMFS_SYSROOT puts another tree in its place, for
 * containers that see the host's below a folder, and for tests.
 */
export function systemPath(host: Pick<Host, 'env'>, path: string): string {
  const root = host.env.FAMFS_SYSROOT;
  return root === undefined || root === '' ? path : join(root, path);
}

/** What a caller may say about the host that famfs works on. */
import type { WarningCode } from '../fs/errors.js';
import type { Host } from '../fs/host/host.js';

/** A problem that does not stop the work. */
export interface Warning {
  /** symbolic and stable; docs/errors.md lists the codes */
  readonly code: WarningCode;
  readonly message: string;
}

/** Options that every function has which opens or makes a file system. */
export interface HostOptions {
  /**
   * Where FAMFS_DEV and the other variables of docs/architecture.md are looked up. The default is `process.env`; of the
   * configuration, only the daxdevs count (`dev`), never layout or output.
   */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Where relative paths of daxdevs, images and files of this host start. The default is `process.cwd()`. */
  readonly cwd?: string | undefined;
  /** Called with each warning; without it, warnings are dropped. The library itself never prints. */
  readonly onWarning?: ((warning: Warning) => void) | undefined;
}

/** Daxdevs and images of one file system, as `--dev` takes them: paths, `UUID=...`, `LABEL=...`, or a mount point. */
export type Devices = string | readonly string[];

/** The host as the rest of the toolkit knows it. @param wait seconds to wait for the lock; undefined: without limit */
export function hostOf({ env = process.env, cwd = process.cwd(), onWarning }: HostOptions, wait?: number): Host {
  return { env, cwd, memo: new Map(), lockWait: wait, warn: (code, message) => onWarning?.({ code, message }) };
}

/** The names of devices as a list; none where the configuration or the host decides. */
export function listOf(devices: Devices | undefined): readonly string[] {
  if (devices === undefined) return [];
  return typeof devices === 'string' ? [devices] : devices;
}

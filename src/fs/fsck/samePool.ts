/** Groups named devices by file system, so that each file system is checked once. */
import { resolve } from 'node:path';
import type { Host } from '../host/host.js';
import { Finder, probe, secondaryOn } from '../pool/finder.js';
import { isFolder } from '../pool/mounted.js';
import { findPrimary } from '../pool/primary.js';

/** The primary that a device leads to. */
export interface NamedPrimary {
  readonly identity: string;
  /** as its superblock says, sound or not */
  readonly fsUuid: string | undefined;
}

/** Named devices of one file system. */
export interface NamedPool {
  readonly paths: string[];
  /** undefined if none was found, or for a mount point */
  readonly primary: NamedPrimary | undefined;
}

/**
 * Groups the devices by the primaries that they lead to, in the order named. A secondary that does not lead to its primary joins
 * it if that was named; any other device is a group by itself.
 */
export function groupByPool(host: Host, devices: readonly string[]): NamedPool[] {
  const pools: NamedPool[] = [];
  for (const path of devices) {
    const primary = primaryOf(host, path);
    const known = primary && pools.find((pool) => pool.primary?.identity === primary.identity);
    if (known === undefined) pools.push({ paths: [path], primary });
    else known.paths.push(path);
  }
  return pools.filter((pool) => {
    const fsUuid = pool.primary === undefined ? poolOf(host, pool.paths[0] as string) : undefined;
    const known = fsUuid === undefined ? undefined : pools.find(({ primary }) => primary?.fsUuid === fsUuid);
    known?.paths.push(...pool.paths);
    return known === undefined;
  });
}

/** The primary that a device leads to; undefined if there is none, or for a mount point. */
export function primaryOf(host: Host, path: string): NamedPrimary | undefined {
  return unlessFailed(host, path, () => {
    const { identity, reading } = findPrimary(new Finder(host, [path]), true);
    return { identity, fsUuid: reading.superblock?.fsUuid };
  });
}

/** File-system uuid of a secondary. */
function poolOf(host: Host, path: string): string | undefined {
  return unlessFailed(host, path, () => secondaryOn(probe(host, path))?.fsUuid);
}

/** Faults of a device are reported when it is checked. */
function unlessFailed<T>(host: Host, path: string, look: () => T): T | undefined {
  if (isFolder(resolve(host.cwd, path))) return undefined;
  try {
    return look();
  } catch {
    return undefined;
  }
}

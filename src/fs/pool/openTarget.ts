/** Opening the file system that a command works on: on its daxdevs, or through its mount. */
import type { MappedDevice } from '../../native/device.js';
import type { Host } from '../host/host.js';
import { openDevice } from '../host/openDevice.js';
import { Finder } from './finder.js';
import { locate, withOrigin } from './locate.js';
import { closeMounted, type MountedPool, mountPointOf, openMounted, servedPrimary } from './mounted.js';
import { findPrimary } from './primary.js';

/**
 * read: for reading only. append: map what appends write, the primary or the log of a mount, for writing. repair: map the primary
 * for writing, and a mount for reading. salvage: as repair, but also a primary that has lost its superblock.
 */
export type Access = 'read' | 'append' | 'repair' | 'salvage';

/** A file system whose primary, or the meta files of its mount, are mapped. Nothing has been judged yet. */
export class Target {
  constructor(
    /** knows the named daxdevs, and searches for the other members */
    readonly finder: Finder,
    /** has the superblock: the primary, or the superblock's file of a mount */
    readonly primary: MappedDevice,
    /** its mount, if it is mounted */
    readonly mount: MountedPool | undefined,
    /**
     * the mount is one of ours, which serves the bytes of daxdevs that are mapped as here, so they can be written to beside it
     */
    readonly beside = false,
  ) {}

  get host(): Host {
    return this.finder.host;
  }

  /** Holds the lock of all writers: the primary, or the log of a mount, which is the one that the reference tools lock. */
  get locked(): MappedDevice {
    return this.mount?.log ?? this.primary;
  }

  /** Unmaps and unlocks. */
  close(): void {
    if (this.mount === undefined) this.primary.close();
    else closeMounted(this.mount);
  }
}

/**
 * Opens the file system of the named daxdevs or mount point, or else that of the configuration or this host. The caller closes
 * it. Throws BAD_CONFIG, NO_FAMFS, NO_PRIMARY, AMBIGUOUS, MOUNT_POINT or DEVICE_OPEN.
 */
export function openTarget(host: Host, named: readonly string[], access: Access): Target {
  const { paths, origin } = locate(host, named);
  return withOrigin(origin, () => openPaths(host, paths, access));
}

function openPaths(host: Host, paths: readonly string[], access: Access): Target {
  const mountPoint = mountPointOf(host, paths);
  const served = mountPoint === undefined || access !== 'append' ? undefined : servedPrimary(host, mountPoint);
  if (served !== undefined) return new Target(new Finder(host, [served.path]), served, undefined, true);
  if (mountPoint !== undefined) {
    const mount = openMounted(host, mountPoint, access === 'append');
    // the mount point stands for all daxdevs of its file system: none was named
    return new Target(new Finder(host, []), mount.superblock, mount);
  }
  const finder = new Finder(host, paths);
  const { path } = findPrimary(finder, access === 'salvage');
  return new Target(finder, openDevice(host, path, access !== 'read'), undefined);
}

/** Runs `work`; if it throws, closes what was opened. */
export function closeOnError<T>(opened: { close(): void }, work: () => T): T {
  try {
    return work();
  } catch (error) {
    opened.close();
    throw error;
  }
}

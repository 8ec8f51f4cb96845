/** A mounted famfs, accessed through its meta files: the mount point takes the place of the daxdevs. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { pathBytes } from '../../format/path.js';
import type { MappedDevice } from '../../native/device.js';
import { FamfsError } from '../errors.js';
import type { Host } from '../host/host.js';
import { hostPath, realPath } from '../host/hostPath.js';
import { type FamfsMount, famfsMounts } from '../host/mountTable.js';
import { openDevice } from '../host/openDevice.js';
import { superblockInFile } from '../media/superblockFile.js';
import { readSuperblock } from '../media/superblockReader.js';

/** The two meta files of a mount, mapped. */
export interface MountedPool {
  readonly mountPoint: string;
  /** <mount>/.meta/.superblock */
  readonly superblock: MappedDevice;
  /** <mount>/.meta/.log: the log from its first byte; its lock is the lock of all writers on this host */
  readonly log: MappedDevice;
  /** daxdev that the mount names; undefined if /proc/mounts does not list the mount */
  readonly source: string | undefined;
  /** folder of the shadow tree that the mount is served from; undefined if there is none */
  readonly shadow: string | undefined;
}

/** The mount point among the named paths; undefined if they are daxdevs. Throws MOUNT_POINT. */
export function mountPointOf(host: Host, paths: readonly string[]): string | undefined {
  const folder = paths.find((path) => isFolder(hostPath(host, path)));
  if (folder === undefined || paths.length === 1) return folder;
  throw new FamfsError('MOUNT_POINT', `${folder} is a mount point, which includes all daxdevs of its file system`, {
    hint: 'name it alone',
    details: { mountPoint: folder },
  });
}

/** Maps the meta files of a mount; on request, the log for writing too. Throws MOUNT_POINT or DEVICE_OPEN. */
export function openMounted(host: Host, path: string, writable: boolean): MountedPool {
  const { mountPoint, mount } = mountAt(host, path);
  const meta = join(mountPoint, '.meta');
  if (!isFolder(meta))
    throw new FamfsError('MOUNT_POINT', `${path} is a folder, but no famfs is mounted there: it has no .meta`, {
      hint: 'name a daxdev, an image or a mount point',
      details: { mountPoint },
    });
  const superblock = openDevice(host, join(meta, '.superblock'), false);
  try {
    const log = openDevice(host, join(meta, '.log'), writable);
    return { mountPoint, superblock, log, source: mount?.source, shadow: mount?.shadow };
  } catch (error) {
    superblock.close();
    throw error;
  }
}

/** The mount point without symbolic links, and the famfs that was last mounted there, if /proc/mounts lists one. */
function mountAt(host: Host, path: string): { mountPoint: string; mount: FamfsMount | undefined } {
  const mountPoint = realPath(hostPath(host, path));
  return { mountPoint, mount: famfsMounts(host).findLast((mount) => mount.mountPoint === mountPoint) };
}

/** What `famfs mount` mounts. */
const SERVED_TYPE = 'fuse.famfs';

/**
 * The primary of a mount made by `famfs mount`, mapped for writing; undefined for other mounts, and if the kernel owns the
 * daxdevs. The server maps them as any command does, and follows the log. Throws MOUNT_POINT.
 */
export function servedPrimary(host: Host, path: string): MappedDevice | undefined {
  const { mountPoint, mount } = mountAt(host, path);
  if (mount?.type !== SERVED_TYPE) return undefined;
  let primary: MappedDevice;
  try {
    primary = openDevice(host, mount.source, true);
  } catch {
    return undefined;
  }
  const shown = superblockInFile(join(mountPoint, '.meta', '.superblock'));
  if (shown !== undefined && shown.fsUuid === readSuperblock(primary).superblock?.fsUuid) return primary;
  primary.close();
  throw new FamfsError(
    'MOUNT_POINT',
    `${mount.source} does not hold the file system that is mounted on ${mountPoint}`,
    {
      hint: 'unmount it and name the daxdev',
      details: { mountPoint },
    },
  );
}

/** Unmaps and unlocks. */
export function closeMounted({ superblock, log }: MountedPool): void {
  superblock.close();
  log.close();
}

/** Whether an absolute path is a folder: a mount point, in place of a daxdev or image. */
export function isFolder(path: string): boolean {
  return statSync(pathBytes(path), { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Mounts and unmounts. */
import { spawnSync } from 'node:child_process';
import { closeSync, statSync, writeFileSync } from 'node:fs';
import { DeviceError } from '../../native/device.js';
import { cloneFuse, mountFuse, openFuse, receiveDescriptor, socketPair, unmount } from '../../native/fuseMount.js';
import { FamfsError } from '../errors.js';
import { type Host, systemPath } from '../host/host.js';
import type { MountFlags } from './mountOptions.js';
import { isDead, MOUNT_TYPE, placeAt } from './mountTree.js';
import type { ServeLog } from './serveOptions.js';

const MS_RDONLY = 1;
const MS_NOSUID = 2;
const MS_NODEV = 4;
const MS_NOEXEC = 8;
const MS_NOATIME = 1024;
const MNT_DETACH = 2;
const MAX_READ = 1024 * 1024;
const FUSERMOUNT = 'fusermount3';

export interface MountRequest {
  /** the mounted device: the primary */
  readonly source: string;
  /** absolute, without links */
  readonly mountPoint: string;
  readonly flags: MountFlags;
  /** of the user who mounts */
  readonly uid: number;
  readonly gid: number;
  readonly threads: number;
}

/**
 * Prepares a mount point: it must be a directory without a mounted famfs. Removes a dead mount of ours. Throws MOUNT_POINT or
 * MOUNTED.
 */
export function preparePlace(host: Host, mountPoint: string, uid: number, log: ServeLog): void {
  while (checkPlace(host, mountPoint)) {
    log(`${mountPoint}: the server of the mount here is gone; the dead mount is replaced`);
    unmountPlace(mountPoint, uid, true);
  }
}

/**
 * Whether a dead mount of ours is on a mount point, and must go first. Throws MOUNT_POINT if it is no directory, or holds a dead
 * mount of another kind, and MOUNTED for a famfs that is mounted there.
 */
export function checkPlace(host: Host, mountPoint: string): boolean {
  const place = placeAt(host, mountPoint);
  const dead = place !== undefined && isDead(mountPoint);
  if (place?.type === MOUNT_TYPE && !dead)
    throw new FamfsError('MOUNTED', `${place.source} is mounted on ${mountPoint} already`, {
      hint: `unmount it first: famfs umount ${mountPoint}`,
      details: { mountPoint, device: place.source },
    });
  if (dead && place.type !== MOUNT_TYPE)
    throw new FamfsError('MOUNT_POINT', `a dead mount of type ${place.type} is on ${mountPoint}`, {
      hint: `famfs did not mount it; remove it with: umount ${mountPoint}`,
      details: { mountPoint, type: place.type },
    });
  if (dead) return true;
  if (!statSync(mountPoint).isDirectory())
    throw new FamfsError('MOUNT_POINT', `${mountPoint} is not a directory`, { hint: 'name a directory' });
  return false;
}

/** Throws NOT_MOUNTED if this host or user cannot mount through FUSE, as far as that shows without a mount. */
export function checkFuse(uid: number): void {
  if (uid === 0) closeSync(openNode());
  else if (isMissing(spawnSync(FUSERMOUNT, ['--version'], { stdio: 'ignore' }).error)) throw noHelper();
}

/** Mounts, and returns the descriptors to serve it by: one per thread if the kernel supports that. Throws NOT_MOUNTED. */
export function mountPlace(request: MountRequest): number[] {
  const fd = request.uid === 0 ? mountAsRoot(request) : mountByHelper(request);
  const fds = [fd];
  try {
    while (fds.length < request.threads) fds.push(cloneFuse(fd));
  } catch {
    // the threads then share the existing ones
  }
  return fds;
}

function mountAsRoot({ source, mountPoint, flags, uid, gid }: MountRequest): number {
  const { readOnly, suid, dev, exec, noatime, allowOther = true } = flags;
  const bits =
    (readOnly ? MS_RDONLY : 0) |
    (suid ? 0 : MS_NOSUID) |
    (dev ? 0 : MS_NODEV) |
    (exec ? 0 : MS_NOEXEC) |
    (noatime ? MS_NOATIME : 0);
  const fd = openNode();
  const data = [`fd=${fd}`, 'rootmode=40000', `user_id=${uid}`, `group_id=${gid}`, 'default_permissions'];
  if (allowOther) data.push('allow_other');
  data.push(`max_read=${MAX_READ}`);
  try {
    mountFuse(source, mountPoint, MOUNT_TYPE, bits, data.join(','));
    return fd;
  } catch (error) {
    closeSync(fd);
    throw notMounted(mountPoint, error);
  }
}

function openNode(): number {
  try {
    return openFuse();
  } catch (error) {
    const missing = error instanceof DeviceError && (error.code === 'ENOENT' || error.code === 'ENODEV');
    throw new FamfsError('NOT_MOUNTED', `FUSE cannot be used: ${(error as Error).message}`, {
      hint: missing ? 'load the module: modprobe fuse' : 'run as root, or let users read and write /dev/fuse',
      cause: error,
    });
  }
}

/** Without root, the set-user-id helper mounts and passes the descriptor back over a socket. */
function mountByHelper({ source, mountPoint, flags }: MountRequest): number {
  const [ours, theirs] = socketPair(false);
  const { readOnly, exec, noatime, allowOther = false } = flags;
  const options = ['default_permissions', 'nosuid', 'nodev', 'subtype=famfs', `fsname=${source}`];
  options.push(`max_read=${MAX_READ}`, readOnly ? 'ro' : 'rw');
  if (!exec) options.push('noexec');
  if (noatime) options.push('noatime');
  if (allowOther) options.push('allow_other');
  const { error, status, stderr } = spawnSync(FUSERMOUNT, ['-o', options.join(','), '--', mountPoint], {
    stdio: ['ignore', 'inherit', 'pipe', theirs],
    env: { ...process.env, _FUSE_COMMFD: '3' },
    encoding: 'utf8',
  });
  closeSync(theirs);
  const fd = error === undefined && status === 0 ? receiveDescriptor(ours) : undefined;
  closeSync(ours);
  if (fd !== undefined) return fd;
  if (isMissing(error)) throw noHelper();
  throw new FamfsError('NOT_MOUNTED', `${mountPoint}: ${error?.message ?? stderr.trim()}`, {
    hint: 'run as root, or see fusermount3(1)',
    cause: error,
  });
}

function isMissing(error: Error | undefined): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
}

function noHelper(): FamfsError {
  return new FamfsError('NOT_MOUNTED', `${FUSERMOUNT} is not installed, and only root mounts without it`, {
    hint: 'install it (Debian: apt-get install fuse3), or run as root',
  });
}

function notMounted(mountPoint: string, error: unknown): FamfsError {
  const code = error instanceof DeviceError ? error.code : undefined;
  const hint =
    code === 'ENODEV'
      ? 'load the module: modprobe fuse'
      : code === 'EPERM'
        ? 'run as root'
        : 'see the kernel log: dmesg';
  return new FamfsError('NOT_MOUNTED', `cannot mount on ${mountPoint}: ${(error as Error).message}`, {
    hint,
    cause: error,
  });
}

/** Lets the kernel read ahead as many bytes as one request takes, instead of 128 KiB. Needs root; without it, reading is slower. */
export function setReadAhead(host: Host, mountPoint: string, bytes: number): boolean {
  const device = placeAt(host, mountPoint)?.device;
  if (device === undefined) return false;
  try {
    writeFileSync(systemPath(host, `/sys/class/bdi/${device}/read_ahead_kb`), String(Math.floor(bytes / 1024)));
    return true;
  } catch {
    return false;
  }
}

/**
 * Unmounts. `lazy`: even while files are open; the mount then ends when they are closed. Throws BUSY while files are open, and
 * NOT_A_MOUNT with any other reason.
 */
export function unmountPlace(mountPoint: string, uid: number, lazy: boolean): void {
  if (uid === 0) unmountAsRoot(mountPoint, lazy);
  else unmountByHelper(mountPoint, lazy);
}

function unmountAsRoot(mountPoint: string, lazy: boolean): void {
  try {
    unmount(mountPoint, lazy ? MNT_DETACH : 0);
  } catch (error) {
    const cause = error as Error;
    if (cause instanceof DeviceError && cause.code === 'EBUSY') throw busyError(mountPoint, cause.message, cause);
    throw new FamfsError('NOT_A_MOUNT', `cannot unmount ${cause.message}`, {
      hint: 'famfs mount --list',
      details: { mountPoint },
      cause,
    });
  }
}

function unmountByHelper(mountPoint: string, lazy: boolean): void {
  const options = ['-u', ...(lazy ? ['-z'] : []), '--', mountPoint];
  const { error, status, stderr } = spawnSync(FUSERMOUNT, options, { encoding: 'utf8' });
  if (error === undefined && status === 0) return;
  const message = `${mountPoint}: ${error?.message ?? stderr.trim()}`;
  // it says in English why not, and exits with 1 whatever that is
  if (/Device or resource busy$/.test(message)) throw busyError(mountPoint, message);
  throw new FamfsError('NOT_A_MOUNT', `cannot unmount ${message}`, {
    hint: 'only root and the user who mounted it can unmount it',
  });
}

function busyError(mountPoint: string, message: string, cause?: Error): FamfsError {
  return new FamfsError('BUSY', `cannot unmount ${message}`, {
    hint: `files are open there: fuser -vm ${mountPoint} shows the processes; -l unmounts anyway`,
    details: { mountPoint },
    cause,
  });
}

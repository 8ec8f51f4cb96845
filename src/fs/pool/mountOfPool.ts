/** Finds the mount that uses a pool: the mount table names its primary, but no other member. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { pathBytes } from '../../format/path.js';
import type { MappedDevice } from '../../native/device.js';
import { FamfsError } from '../errors.js';
import type { Host } from '../host/host.js';
import { type FamfsMount, famfsMounts, mountOf } from '../host/mountTable.js';
import { superblockInFile } from '../media/superblockFile.js';
import { readSuperblock } from '../media/superblockReader.js';
import { famfsOn, probe } from './finder.js';

/** The file in which every mounted famfs shows its superblock. */
const SUPERBLOCK_FILE = '.meta/.superblock';

/**
 * Throws MOUNTED if a mounted file system uses the device, as its primary or as any member of its pool.
 * @param orElse what can be done without unmounting, for the hint
 */
export function refuseMounted(host: Host, device: MappedDevice, orElse?: (mount: FamfsMount) => string): void {
  const mount = mountUsing(host, device);
  if (mount === undefined) return;
  const { mountPoint } = mount;
  const instead = orElse === undefined ? '' : `, or ${orElse(mount)}`;
  throw new FamfsError('MOUNTED', `${device.path} is in use by the famfs mounted on ${mountPoint}`, {
    hint: `unmount it first: umount ${mountPoint}${instead}`,
    details: { device: device.path, mountPoint },
  });
}

/** The mount that uses a device: as its primary, or as any daxdev of its pool. */
function mountUsing(host: Host, device: MappedDevice): FamfsMount | undefined {
  const mounts = famfsMounts(host);
  if (mounts.length === 0) return undefined;
  return mountOf(host, device.path, mounts) ?? mountOfPool(host, device, mounts);
}

function mountOfPool(host: Host, device: MappedDevice, mounts: readonly FamfsMount[]): FamfsMount | undefined {
  const { superblock } = readSuperblock(device);
  return superblock && mounts.find((mount) => mountedUuid(host, mount) === superblock.fsUuid);
}

/** The uuid of a mounted file system; undefined where it cannot be read. */
export function mountedUuid(host: Host, { mountPoint, source }: FamfsMount): string | undefined {
  const file = join(mountPoint, SUPERBLOCK_FILE);
  try {
    const superblock = statSync(pathBytes(file), { throwIfNoEntry: false })?.isFile()
      ? superblockInFile(file)
      : undefined;
    return superblock?.fsUuid ?? famfsOn(probe(host, source))?.fsUuid;
  } catch {
    // unknown: the mount is gone, or this process cannot read its device
    return undefined;
  }
}

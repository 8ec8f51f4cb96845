/** Which mount uses a pool: its members beyond the primary are named by no mount table. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { MappedDevice } from '../../native/device.js';
import type { Host } from '../host/host.js';
import { type FamfsMount, famfsMounts, mountOf } from '../host/mountTable.js';
import { superblockInFile } from '../media/superblockFile.js';
import { readSuperblock } from '../media/superblockReader.js';
import { famfsOn, probe } from './finder.js';

/** Where every mounted famfs shows its superblock. */
const SUPERBLOCK_FILE = '.meta/.superblock';

/** The mount that uses a device: as its primary, or as any daxdev of its pool, which no mount table names. */
export function mountUsing(host: Host, device: MappedDevice): FamfsMount | undefined {
  const { superblock } = readSuperblock(device);
  return mountOf(host, device.path) ?? (superblock === undefined ? undefined : mountOfPool(host, superblock.fsUuid));
}

/** The mount of the file system with this uuid, or undefined. */
export function mountOfPool(host: Host, fsUuid: string): FamfsMount | undefined {
  return famfsMounts(host).find((mount) => mountedUuid(host, mount) === fsUuid);
}

function mountedUuid(host: Host, { mountPoint, source }: FamfsMount): string | undefined {
  const shown = join(mountPoint, SUPERBLOCK_FILE);
  try {
    const superblock = statSync(shown, { throwIfNoEntry: false })?.isFile() ? superblockInFile(shown) : undefined;
    return superblock?.fsUuid ?? famfsOn(probe(host, source))?.fsUuid;
  } catch {
    // not to be told: the mount is gone, or its device cannot be read by this process
    return undefined;
  }
}

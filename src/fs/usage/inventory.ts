/** The famfs file systems of this host: on its daxdevs, on images that are named, and mounted. */
import { join } from 'node:path';
import type { Superblock } from '../../format/superblock.js';
import { type Host, silent } from '../host/host.js';
import { hostPath } from '../host/hostPath.js';
import { famfsMounts } from '../host/mountTable.js';
import { daxNodes, whyUnopened } from '../host/openDevice.js';
import { superblockInFile } from '../media/superblockFile.js';
import { famfsOn, imagesIn, type ProbedDaxdev, probe, secondaryOn, tryProbe } from '../pool/finder.js';
import { namedOrConfigured } from '../pool/locate.js';
import { isFolder } from '../pool/mounted.js';
import { mountedUuid } from '../pool/mountOfPool.js';
import { type ListedFileSystem, listedAt } from './listedFileSystem.js';

export interface InventoriedFileSystem extends ListedFileSystem {
  readonly mountPoints: readonly string[];
}

export interface Inventory {
  readonly fileSystems: readonly InventoriedFileSystem[];
  /** daxdevs of this host that could not be opened */
  readonly unopened: readonly { readonly path: string; readonly reason: string }[];
}

/**
 * Looks at what is named: daxdevs, images, and folders of images; without names, at /dev/dax*, what the configuration names, and all
 * mounts. Throws BAD_CONFIG, and DEVICE_OPEN for one that is named.
 */
export function inventory(host: Host, named: readonly string[]): Inventory {
  const unopened: { path: string; reason: string }[] = [];
  const quiet = silent(host);
  const nodes = named.length > 0 ? [] : daxNodes(host);
  const probed = [
    ...nodes.flatMap((path) => tryProbe(host, path, (error) => unopened.push({ path, reason: whyUnopened(error) }))),
    ...namedOrConfigured(host, named).paths.flatMap((path) => daxdevsAt(host, path)),
  ];
  const found = [...new Map(probed.map((daxdev) => [daxdev.identity, daxdev])).values()].filter(famfsOn);
  const listed = (daxdev: ProbedDaxdev) => listedAt(quiet, daxdev.path, famfsOn(daxdev) as Superblock, found);
  const fileSystems = found.filter((daxdev) => secondaryOn(daxdev) === undefined).map(listed);
  fileSystems.push(...strays(found, fileSystems).map(listed));
  const mounts = famfsMounts(host).map((mount) => ({ ...mount, fsUuid: mountedUuid(host, mount) }));
  if (named.length === 0) {
    for (const { mountPoint, fsUuid } of mounts) {
      if (fsUuid === undefined || fileSystems.some((one) => one.fsUuid === fsUuid)) continue;
      const superblock = superblockInFile(join(mountPoint, '.meta/.superblock'));
      if (superblock !== undefined) fileSystems.push(listedAt(quiet, mountPoint, superblock, []));
    }
  }
  const mountPointsOf = (uuid: string) =>
    mounts.filter(({ fsUuid }) => fsUuid === uuid).map(({ mountPoint }) => mountPoint);
  return { fileSystems: fileSystems.map((one) => ({ ...one, mountPoints: mountPointsOf(one.fsUuid) })), unopened };
}

function daxdevsAt(host: Host, path: string): ProbedDaxdev[] {
  const absolute = hostPath(host, path);
  return isFolder(absolute) ? imagesIn(host, absolute) : [probe(host, path)];
}

/** One daxdev of each file system of which only secondaries were found, and no other member led to them. */
function strays(found: readonly ProbedDaxdev[], fileSystems: readonly ListedFileSystem[]): ProbedDaxdev[] {
  const known = new Set(fileSystems.map(({ fsUuid }) => fsUuid));
  return found.filter((daxdev) => {
    const fsUuid = famfsOn(daxdev)?.fsUuid as string;
    return !known.has(fsUuid) && known.add(fsUuid);
  });
}

/** Secondaries whose superblocks name a pool, but that its log does not name: traces of an interrupted mkfs or add, or of a removal. */
import { DeviceError, type MappedDevice } from '../../native/device.js';
import { FamfsError } from '../errors.js';
import { openDevice } from '../host/openDevice.js';
import type { LoggedDaxdev } from '../log/replay.js';
import { readDeparture } from '../media/departure.js';
import { historyUuidOf } from '../media/logHistory.js';
import { type Finder, type ProbedDaxdev, secondaryOn } from './finder.js';

export interface Orphan {
  readonly path: string;
  readonly uuid: string;
  /** bytes */
  readonly size: number;
  /** it was taken out of the pool, and only its superblock is left */
  readonly left: boolean;
}

/** A file system whose orphans are wanted. */
export interface OrphanSearch {
  readonly finder: Finder;
  readonly primary: MappedDevice;
  readonly fsUuid: string;
  readonly daxdevs: readonly LoggedDaxdev[];
}

/** The orphans of a file system, in all places that are searched for daxdevs. */
export function orphansOf(search: OrphanSearch): Orphan[] {
  const { finder, fsUuid, daxdevs } = search;
  return foundOrphans(finder, fsUuid, daxdevs).map((found) => {
    const { path, size } = found;
    const left = leftIndex(search, found) !== undefined;
    return { path, uuid: secondaryOn(found)?.deviceUuid as string, size, left };
  });
}

/** The index that an orphan had before the log was rewritten without it; undefined if nothing says that this was so. */
export function leftIndex(
  { finder, primary, fsUuid }: Pick<OrphanSearch, 'finder' | 'primary' | 'fsUuid'>,
  { path }: ProbedDaxdev,
): number | undefined {
  const history = historyUuidOf(primary, fsUuid);
  if (history === undefined) return undefined;
  let device: MappedDevice | undefined;
  try {
    device = openDevice(finder.host, path, false);
    const departure = readDeparture(device);
    return departure?.fsUuid === fsUuid && departure.historyUuid === history ? departure.daxdev : undefined;
  } catch (error) {
    if (error instanceof FamfsError || error instanceof DeviceError) return undefined;
    throw error;
  } finally {
    device?.close();
  }
}

/** The same as they were found. */
export function foundOrphans(finder: Finder, fsUuid: string, daxdevs: readonly LoggedDaxdev[]): ProbedDaxdev[] {
  const known = new Set(daxdevs.map(({ uuid }) => uuid));
  return finder.all().filter((found) => {
    const superblock = secondaryOn(found);
    return superblock?.fsUuid === fsUuid && !known.has(superblock.deviceUuid);
  });
}

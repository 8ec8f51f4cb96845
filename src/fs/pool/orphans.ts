/** Secondaries whose superblocks name a pool, but that its log does not name: traces of an interrupted mkfs or add. */

import type { LoggedDaxdev } from '../log/replay.js';
import { type Finder, type ProbedDaxdev, secondaryOn } from './finder.js';

export interface Orphan {
  readonly path: string;
  readonly uuid: string;
  /** bytes */
  readonly size: number;
}

/** The orphans of a file system, in all places that are searched for daxdevs. */
export function orphansOf(finder: Finder, fsUuid: string, daxdevs: readonly LoggedDaxdev[]): Orphan[] {
  return foundOrphans(finder, fsUuid, daxdevs).map((found) => {
    return { path: found.path, uuid: secondaryOn(found)?.deviceUuid as string, size: found.size };
  });
}

/** The same as they were found. */
export function foundOrphans(finder: Finder, fsUuid: string, daxdevs: readonly LoggedDaxdev[]): ProbedDaxdev[] {
  const known = new Set(daxdevs.map(({ uuid }) => uuid));
  return finder.all().filter((found) => {
    const superblock = secondaryOn(found);
    return superblock?.fsUuid === fsUuid && !known.has(superblock.deviceUuid);
  });
}

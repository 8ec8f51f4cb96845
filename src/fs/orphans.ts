/** Secondaries that say they belong to a pool, but that its log does not know: what an interrupted mkfs or add leaves. */
import { type Finder, secondaryOn } from './finder.js';
import type { LoggedDaxdev } from './replay.js';

export interface Orphan {
  readonly path: string;
  readonly uuid: string;
  /** bytes */
  readonly size: number;
}

/** The orphans of a file system, wherever daxdevs are looked for. */
export function orphansOf(finder: Finder, fsUuid: string, daxdevs: readonly LoggedDaxdev[]): Orphan[] {
  const known = new Set(daxdevs.map(({ uuid }) => uuid));
  return finder.all().flatMap((found) => {
    const superblock = secondaryOn(found);
    if (superblock?.fsUuid !== fsUuid || known.has(superblock.deviceUuid)) return [];
    return [{ path: found.path, uuid: superblock.deviceUuid, size: found.size }];
  });
}

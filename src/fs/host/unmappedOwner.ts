/** Owners that a user namespace does not map: the kernel shows them as the overflow ids, which belong to nobody. */
import { readFileSync } from 'node:fs';

/** Ids that stand for unknown owners; undefined where the id is that of a user or group. */
export interface UnmappedOwner {
  readonly uid: number | undefined;
  readonly gid: number | undefined;
}

/** How unknown owners appear to this process. In any system tree, /proc is that of its own namespace. */
export function unmappedOwner(): UnmappedOwner {
  return { uid: unmappedId('uid'), gid: unmappedId('gid') };
}

function unmappedId(kind: 'uid' | 'gid'): number | undefined {
  try {
    const overflow = Number(readText(`/proc/sys/kernel/overflow${kind}`));
    const ranges = readText(`/proc/self/${kind}_map`).trim().split('\n');
    const isMapped = ranges.some((range) => {
      const [first = 0, , count = 0] = range.trim().split(/\s+/).map(Number);
      return overflow >= first && overflow < first + count;
    });
    return isMapped ? undefined : overflow;
  } catch {
    // a kernel without user namespaces
    return undefined;
  }
}

function readText(path: string): string {
  return readFileSync(path, 'latin1');
}

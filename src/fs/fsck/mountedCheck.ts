/** fsck of a mounted file system: checks its meta files, and repairs nothing. */

import { FamfsError } from '../errors.js';
import type { Host } from '../host/host.js';
import { probe } from '../pool/finder.js';
import type { MountedPool } from '../pool/mounted.js';
import type { Target } from '../pool/openTarget.js';
import { inspectMounted, reportOf } from './checks/inspect.js';
import type { Mode, RepairOptions, RepairReport } from './runner.js';

/**
 * Checks a file system through its mount. Options that ask for repairs are refused, and no question is asked on a terminal.
 * Throws MOUNTED or NO_FAMFS.
 */
export function checkMounted({ finder, host }: Target, mounted: MountedPool, options: RepairOptions): RepairReport {
  refuseRepairs(mounted.mountPoint, options.mode);
  const deviceSize = mounted.source === undefined ? undefined : sizeOf(host, mounted.source);
  const inspection = inspectMounted(finder, mounted, deviceSize, { ...options, journal: undefined, alone: false });
  const report = reportOf(inspection);
  return { found: report, left: report, decisions: [], undo: undefined, shown: false };
}

function refuseRepairs(path: string, mode: Mode): void {
  if (mode === 'no' || mode === 'ask') return;
  throw new FamfsError('MOUNTED', `${path} is mounted; it is not repaired`, {
    hint: `unmount it first: umount ${path}; fsck -n ${path} only checks it`,
    details: { mountPoint: path },
  });
}

/** bytes of the mounted daxdev; undefined if the kernel lets nobody else map it */
function sizeOf(host: Host, source: string): number | undefined {
  try {
    return probe(host, source).size;
  } catch {
    return undefined;
  }
}

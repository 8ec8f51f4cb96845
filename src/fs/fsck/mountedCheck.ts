/** fsck of a mounted file system: it is looked at through its meta files, and nothing is repaired. */

import { FamfsError } from '../errors.js';
import type { Host } from '../host/host.js';
import { Finder, probe } from '../pool/finder.js';
import { closeMounted, openMounted } from '../pool/mounted.js';
import { inspectMounted, reportOf } from './inspect.js';
import type { Mode, RepairOptions, RepairReport } from './runner.js';

/**
 * Checks the file system that is mounted on a folder. Repairs that are asked for by option are refused; a terminal is not
 * asked. Throws MOUNTED, MOUNT_POINT, DEVICE_OPEN or NO_FAMFS.
 */
export function checkMounted(host: Host, path: string, options: RepairOptions): RepairReport {
  refuseRepairs(path, options.mode);
  const mounted = openMounted(host, path, false);
  try {
    const deviceSize = mounted.source === undefined ? undefined : sizeOf(host, mounted.source);
    const inspection = inspectMounted(new Finder(host, []), mounted, deviceSize, { ...options, alone: false });
    const report = reportOf(inspection);
    return { found: report, left: report, decisions: [], undo: undefined };
  } finally {
    closeMounted(mounted);
  }
}

function refuseRepairs(path: string, mode: Mode): void {
  if (mode === 'no' || mode === 'ask') return;
  throw new FamfsError('MOUNTED', `${path} is mounted; it is not repaired`, {
    hint: `unmount it first: umount ${path}; fsck -n ${path} looks at it as it is`,
    details: { mountPoint: path },
  });
}

/** bytes of the daxdev that is mounted; undefined where the kernel lets nobody else map it */
function sizeOf(host: Host, source: string): number | undefined {
  try {
    return probe(host, source).size;
  } catch {
    return undefined;
  }
}

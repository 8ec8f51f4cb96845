/** fsck of the named devices: one file system, or several one after the other, each once. */

import type { MappedDevice } from '../../native/device.js';
import { FamfsError } from '../errors.js';
import type { Host } from '../host/host.js';
import { openDevice } from '../host/openDevice.js';
import { type Access, openTarget, type Target } from '../pool/openTarget.js';
import { checkMounted } from './mountedCheck.js';
import { checkAndRepair, type Mode, type RepairOptions, type RepairReport } from './runner.js';
import { groupByPool, primaryOf } from './samePool.js';

const ACCESS: Readonly<Record<Mode, Access>> = { no: 'read', preen: 'repair', yes: 'salvage', ask: 'salvage' };

/** why a daxdev or image that can be read cannot be opened for writing */
const UNWRITABLE: ReadonlySet<unknown> = new Set(['EACCES', 'EPERM', 'EROFS']);

/** A file system that was checked, and the devices that led to it. */
export interface CheckedFileSystem {
  readonly named: readonly string[];
  readonly report: RepairReport;
}

/** A file system that could not be checked. */
export interface UncheckedFileSystem {
  readonly named: readonly string[];
  readonly error: FamfsError;
}

/**
 * Checks the one file system that the named daxdevs, or its mount point, lead to, and repairs it as the options say. Throws
 * what openTarget and checkAndRepair throw.
 */
export async function checkFileSystem(
  host: Host,
  named: readonly string[],
  options: RepairOptions,
): Promise<RepairReport> {
  const target = open(host, named, options.mode);
  let journal: MappedDevice | undefined;
  try {
    const { mount, primary } = target;
    if (mount !== undefined) return checkMounted(target, mount, options);
    if (options.journal !== undefined) journal = openDevice(host, options.journal, false);
    return await checkAndRepair(target, primary.writable ? options : { ...options, mode: 'no' }, journal);
  } finally {
    journal?.close();
    target.close();
  }
}

/** A primary that nobody may write to is opened as for -n, with a warning: what can be said of it is the same. */
function open(host: Host, named: readonly string[], mode: Mode): Target {
  try {
    return openTarget(host, named, ACCESS[mode]);
  } catch (error) {
    if (mode === 'no' || !(error instanceof FamfsError) || !UNWRITABLE.has(error.details?.reason)) throw error;
    const target = openTarget(host, named, 'read');
    host.warn(error.code, `${target.primary.path} is checked, but not repaired: ${error.message}`);
    return target;
  }
}

/** Checks the file system of each device; one that cannot be checked does not stop the others. */
export async function checkFileSystems(
  host: Host,
  devices: readonly string[],
  optionsOf: (named: readonly string[]) => RepairOptions,
): Promise<{ checked: CheckedFileSystem[]; unchecked: UncheckedFileSystem[] }> {
  const checked: { readonly primary: string | undefined; readonly named: string[]; readonly report: RepairReport }[] =
    [];
  const unchecked: UncheckedFileSystem[] = [];
  for (const { paths, primary } of groupByPool(host, devices)) {
    // devices that led to no primary may lead to one that has just been repaired
    const current = (primary ?? primaryOf(host, paths[0] as string))?.identity;
    const known = current === undefined ? undefined : checked.find((one) => one.primary === current);
    if (known !== undefined) {
      known.named.push(...paths);
      continue;
    }
    try {
      checked.push({ primary: current, named: paths, report: await checkFileSystem(host, paths, optionsOf(paths)) });
    } catch (error) {
      if (!(error instanceof FamfsError)) throw error;
      unchecked.push({ named: paths, error });
    }
  }
  return { checked, unchecked };
}

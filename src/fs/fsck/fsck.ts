/** fsck of what was named: one file system, or several one after the other, each once. */

import type { MappedDevice } from '../../native/device.js';
import { FamfsError } from '../errors.js';
import type { Host } from '../host/host.js';
import { openDevice } from '../host/openDevice.js';
import { type Access, openTarget } from '../pool/openTarget.js';
import { checkMounted } from './mountedCheck.js';
import { checkAndRepair, type Mode, type RepairOptions, type RepairReport } from './runner.js';
import { groupByPool, primaryOf } from './samePool.js';

const ACCESS: Readonly<Record<Mode, Access>> = { no: 'read', preen: 'repair', yes: 'salvage', ask: 'salvage' };

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
  const target = openTarget(host, named, ACCESS[options.mode]);
  let journal: MappedDevice | undefined;
  try {
    const { mount } = target;
    if (mount !== undefined) return checkMounted(target, mount, options);
    if (options.journal !== undefined) journal = openDevice(host, options.journal, false);
    return await checkAndRepair(target, options, journal);
  } finally {
    journal?.close();
    target.close();
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
    // what led to no primary may lead to one that has just been repaired
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

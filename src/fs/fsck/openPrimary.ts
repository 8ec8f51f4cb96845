import { SUPERBLOCK_REGION } from '../../format/superblock.js';
import type { MappedDevice } from '../../native/device.js';
import { FamfsError } from '../errors.js';
import { openDevice } from '../host/openDevice.js';
import type { Finder } from '../pool/finder.js';
import { openPrimary } from '../pool/volume.js';
import { soundLogAt } from './scan.js';

/**
 * Opens the primary of the file system that is meant. With `salvage` also one that has lost its superblock, if it was named
 * and a sound log lies where a primary has it. Throws what openPrimary throws; the hint then says whether that would help.
 */
export function openForFsck(finder: Finder, writable: boolean, salvage: boolean): MappedDevice {
  try {
    return openPrimary(finder, writable);
  } catch (error) {
    const lost = isNoPrimary(error) ? lostPrimaries(finder) : [];
    const [path, ...others] = lost;
    if (path === undefined || others.length > 0) throw error;
    if (salvage) return openDevice(finder.host, path, writable);
    const { code, message, details } = error as FamfsError;
    const hint = `${path} has a log but no superblock: famfs fsck -y makes the superblock anew on its Master`;
    throw new FamfsError(code, message, { hint, details: { ...details, log: path } });
  }
}

function isNoPrimary(error: unknown): boolean {
  return error instanceof FamfsError && ['NO_FAMFS', 'NO_PRIMARY'].includes(error.code);
}

function lostPrimaries(finder: Finder): string[] {
  return finder
    .named()
    .filter(({ path, reading }) => reading.state === 'none' && hasLog(finder, path))
    .map(({ path }) => path);
}

function hasLog(finder: Finder, path: string): boolean {
  const device = openDevice(finder.host, path, false);
  try {
    return soundLogAt(device, SUPERBLOCK_REGION) !== undefined;
  } finally {
    device.close();
  }
}

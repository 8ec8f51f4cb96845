/** What is refused before a daxdev is written to for the first time: by mkfs, and when a daxdev joins a pool. */
import { ALLOCATION_UNIT, MAX_DAXDEVS, SUPERBLOCK_REGION, type Superblock } from '../../format/superblock.js';
import type { MappedDevice } from '../../native/device.js';
import { FamfsError } from '../errors.js';
import type { Host } from '../host/host.js';
import { openDevice } from '../host/openDevice.js';
import { readSystemUuid } from '../host/systemUuid.js';
import { foreignContent } from '../media/foreignContent.js';
import { isLogLength, isSecondary, readSuperblock } from '../media/superblockReader.js';

/** how often --force must be given to replace a famfs of another host */
const FORCE_OTHER_HOST = 2;

/**
 * Opens the devices that are to be written to, each once. Throws DEVICE_OPEN, SAME_DAXDEV or TOO_MANY_DAXDEVS; none is
 * left open then.
 */
export function openNew(host: Host, paths: readonly string[], writable: boolean): MappedDevice[] {
  if (paths.length > MAX_DAXDEVS)
    throw new FamfsError('TOO_MANY_DAXDEVS', `${paths.length} daxdevs: a pool has at most ${MAX_DAXDEVS}`);
  const devices: MappedDevice[] = [];
  try {
    for (const path of paths) devices.push(openDevice(host, path, writable));
    refuseTwins(devices);
    return devices;
  } catch (error) {
    for (const device of devices) device.close();
    throw error;
  }
}

function refuseTwins(devices: readonly MappedDevice[]): void {
  for (const [i, device] of devices.entries()) {
    const twin = devices.slice(0, i).find(({ identity }) => identity === device.identity);
    if (twin === undefined) continue;
    const names = twin.path === device.path ? `${device.path} is named twice` : `${twin.path} and ${device.path}`;
    const what = twin.path === device.path ? '' : ' are the same device';
    throw new FamfsError('SAME_DAXDEV', `${names}${what}`, {
      hint: 'name each daxdev once',
      details: { devices: [twin.path, device.path] },
    });
  }
}

/** Takes the lock at once or not at all; a dry run needs none. Throws BUSY. */
export function lockNew(device: MappedDevice, dryRun: boolean): void {
  if (dryRun || device.lock('exclusive', false)) return;
  throw new FamfsError('BUSY', `${device.path} is locked by another process`, { hint: 'wait until it has ended' });
}

/**
 * Refuses a device that cannot hold what it is to hold: superblock, log of `logLength` bytes (0 on a secondary) and one
 * allocation unit. Throws TOO_SMALL.
 */
export function refuseGeometry(device: MappedDevice, logLength: number): void {
  const least = SUPERBLOCK_REGION + logLength + ALLOCATION_UNIT;
  if (device.size >= least) return;
  const holds = logLength > 0 ? 'superblock, log and one allocation unit' : 'superblock and one allocation unit';
  throw new FamfsError('TOO_SMALL', `${device.path} has ${device.size} bytes; ${holds} need ${least}`, {
    hint: logLength > 0 ? 'use a larger device, or a shorter log' : 'use a larger device',
    details: { device: device.path, size: device.size, needed: least },
  });
}

/** A device aligned to 4 KiB works, but it need not begin where huge pages do. */
export function warnAlignment(host: Host, { path, kind, align }: MappedDevice): void {
  if (kind === 'file' || align % ALLOCATION_UNIT === 0) return;
  host.warn(
    'SMALL_ALIGNMENT',
    `${path} is aligned to ${align} bytes only; kernels may map files on it in small pages, which is slower`,
  );
}

/** Throws BAD_LOG_LENGTH unless `length` (bytes) is a power of two from 8 MiB. */
export function refuseLogLength(length: number): void {
  if (isLogLength(length, Number.MAX_SAFE_INTEGER)) return;
  throw new FamfsError('BAD_LOG_LENGTH', `a log of ${length} bytes: it is a power of two, 8 MiB or more`, {
    hint: 'give --loglen 8M, 16M, 32M ...',
  });
}

/** Refuses what --force does not cover; returns what is there otherwise. Throws HAS_FAMFS, OTHER_HOST or FOREIGN. */
export function refuseContent(host: Host, device: MappedDevice, force: number): string | undefined {
  const { state, superblock } = readSuperblock(device);
  if (state === 'none' || superblock === undefined) return refuseForeign(device, force);
  const own = superblock.systemUuid === readSystemUuid(host);
  const whose = own ? 'this host' : `another host (system uuid ${superblock.systemUuid})`;
  const found = `${describe(superblock, state)} of ${whose}`;
  if (force >= (own ? 1 : FORCE_OTHER_HOST)) return found;
  const code = own ? 'HAS_FAMFS' : 'OTHER_HOST';
  const hint = own ? 'give --force to replace it' : 'give --force twice to replace it';
  const details = { device: device.path, fsUuid: superblock.fsUuid, systemUuid: superblock.systemUuid, state };
  throw new FamfsError(code, `${device.path} holds ${found}`, {
    hint: `${hint}; all its files are lost then`,
    details,
  });
}

function describe(superblock: Superblock, state: string): string {
  if (state === 'other-version') return `a famfs of version ${superblock.version}`;
  return isSecondary(superblock) ? `a daxdev of the pool ${superblock.fsUuid}` : `the famfs ${superblock.fsUuid}`;
}

function refuseForeign(device: MappedDevice, force: number): string | undefined {
  const content = foreignContent(device);
  if (content === undefined || force >= 1) return content;
  throw new FamfsError('FOREIGN', `${device.path} holds ${content}`, {
    hint: 'give --force to replace it; all that it holds is lost then',
    details: { device: device.path, content },
  });
}

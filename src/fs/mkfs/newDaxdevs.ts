/** Checks before a daxdev is written to for the first time, by mkfs or when it joins a pool. */
import { listed } from '../../format/listed.js';
import { ALLOCATION_UNITS, HUGE_PAGE, MAX_DAXDEVS, SUPERBLOCK_REGION, unitText } from '../../format/superblock.js';
import type { MappedDevice } from '../../native/device.js';
import { FamfsError } from '../errors.js';
import type { Host } from '../host/host.js';
import { openDevice } from '../host/openDevice.js';
import { isLogLength } from '../media/superblockReader.js';
import { refuseMounted } from '../pool/mountOfPool.js';
import { refuseContent } from './oldContent.js';

/** Opens each of the devices to be written to once. Throws DEVICE_OPEN, SAME_DAXDEV or TOO_MANY_DAXDEVS; all are closed then. */
export function openNew(host: Host, paths: readonly string[], writable: boolean): MappedDevice[] {
  if (paths.length > MAX_DAXDEVS)
    throw new FamfsError('TOO_MANY_DAXDEVS', `${paths.length} daxdevs: a pool has at most ${MAX_DAXDEVS}`);
  const devices: MappedDevice[] = [];
  try {
    for (const path of paths) devices.push(openDevice(host, path, writable, 'new'));
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
    if (twin !== undefined) throw sameDaxdev(twin, device);
  }
}

/** The error about two names of one daxdev. */
export function sameDaxdev(first: { readonly path: string }, second: { readonly path: string }): FamfsError {
  const devices = [first.path, second.path];
  const what =
    first.path === second.path ? `${first.path} is named twice` : `${devices.join(' and ')} are the same device`;
  return new FamfsError('SAME_DAXDEV', what, { hint: 'name each daxdev once', details: { devices } });
}

/**
 * Everything that makes a device unfit for a daxdev of a new file system, or one that joins a pool. Returns the contents that will
 * be replaced. Throws MOUNTED, TOO_SMALL, BUSY, HAS_FAMFS, OTHER_HOST or FOREIGN.
 */
export function refuseNew(
  host: Host,
  device: MappedDevice,
  { logLength, unit }: Geometry,
  { force, dryRun }: { readonly force: number; readonly dryRun: boolean },
): string | undefined {
  refuseMounted(host, device);
  refuseGeometry(device, { logLength, unit });
  lockNew(host, device, dryRun);
  return refuseContent(host, device, SUPERBLOCK_REGION + logLength, force);
}

/** Takes the lock at once or not at all; a dry run needs none. Throws BUSY. */
export function lockNew(host: Host, device: MappedDevice, dryRun: boolean): void {
  if (dryRun) return;
  if (device.lock('exclusive', false)) {
    host.step?.({ name: 'locked', path: device.path, seconds: 0 });
    return;
  }
  throw new FamfsError('BUSY', `${device.path} is locked by another process`, { hint: 'wait until it has ended' });
}

/** What a file system takes of a daxdev; bytes. */
export interface Geometry {
  /** 0 on a secondary */
  readonly logLength: number;
  /** allocation unit */
  readonly unit: number;
}

/** Bytes that a daxdev needs for superblock, log and one allocation unit. */
export function leastSize({ logLength, unit }: Geometry): number {
  return SUPERBLOCK_REGION + logLength + unit;
}

/** Refuses a device that is too small for superblock, log and one allocation unit. Throws TOO_SMALL. */
export function refuseGeometry(device: Pick<MappedDevice, 'path' | 'size'>, geometry: Geometry): void {
  const { logLength } = geometry;
  const least = leastSize(geometry);
  if (device.size >= least) return;
  const holds = logLength > 0 ? 'superblock, log and one allocation unit' : 'superblock and one allocation unit';
  throw new FamfsError('TOO_SMALL', `${device.path} has ${device.size} bytes; ${holds} need ${least}`, {
    hint: logLength > 0 ? 'use a larger device, or a shorter log' : 'use a larger device',
    details: { device: device.path, size: device.size, needed: least },
  });
}

/** A device aligned to 4 KiB works, but may not begin at a boundary of huge pages. */
export function warnAlignment(host: Host, devices: readonly MappedDevice[]): void {
  const small = devices.filter(({ kind, align }) => kind !== 'file' && align % HUGE_PAGE !== 0);
  if (small.length === 0) return;
  const which = listed(small.map(({ path, align }) => `${path} is aligned to ${align} bytes only`));
  host.warn('SMALL_ALIGNMENT', `${which}; kernels may map files there in small pages, which is slower`);
}

/** Throws BAD_LOG_LENGTH unless `length` (bytes) is a power of two from 8 MiB. */
export function refuseLogLength(length: number): void {
  if (isLogLength(length, Number.MAX_SAFE_INTEGER)) return;
  throw new FamfsError(
    'BAD_LOG_LENGTH',
    `a log of ${length} bytes: the length must be a power of two, at least 8 MiB`,
    {
      hint: 'give --loglen 8M, 16M, 32M ...',
    },
  );
}

/** Throws BAD_UNIT unless `unit` (bytes) is an allocation unit that a file system can have. */
export function refuseUnit(unit: number): void {
  if (ALLOCATION_UNITS.includes(unit)) return;
  throw new FamfsError(
    'BAD_UNIT',
    `an allocation unit of ${unit} bytes: it is ${ALLOCATION_UNITS.map(unitText).join(' or ')}`,
    {
      hint: 'give --alloc-unit 4k for many small files, or leave it out',
    },
  );
}

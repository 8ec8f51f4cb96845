/** The devices that a record is read from, opened whatever state their records are in. */
import { SUPERBLOCK_REGION } from '../../format/superblock.js';
import type { MappedDevice } from '../../native/device.js';
import { FamfsError } from '../errors.js';
import type { Host } from '../host/host.js';
import { openDevice } from '../host/openDevice.js';
import { isSecondary, readSuperblock } from '../media/superblockReader.js';
import { Finder } from '../pool/finder.js';
import { locate, withOrigin } from '../pool/locate.js';
import { closeMounted, mountPointOf, openMounted } from '../pool/mounted.js';
import { closeOnError } from '../pool/openTarget.js';

/** What has a superblock. */
export interface SuperblockPlace {
  readonly device: MappedDevice;
  /** bytes of the daxdev; undefined for a mount, where only the superblock's file is read */
  readonly deviceSize: number | undefined;
}

/** Where the superblock region and the log of a primary are. */
export interface PrimaryDevices {
  /** has the superblock region */
  readonly superblock: MappedDevice;
  /** has the log, which begins `logOffset` bytes from its start */
  readonly log: MappedDevice;
  readonly logOffset: number;
  close(): void;
}

/**
 * Maps the named devices, or else those of the configuration or this host, and passes them to `work`. Nothing on them is judged. Of a
 * mount, the file with the superblock is passed. Throws BAD_CONFIG, NO_FAMFS or AMBIGUOUS where nothing is named, MOUNT_POINT and
 * DEVICE_OPEN.
 */
export function withDevices<T>(
  host: Host,
  named: readonly string[],
  work: (places: readonly SuperblockPlace[]) => T,
): T {
  const { paths, origin } = locate(host, named);
  return withOrigin(origin, () => {
    const mountPoint = mountPointOf(host, paths);
    if (mountPoint !== undefined) {
      const mount = openMounted(host, mountPoint, false);
      return finallyClose({ close: () => closeMounted(mount) }, () =>
        work([{ device: mount.superblock, deviceSize: undefined }]),
      );
    }
    const devices: MappedDevice[] = [];
    const close = () => {
      for (const device of devices) device.close();
    };
    return finallyClose({ close }, () => {
      for (const path of paths) devices.push(openDevice(host, path, false));
      return work(devices.map((device) => ({ device, deviceSize: device.size })));
    });
  });
}

/**
 * The same for the primary: the first of the named devices that is not the secondary of a pool, or else the primary of that pool, which
 * is searched for. Throws what withDevices throws, and NO_PRIMARY.
 */
export function withPrimary<T>(host: Host, named: readonly string[], work: (devices: PrimaryDevices) => T): T {
  const { paths, origin } = locate(host, named);
  return withOrigin(origin, () => {
    const devices = openPrimary(host, paths);
    return finallyClose(devices, () => work(devices));
  });
}

function openPrimary(host: Host, paths: readonly string[]): PrimaryDevices {
  const mountPoint = mountPointOf(host, paths);
  if (mountPoint !== undefined) {
    const mount = openMounted(host, mountPoint, false);
    return { superblock: mount.superblock, log: mount.log, logOffset: 0, close: () => closeMounted(mount) };
  }
  let fsUuid: string | undefined;
  for (const path of paths) {
    const device = openDevice(host, path, false);
    const secondary = closeOnError(device, () => secondaryUuid(device));
    if (secondary === undefined) return wholeDevice(device);
    fsUuid ??= secondary;
    device.close();
  }
  const [found, ...others] = new Finder(host, paths).find(
    (superblock) => superblock.fsUuid === fsUuid && !isSecondary(superblock),
  );
  if (found !== undefined && others.length === 0) return wholeDevice(openDevice(host, found.path, false));
  const names = paths.join(', ');
  const why = found === undefined ? 'whose primary is not on this host' : 'of which this host has several primaries';
  throw new FamfsError('NO_PRIMARY', `${names}: secondary of a pool ${why}`, {
    hint: 'name the primary with --dev: the log is there',
    details: { fsUuid },
  });
}

/** The file-system uuid of a device that says that it is a secondary. */
function secondaryUuid(device: MappedDevice): string | undefined {
  const { state, superblock } = readSuperblock(device);
  return state !== 'none' && superblock !== undefined && isSecondary(superblock) ? superblock.fsUuid : undefined;
}

function wholeDevice(device: MappedDevice): PrimaryDevices {
  return { superblock: device, log: device, logOffset: SUPERBLOCK_REGION, close: () => device.close() };
}

function finallyClose<T>(opened: { close(): void }, work: () => T): T {
  try {
    return work();
  } finally {
    opened.close();
  }
}

/** Opening daxdevs and images, with errors that say what to do. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DeviceError, MappedDevice } from '../../native/device.js';
import { FamfsError } from '../errors.js';
import { DRIVERS, daxDevice } from './daxDevices.js';
import { modeRefusal } from './daxMode.js';
import { type Host, systemPath } from './host.js';
import { hostPath } from './hostPath.js';
import { type FamfsMount, mountOf } from './mountTable.js';
import { reportMapping } from './step.js';

/** existing: a file system is expected there; new: one will be made there, or a daxdev added. */
export type Purpose = 'existing' | 'new';

const HINTS: Readonly<Record<string, string>> = {
  ENOENT: 'name an existing daxdev such as /dev/dax0.0, or an image',
  EACCES: 'run as root, or get read and write permission for it',
  EPERM: 'run as root, or get read and write permission for it',
  NOT_DAX: 'name a device-dax character device such as /dev/dax0.0, or a plain file',
  NOT_A_DEVICE: 'name a device-dax character device such as /dev/dax0.0, or a plain file',
  EMPTY: 'an empty file holds no famfs; name another image',
  ENOMEM: 'the address space of this process is too small for it; raise ulimit -v',
};

/** Advice for a new file system, where it differs. */
const NEW_HINTS: Readonly<Record<string, string>> = {
  ENOENT: 'name an existing /dev/daxX.Y, or make an image with: truncate -s 16G FILE',
  EMPTY: 'give the image a size first: truncate -s 16G FILE',
};

/**
 * Maps a daxdev or image; a relative path starts at the host's cwd. Throws BAD_HOST_PATH, DEVICE_OPEN, or MOUNTED for one that
 * cannot be opened because it is mounted; each says what to do.
 */
export function openDevice(host: Host, path: string, writable: boolean, purpose: Purpose = 'existing'): MappedDevice {
  try {
    const started = host.step === undefined ? 0 : performance.now();
    const device = MappedDevice.open(hostPath(host, path), { writable, sysfs: systemPath(host, '/sys') });
    if (host.step !== undefined) reportMapping(host, device, (performance.now() - started) / 1000);
    return device;
  } catch (error) {
    if (!(error instanceof DeviceError)) throw error;
    const mount = mountOf(host, error.path);
    if (mount !== undefined) throw mountedError(error, mount);
    throw new FamfsError('DEVICE_OPEN', `cannot open ${error.message}`, {
      hint: () => hintFor(host, error, purpose),
      details: { device: path, reason: error.code },
      cause: error,
    });
  }
}

/** With some drivers, nobody can map a device while it is mounted. */
function mountedError(error: DeviceError, { mountPoint }: FamfsMount): FamfsError {
  return new FamfsError('MOUNTED', `cannot open ${error.message}; it is mounted on ${mountPoint}`, {
    hint: `use --dev ${mountPoint}, or unmount it first: umount ${mountPoint}`,
    details: { device: error.path, mountPoint, reason: error.code },
    cause: error,
  });
}

/** Why openDevice() failed, without the path that it was given. */
export function whyUnopened(error: unknown): string {
  const { cause, message } = error as Error;
  return cause instanceof DeviceError ? cause.reason : message;
}

/** Advice about it. A dax device has its name in sysfs and daxctl, whatever its node is called. */
function hintFor(host: Host, { code, daxdev, driver }: DeviceError, purpose: Purpose): string | undefined {
  if (daxdev === undefined) return (purpose === 'new' && NEW_HINTS[code]) || HINTS[code];
  if (code === 'EMPTY') return 'it has no memory; daxctl list shows the devices that have some';
  if (driver === undefined || driver === DRIVERS.famfs) return devdaxAdvice(host, daxdev);
  return `bind it to device_dax: daxctl reconfigure-device --mode=devdax --force ${daxdev}`;
}

/** The command that makes a dax device mappable, preceded by anything that would make that command fail now. */
function devdaxAdvice(host: Host, name: string): string {
  const run = `run: famfs daxdev mode --set-daxmode devdax ${name}`;
  const device = daxDevice(host, name);
  const refusal = device && modeRefusal(host, device, 'devdax');
  return refusal === undefined ? run : `${refusal.message}; ${refusal.hint}; then ${run}`;
}

/** The device-dax nodes of this host, by name. */
export function daxNodes(host: Host): string[] {
  const folder = systemPath(host, '/dev');
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => /^dax\d+\.\d+$/.test(name));
  const number = (name: string) => name.slice(3).split('.').map(Number) as [number, number];
  names.sort((a, b) => number(a)[0] - number(b)[0] || number(a)[1] - number(b)[1]);
  return names.map((name) => join(folder, name));
}

/** The dax devices of this host, and the driver of each (docs/mounted.md, "Drivers"). */
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { FamfsError } from '../errors.js';
import { type Host, systemPath } from './host.js';

/** What a driver uses a dax device for: tools can map `devdax`; kernel 7.0 and later can mount `famfs`. */
export type DaxMode = 'devdax' | 'famfs' | 'system-ram' | 'unbound' | 'other';

/** The driver of each mode that a device can be set to. */
export const DRIVERS = { devdax: 'device_dax', famfs: 'fsdev_dax' } as const;

export interface DaxDevice {
  /** daxX.Y */
  readonly name: string;
  readonly path: string;
  /** null if no driver is bound to it */
  readonly driver: string | null;
  readonly mode: DaxMode;
  /** bytes; null if sysfs does not have it */
  readonly size: number | null;
}

/** The dax devices of this host, by name; none if there is no dax bus. */
export function daxDevices(host: Host): DaxDevice[] {
  const names = tryTo(() => readdirSync(busPath(host, 'devices'))) ?? [];
  const sorted = names.filter(isDaxName).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return sorted.map((name) => readDevice(host, name));
}

/** The device with the name that sysfs gives it, such as dax0.0; undefined if this host has none. */
export function daxDevice(host: Host, name: string): DaxDevice | undefined {
  return isDaxName(name) && existsSync(busPath(host, 'devices', name)) ? readDevice(host, name) : undefined;
}

/** The device with a name, dax0.0, or with a node of that name. Throws NO_DAXDEV. */
export function daxDeviceNamed(host: Host, text: string): DaxDevice {
  const device = daxDevice(host, basename(text));
  if (device !== undefined) return device;
  throw new FamfsError('NO_DAXDEV', `${text} is not a dax device of this host`, {
    hint: 'famfs daxdev mode lists them',
    details: { device: text },
  });
}

/** The driver that is bound to a device; null if none is. */
export function driverOf(host: Host, name: string): string | null {
  return tryTo(() => basename(readlinkSync(busPath(host, 'devices', name, 'driver')))) ?? null;
}

/** MAJOR:MINOR of a device's node; undefined if sysfs does not have it. */
export function deviceNumber(host: Host, name: string): string | undefined {
  return tryTo(() => readFileSync(busPath(host, 'devices', name, 'dev'), 'latin1').trim());
}

/** A path below /sys/bus/dax. */
export function busPath(host: Host, ...parts: string[]): string {
  return join(systemPath(host, '/sys/bus/dax'), ...parts);
}

function readDevice(host: Host, name: string): DaxDevice {
  const driver = driverOf(host, name);
  const size = Number(tryTo(() => readFileSync(busPath(host, 'devices', name, 'size'), 'latin1').trim()) ?? Number.NaN);
  const path = join(systemPath(host, '/dev'), name);
  return { name, path, driver, mode: modeOf(driver), size: Number.isSafeInteger(size) ? size : null };
}

function modeOf(driver: string | null): DaxMode {
  if (driver === null) return 'unbound';
  if (driver === DRIVERS.devdax) return 'devdax';
  if (driver === DRIVERS.famfs) return 'famfs';
  return driver === 'kmem' ? 'system-ram' : 'other';
}

function isDaxName(name: string): boolean {
  return /^dax\d+\.\d+$/.test(name);
}

function tryTo<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

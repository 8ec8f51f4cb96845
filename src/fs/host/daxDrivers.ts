/** Which driver holds each dax device of this host, and giving it to another (docs/mounted.md, "Drivers"). */
import { closeSync, constants, openSync, readdirSync, readFileSync, readlinkSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FamfsError } from '../errors.js';
import { type Host, systemPath } from './host.js';
import { famfsMounts, mountOf } from './mountTable.js';

/** What a driver makes of a dax device. `devdax` can be mapped by tools, `famfs` can be mounted from kernel 7.0 on. */
export type DaxMode = 'devdax' | 'famfs' | 'system-ram' | 'unbound' | 'other';

const DRIVERS = { devdax: 'device_dax', famfs: 'fsdev_dax' } as const;

/** The modes that a device can be given. */
export type SettableMode = keyof typeof DRIVERS;

export interface DaxDevice {
  /** daxX.Y */
  readonly name: string;
  readonly path: string;
  /** null when no driver holds it */
  readonly driver: string | null;
  readonly mode: DaxMode;
  /** bytes; null when sysfs does not tell */
  readonly size: number | null;
}

/** A device that was given another driver. */
export interface ModeChange {
  readonly name: string;
  readonly from: DaxMode;
  readonly to: SettableMode;
  /** false when it was in that mode already */
  readonly changed: boolean;
}

/** How long a driver may take until it holds a device, milliseconds. */
const PATIENCE = 500;
const STEP = 5;

/** The dax devices of this host, by name; none where there is no dax bus. */
export function daxDevices(host: Host): DaxDevice[] {
  let names: string[];
  try {
    names = readdirSync(busPath(host, 'devices'));
  } catch {
    return [];
  }
  const sorted = names.filter(isDaxName).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return sorted.map((name) => describe(host, name));
}

/** The device that a text names: dax0.0, or the path of its node. Throws NO_DAXDEV. */
export function daxDeviceNamed(host: Host, text: string): DaxDevice {
  const found = daxDevices(host).find(({ name }) => name === basename(text));
  if (found !== undefined) return found;
  throw new FamfsError('NO_DAXDEV', `${text} is no dax device of this host`, {
    hint: 'famfs daxdev mode lists them',
    details: { device: text },
  });
}

/**
 * Gives devices to the driver of a mode. All are checked before the first is touched; when one fails, it and those
 * before it get back the drivers that they had. Throws MOUNTED, DAXMODE_RAM, NO_DRIVER or DAXMODE.
 */
export async function setDaxMode(host: Host, devices: readonly DaxDevice[], mode: SettableMode): Promise<ModeChange[]> {
  const wanted = devices.filter((device) => device.mode !== mode);
  for (const device of wanted) refuse(host, device, mode);
  const touched: DaxDevice[] = [];
  try {
    for (const device of wanted) {
      touched.push(device);
      await rebind(host, device.name, DRIVERS[mode]);
    }
  } catch (cause) {
    const left = await putBack(host, touched);
    throw failure(touched.at(-1) as DaxDevice, mode, left, cause);
  }
  return devices.map(({ name, mode: from }) => ({ name, from, to: mode, changed: from !== mode }));
}

function refuse(host: Host, device: DaxDevice, mode: SettableMode): void {
  const { name, path } = device;
  const mounts = famfsMounts(host);
  const own = mountOf(host, path) ?? mounts.find(({ source }) => source === `/dev/${name}`);
  // a mounted pool does not name its secondaries, and the kernel would let us take them away
  const mount = own ?? (device.mode === 'famfs' ? mounts[0] : undefined);
  if (mount !== undefined)
    throw new FamfsError('MOUNTED', `${name} is, or may be, in use by the famfs mounted on ${mount.mountPoint}`, {
      hint: `unmount it first: umount ${mount.mountPoint}`,
      details: { device: name, mountPoint: mount.mountPoint },
    });
  if (device.mode === 'system-ram')
    throw new FamfsError('DAXMODE_RAM', `${name} is in use as memory of this host`, {
      hint: `daxctl reconfigure-device --mode=devdax --force ${name} takes it away, where its memory can be spared`,
      details: { device: name },
    });
  try {
    readdirSync(busPath(host, 'drivers', DRIVERS[mode]));
  } catch {
    const kernel = mode === 'famfs' ? '; kernels have it from 7.0 on' : '';
    throw new FamfsError('NO_DRIVER', `this kernel has no driver ${DRIVERS[mode]}${kernel}`, {
      hint: `load it: modprobe ${DRIVERS[mode]}`,
      details: { driver: DRIVERS[mode] },
    });
  }
}

/** Takes a device from the driver that holds it, and gives it to another, or to none. */
async function rebind(host: Host, name: string, driver: string | null): Promise<void> {
  const held = driverOf(host, name);
  if (held === driver) return;
  if (held !== null) {
    control(host, held, 'unbind', name);
    await holds(host, name, null);
  }
  if (driver === null) return;
  // a driver that does not take every device must know this one first; those that do refuse or ignore it
  tryTo(() => control(host, driver, 'new_id', name));
  if (driverOf(host, name) !== driver) control(host, driver, 'bind', name);
  await holds(host, name, driver);
}

/** Returns the devices that did not get back what they had. */
async function putBack(host: Host, touched: readonly DaxDevice[]): Promise<string[]> {
  const left: string[] = [];
  for (const { name, driver } of touched.toReversed()) {
    try {
      await rebind(host, name, driver);
    } catch {
      left.push(name);
    }
  }
  return left;
}

function failure(device: DaxDevice, mode: SettableMode, left: readonly string[], cause: unknown): FamfsError {
  const { name, driver } = device;
  const state =
    left.length === 0
      ? 'every device has the driver that it had before'
      : `these did not get their driver back: ${left.join(', ')}`;
  return new FamfsError(
    'DAXMODE',
    `${name} could not be given to ${DRIVERS[mode]}: ${(cause as Error).message}; ${state}`,
    {
      hint: left.length === 0 ? 'the kernel log may say why' : `bind them by hand, ${name} to ${driver ?? 'no driver'}`,
      details: { device: name, left },
      cause,
    },
  );
}

/** Waits until a device is held by a driver, or by none. */
async function holds(host: Host, name: string, driver: string | null): Promise<void> {
  for (let waited = 0; driverOf(host, name) !== driver; waited += STEP) {
    if (waited >= PATIENCE) throw new Error(`it is still with ${driverOf(host, name) ?? 'no driver'}`);
    await sleep(STEP);
  }
}

function control(host: Host, driver: string, file: 'bind' | 'unbind' | 'new_id', name: string): void {
  const fd = openSync(busPath(host, 'drivers', driver, file), constants.O_WRONLY | constants.O_TRUNC);
  try {
    writeSync(fd, name);
  } finally {
    closeSync(fd);
  }
}

function describe(host: Host, name: string): DaxDevice {
  const driver = driverOf(host, name);
  const size = Number(tryTo(() => readFileSync(busPath(host, 'devices', name, 'size'), 'latin1').trim()) ?? Number.NaN);
  const path = join(systemPath(host, '/dev'), name);
  return { name, path, driver, mode: modeOf(driver), size: Number.isSafeInteger(size) ? size : null };
}

function driverOf(host: Host, name: string): string | null {
  return tryTo(() => basename(readlinkSync(busPath(host, 'devices', name, 'driver')))) ?? null;
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

function busPath(host: Host, ...parts: string[]): string {
  return join(systemPath(host, '/sys/bus/dax'), ...parts);
}

function tryTo<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

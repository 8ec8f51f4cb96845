/** Gives dax devices to another driver (docs/mounted.md, "Drivers"). */
import { closeSync, constants, openSync, readdirSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { FamfsError } from '../errors.js';
import { busPath, type DaxDevice, type DaxMode, DRIVERS, driverOf } from './daxDevices.js';
import { mappedError, processMapping } from './daxMappings.js';
import type { Host } from './host.js';
import { famfsMounts, mountOf } from './mountTable.js';

/** The modes that a device can be set to. */
export type SettableMode = keyof typeof DRIVERS;

/** A device, and its new mode. */
export interface ModeChange {
  readonly name: string;
  readonly from: DaxMode;
  readonly to: SettableMode;
  /** false if it was in that mode already */
  readonly changed: boolean;
}

/** how long a driver may take to bind a device, milliseconds */
const PATIENCE = 500;
const STEP = 5;

/**
 * Gives devices to the driver of a mode. All are checked before the first is touched; if one fails, it and those before it get
 * their drivers back. Throws MOUNTED, DAXMODE_RAM, NO_DRIVER, MAPPED or DAXMODE.
 */
export async function setDaxMode(host: Host, devices: readonly DaxDevice[], mode: SettableMode): Promise<ModeChange[]> {
  const changes = planDaxMode(host, devices, mode);
  const touched: DaxDevice[] = [];
  try {
    for (const device of devices.filter((one) => one.mode !== mode)) {
      touched.push(device);
      await rebind(host, device.name, DRIVERS[mode]);
    }
  } catch (cause) {
    const left = await putBack(host, touched);
    throw failure(touched.at(-1) as DaxDevice, mode, left, cause);
  }
  return changes;
}

/** What setDaxMode would do; nothing is touched. Throws MOUNTED, DAXMODE_RAM, NO_DRIVER or MAPPED. */
export function planDaxMode(host: Host, devices: readonly DaxDevice[], mode: SettableMode): ModeChange[] {
  return devices.map((device) => {
    const changed = device.mode !== mode;
    const refusal = changed ? modeRefusal(host, device, mode) : undefined;
    if (refusal !== undefined) throw refusal;
    return { name: device.name, from: device.mode, to: mode, changed };
  });
}

/** Why a device cannot be given to the driver of a mode now: MOUNTED, DAXMODE_RAM, NO_DRIVER or MAPPED. */
export function modeRefusal(host: Host, device: DaxDevice, mode: SettableMode): FamfsError | undefined {
  return mountRefusal(host, device) ?? ramRefusal(device) ?? driverRefusal(host, mode) ?? mappingRefusal(host, device);
}

function mountRefusal(host: Host, { name, path, mode }: DaxDevice): FamfsError | undefined {
  const mounts = famfsMounts(host);
  const own = mountOf(host, path, mounts) ?? mounts.find(({ source }) => source === `/dev/${name}`);
  // the mount table does not name the secondaries of a pool, and the kernel would let us take them away
  const mount = own ?? (mode === 'famfs' ? mounts[0] : undefined);
  if (mount === undefined) return undefined;
  const { mountPoint } = mount;
  const use = own === undefined ? 'may be in use' : 'is in use';
  return new FamfsError('MOUNTED', `${name} ${use} by the famfs mounted on ${mountPoint}`, {
    hint: `unmount it first: umount ${mountPoint}`,
    details: { device: name, mountPoint },
  });
}

function ramRefusal({ name, mode }: DaxDevice): FamfsError | undefined {
  if (mode !== 'system-ram') return undefined;
  return new FamfsError('DAXMODE_RAM', `${name} is in use as system RAM`, {
    hint: `if this host can spare its memory: daxctl reconfigure-device --mode=devdax --force ${name}`,
    details: { device: name },
  });
}

function driverRefusal(host: Host, mode: SettableMode): FamfsError | undefined {
  const driver = DRIVERS[mode];
  try {
    readdirSync(busPath(host, 'drivers', driver));
    return undefined;
  } catch {
    const kernel = mode === 'famfs' ? '; it exists since kernel 7.0' : '';
    return new FamfsError('NO_DRIVER', `the driver ${driver} is not loaded${kernel}`, {
      hint: `load it: modprobe ${driver}`,
      details: { driver },
    });
  }
}

function mappingRefusal(host: Host, device: DaxDevice): FamfsError | undefined {
  const process = processMapping(host, device);
  if (process === undefined) return undefined;
  return mappedError(device.name, process, 'stop the process first: it would lose the memory');
}

/** Unbinds a device from its driver, and binds it to another or to none. */
async function rebind(host: Host, name: string, driver: string | null): Promise<void> {
  const bound = driverOf(host, name);
  if (bound === driver) return;
  if (bound !== null) {
    control(host, bound, 'unbind', name);
    await untilBound(host, name, null);
  }
  if (driver === null) return;
  addId(host, driver, name);
  if (driverOf(host, name) !== driver) control(host, driver, 'bind', name);
  await untilBound(host, name, driver);
}

/** A driver that does not match every device must first be given the id of this one; the others refuse or ignore it. */
function addId(host: Host, driver: string, name: string): void {
  try {
    control(host, driver, 'new_id', name);
  } catch {
    // binding shows whether it was necessary
  }
}

/** Returns the devices that did not get their drivers back. */
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
      ? 'every device has its old driver again'
      : `these did not get their old driver back: ${left.join(', ')}`;
  return new FamfsError(
    'DAXMODE',
    `${name} could not be bound to ${DRIVERS[mode]}: ${(cause as Error).message}; ${state}`,
    {
      hint: left.length === 0 ? 'the kernel log may say why' : `bind them by hand, ${name} to ${driver ?? 'no driver'}`,
      details: { device: name, left },
      cause,
    },
  );
}

/** Waits until a device is bound to a driver, or to none. */
async function untilBound(host: Host, name: string, driver: string | null): Promise<void> {
  for (let waited = 0; driverOf(host, name) !== driver; waited += STEP) {
    if (waited >= PATIENCE) throw new Error(`it is still bound to ${driverOf(host, name) ?? 'no driver'}`);
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

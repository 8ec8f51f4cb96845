/** `fsck --scan`: logs on devices whose superblock is gone. */

import { type ScannedLog, scanForLogs } from '../../fs/fsck/scan.js';
import { openDevice } from '../../fs/host/openDevice.js';
import type { Context, Result } from '../../ui/command.js';
import { UsageError } from '../../ui/errors.js';
import { hex, humanBytes } from '../../ui/units.js';

const EXIT_NONE = 8;

/** Looks for logs on each device. Exit code 8 where a device has none. Throws UsageError when none is named. */
export function scanDevices(context: Context, paths: readonly string[]): Result {
  if (paths.length === 0) throw new UsageError('--scan needs a DEV', 'name the daxdevs or images to look at');
  const devices = paths.map((path) => ({ device: path, logs: scan(context, path) }));
  const none = devices.some(({ logs }) => logs.length === 0);
  return {
    data: { devices },
    text: () => devices.flatMap(({ device, logs }) => describe(device, logs)),
    exitCode: none ? EXIT_NONE : 0,
  };
}

function scan(context: Context, path: string): ScannedLog[] {
  const device = openDevice(context, path, false);
  try {
    return scanForLogs(device);
  } finally {
    device.close();
  }
}

function describe(device: string, logs: readonly ScannedLog[]): string[] {
  if (logs.length === 0) return [`${device}: no log`];
  return logs.map(({ deviceOffset, length, counted, end }) => {
    return `${device}: log at ${hex(deviceOffset)}, ${humanBytes(length)}, ${counted} entries counted, the last complete one is ${end - 1}`;
  });
}

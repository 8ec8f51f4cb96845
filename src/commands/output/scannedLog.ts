/** `fsck --scan`: logs on devices whose superblock is gone. */

import { counted } from '../../format/counted.js';
import { type ScannedLog, scanForLogs } from '../../fs/fsck/scan.js';
import { openDevice } from '../../fs/host/openDevice.js';
import type { Context, Result } from '../../ui/command.js';
import { UsageError } from '../../ui/errors.js';
import { hex, humanBytes } from '../../ui/units.js';

/** Logs that were found on devices. */
export interface ScanReport {
  readonly devices: readonly { readonly device: string; readonly logs: readonly ScannedLogRow[] }[];
}

interface ScannedLogRow {
  /** bytes from the start of the device */
  readonly deviceOffset: number;
  /** bytes */
  readonly length: number;
  /** slots */
  readonly capacity: number;
  /** slots that the header counts */
  readonly counted: number;
  /** one more than the slot of the last complete entry */
  readonly end: number;
}

const EXIT_NONE = 8;

/** Looks for logs on each device. Exit code 8 where a device has none. Throws UsageError when none is named. */
export function scanDevices(context: Context, paths: readonly string[]): Result<ScanReport> {
  if (paths.length === 0) throw new UsageError('--scan needs a DEV', 'name the daxdevs or images to look at');
  const devices = paths.map((path) => ({ device: path, logs: scan(context, path) }));
  const none = devices.some(({ logs }) => logs.length === 0);
  return {
    data: { devices },
    text: () => devices.flatMap(({ device, logs }) => logLines(device, logs)),
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

function logLines(device: string, logs: readonly ScannedLog[]): string[] {
  if (logs.length === 0) return [`${device}: no log`];
  return logs.map(({ deviceOffset, length, counted: slots, end }) => {
    return `${device}: log at ${hex(deviceOffset)}, ${humanBytes(length)}, ${entriesText(slots, end)}`;
  });
}

function entriesText(slots: number, end: number): string {
  const last = end === 0 ? 'none is complete' : `the last complete one is in slot ${end - 1}`;
  return `${counted(slots, 'entry', 'entries')} counted, ${last}`;
}

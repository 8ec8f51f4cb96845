/** `fsck --scan`: logs on devices whose superblock is gone. */

import { counted } from '../../format/counted.js';
import { scanForLogs } from '../../fs/fsck/scan.js';
import { openDevice } from '../../fs/host/openDevice.js';
import type { Context, Result } from '../../ui/command.js';
import { UsageError } from '../../ui/errors.js';
import { hex, humanBytes } from '../../ui/units.js';

/** Logs that were found on devices. */
export interface ScanReport {
  readonly daxdevs: readonly { readonly path: string; readonly logs: readonly ScannedLogRow[] }[];
}

interface ScannedLogRow {
  /** bytes from the start of the daxdev */
  readonly deviceOffset: number;
  /** bytes */
  readonly length: number;
  /** entries that fit */
  readonly slots: number;
  /** slots that the header counts */
  readonly counted: number;
  /** one more than the slot of the last complete entry */
  readonly end: number;
}

const EXIT_NONE = 8;

/** Searches each device for logs. The exit code is 8 if a device has none. Throws UsageError if none is named. */
export function scanDevices(context: Context, paths: readonly string[]): Result<ScanReport> {
  if (paths.length === 0) throw new UsageError('--scan needs a DEV', 'name the daxdevs or images to look at');
  const devices = paths.map((path) => ({ path, logs: scan(context, path) }));
  const none = devices.some(({ logs }) => logs.length === 0);
  return {
    data: { daxdevs: devices },
    text: () => devices.flatMap(({ path, logs }) => logLines(path, logs)),
    exitCode: none ? EXIT_NONE : 0,
  };
}

function scan(context: Context, path: string): ScannedLogRow[] {
  const device = openDevice(context, path, false);
  try {
    return scanForLogs(device).map(({ capacity, ...log }) => ({ ...log, slots: capacity }));
  } finally {
    device.close();
  }
}

function logLines(path: string, logs: readonly ScannedLogRow[]): string[] {
  if (logs.length === 0) return [`${path}: no log`];
  return logs.map(({ deviceOffset, length, counted: entries, end }) => {
    return `${path}: log at ${hex(deviceOffset)}, ${humanBytes(length)}, ${entriesText(entries, end)}`;
  });
}

function entriesText(entries: number, end: number): string {
  const last = end === 0 ? 'none is complete' : `the last complete one is in slot ${end - 1}`;
  return `${counted(entries, 'entry', 'entries')} counted, ${last}`;
}

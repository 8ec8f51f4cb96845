/** Takes repairs of fsck back, from the undo image that they left. */
import type { MappedDevice } from '../../../native/device.js';
import { FamfsError } from '../../errors.js';
import type { Host } from '../../host/host.js';
import { openDevice } from '../../host/openDevice.js';
import { apply, readShared, type Write } from '../../media/sharedMemory.js';
import { refuseMounted } from '../../pool/mountOfPool.js';
import { closeOnError } from '../../pool/openTarget.js';
import { refuseOtherHost, refuseOtherTarget } from './target.js';
import { readUndo } from './undoReader.js';
import type { UndoRecord } from './undoRecord.js';
import { isOurs, overlay } from './words.js';

export interface UndoOptions {
  /** restore although the bytes are neither those that the repair wrote nor those that it found */
  readonly force: boolean;
  /** check everything, but write nothing */
  readonly dryRun: boolean;
  /** the run of fsck was interrupted, so that the image may be incomplete */
  readonly interrupted: boolean;
  /** where the daxdev is now, for an image of one daxdev; undefined: where it was */
  readonly device: string | undefined;
}

/** Bytes that are put back. */
export type Restore = Write & { readonly bytes: Buffer };

export interface UndoResult {
  readonly devices: readonly string[];
  /** the last write of the repair first */
  readonly restored: readonly Restore[];
  /** writes whose bytes were as before already */
  readonly unchanged: number;
  /** of all that was restored */
  readonly bytes: number;
  /** false for a dry run */
  readonly written: boolean;
}

/**
 * Restores what an undo image holds, the last write first. Everything is checked before anything is written.
 * Throws UNDO_FILE, UNDO_TARGET, CHANGED_SINCE, MOUNTED, NOT_MASTER, BUSY, BAD_HOST_PATH or DEVICE_OPEN; nothing has
 * changed then.
 */
export function undo(host: Host, name: string, options: UndoOptions): UndoResult {
  const { path, records: saved } = readUndo(host, name, options.interrupted);
  const records = relocate(path, saved, options.device);
  const devices = new Map<string, MappedDevice>();
  try {
    for (const device of new Set(records.map((record) => record.device)))
      devices.set(device, claim(host, device, records, options));
    const { writes, unchanged } = plan(records, devices, options.force);
    // one step each: where two writes overlap, the older bytes must come last
    if (!options.dryRun) apply(writes.map((write) => [write]));
    const bytes = writes.reduce((sum, write) => sum + write.bytes.length, 0);
    return { devices: [...devices.keys()], restored: writes, unchanged, bytes, written: !options.dryRun };
  } finally {
    for (const device of devices.values()) device.close();
  }
}

/** The records as those of the one daxdev that is named. */
function relocate(path: string, records: readonly UndoRecord[], device: string | undefined): readonly UndoRecord[] {
  if (device === undefined) return records;
  const names = new Set(records.map((record) => record.device));
  if (names.size > 1)
    throw new FamfsError('UNDO_FILE', `${path} is of ${names.size} daxdevs (${[...names].join(', ')})`, {
      hint: 'put them where they were, and name none of them',
    });
  return records.map((record) => ({ ...record, device }));
}

function claim(host: Host, name: string, records: readonly UndoRecord[], { dryRun }: UndoOptions): MappedDevice {
  const device = openDevice(host, name, !dryRun);
  return closeOnError(device, () => {
    refuseMounted(host, device);
    if (!dryRun) device.lock('exclusive', true);
    const own = records.filter((record) => record.device === name);
    refuseOtherTarget(device, own);
    refuseOtherHost(host, device, own);
    return device;
  });
}

function plan(
  records: readonly UndoRecord[],
  devices: ReadonlyMap<string, MappedDevice>,
  force: boolean,
): { writes: Restore[]; unchanged: number } {
  const writes: Restore[] = [];
  let unchanged = 0;
  for (const record of [...records].reverse()) {
    const { device: name, offset, before, why } = record;
    const device = devices.get(name) as MappedDevice;
    const ofDevice = records.filter((other) => other.device === name);
    if (!force && !isOurs(offset, ofDevice, readShared(device, offset, before.length))) throw changed(name, offset);
    if (asRestored(device, offset, before.length, writes).equals(before)) unchanged++;
    else writes.push({ device, offset, bytes: before, why });
  }
  return { writes, unchanged };
}

/** The bytes of a range as they will be when `writes` are done. */
function asRestored(device: MappedDevice, offset: number, length: number, writes: readonly Restore[]): Buffer {
  const bytes = readShared(device, offset, length);
  for (const write of writes) if (write.device === device) overlay(bytes, offset, write);
  return bytes;
}

function changed(name: string, offset: number): FamfsError {
  return new FamfsError('CHANGED_SINCE', `${name} was changed at ${offset} after the repair; nothing was restored`, {
    hint: 'to lose what was written since, give --force',
    details: { device: name, deviceOffset: offset },
  });
}

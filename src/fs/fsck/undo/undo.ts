/** Undoes repairs of fsck from the undo image that they left. */

import { MAX_DAXDEVS } from '../../../format/superblock.js';
import type { MappedDevice } from '../../../native/device.js';
import { FamfsError } from '../../errors.js';
import type { Host } from '../../host/host.js';
import { lockBlocking } from '../../host/lockPatience.js';
import { openDevice } from '../../host/openDevice.js';
import { apply, type Write } from '../../media/sharedMemory.js';
import { refuseMounted } from '../../pool/mountOfPool.js';
import { closeOnError } from '../../pool/openTarget.js';
import { runsOf } from './runs.js';
import { refuseOtherHost, refuseOtherTarget } from './target.js';
import { readUndo } from './undoReader.js';
import type { UndoRecord } from './undoRecord.js';

export interface UndoOptions {
  /** restore even if the bytes are neither those that the repair wrote nor those that it found */
  readonly force: boolean;
  /** check everything, but write nothing */
  readonly dryRun: boolean;
  /** the run of fsck was interrupted, so that the image may be incomplete */
  readonly interrupted: boolean;
  /** where the daxdev is now, for an image of one daxdev; undefined: where it was */
  readonly device: string | undefined;
}

/** A range of bytes that is restored. */
export type Restore = Write & { readonly bytes: Buffer };

export interface UndoResult {
  readonly devices: readonly string[];
  /** the last write of the repair first */
  readonly restored: readonly Restore[];
  /** writes whose bytes were already as before */
  readonly unchanged: number;
  /** sum of the restored bytes */
  readonly bytes: number;
  /** false for a dry run */
  readonly written: boolean;
}

/**
 * Restores the bytes in an undo image, the last write first. Everything is checked before anything is written. Throws UNDO_FILE,
 * UNDO_TARGET, CHANGED_SINCE, MOUNTED, NOT_MASTER, BUSY, BAD_HOST_PATH or DEVICE_OPEN; nothing has changed then.
 */
export function undo(host: Host, name: string, options: UndoOptions): UndoResult {
  const { path, records: saved } = readUndo(host, name, options.interrupted);
  const records = relocate(path, saved, options.device);
  const devices = new Map<string, MappedDevice>();
  try {
    for (const [device, own] of byDaxdev(records)) {
      const opened = claim(host, device, own, options, (found) => refuseTwice(path, found, devices));
      devices.set(device, opened);
    }
    const { writes, unchanged } = plan(records, devices, options.force);
    // one step each: if two writes overlap, the older bytes must be restored last
    if (!options.dryRun) apply(writes.map((write) => [write]));
    const bytes = writes.reduce((sum, write) => sum + write.bytes.length, 0);
    return { devices: [...devices.keys()], restored: writes, unchanged, bytes, written: !options.dryRun };
  } finally {
    for (const device of devices.values()) device.close();
  }
}

/** The records, redirected to the one daxdev that is named. */
function relocate(path: string, records: readonly UndoRecord[], device: string | undefined): readonly UndoRecord[] {
  const names = [...new Set(records.map((record) => record.device))];
  if (names.length > MAX_DAXDEVS)
    throw new FamfsError('UNDO_FILE', `${path} is for ${names.length} daxdevs, but a pool has at most ${MAX_DAXDEVS}`);
  if (device === undefined) return records;
  if (names.length > 1)
    throw new FamfsError('UNDO_FILE', `${path} is for ${names.length} daxdevs (${names.join(', ')})`, {
      hint: 'put them back at these paths, and name none of them',
    });
  return records.map((record) => ({ ...record, device }));
}

/** The records of each daxdev, in their order. */
function byDaxdev(records: readonly UndoRecord[]): Map<string, UndoRecord[]> {
  const daxdevs = new Map<string, UndoRecord[]>();
  for (const record of records) {
    const own = daxdevs.get(record.device);
    if (own === undefined) daxdevs.set(record.device, [record]);
    else own.push(record);
  }
  return daxdevs;
}

/** @param check called before the daxdev is locked, which would wait for a lock of this process too */
function claim(
  host: Host,
  name: string,
  own: readonly UndoRecord[],
  { dryRun }: UndoOptions,
  check: (device: MappedDevice) => void,
): MappedDevice {
  const device = openDevice(host, name, !dryRun);
  return closeOnError(device, () => {
    check(device);
    refuseMounted(host, device);
    if (!dryRun) lockBlocking(host, device);
    refuseOtherTarget(device, own);
    refuseOtherHost(host, device, own);
    return device;
  });
}

/** Throws UNDO_FILE when one of `devices` is the same by another path: fsck names each daxdev once. */
function refuseTwice(path: string, device: MappedDevice, devices: ReadonlyMap<string, MappedDevice>): void {
  for (const other of devices.values())
    if (other.identity === device.identity)
      throw new FamfsError('UNDO_FILE', `${path} names the same daxdev twice, as ${other.path} and as ${device.path}`, {
        hint: 'nothing was restored; fsck writes no such undo image',
      });
}

function plan(
  records: readonly UndoRecord[],
  devices: ReadonlyMap<string, MappedDevice>,
  force: boolean,
): { writes: Restore[]; unchanged: number } {
  // whether each record changes bytes; runs are judged one after the other, because an image may have a run for each record
  const changes = new Uint8Array(records.length);
  let strange = -1;
  for (const { run, members } of runsOf(records, devices))
    for (const i of members.toReversed()) {
      const record = records[i] as UndoRecord;
      if (!force && i > strange && !run.isOurs(record)) strange = i;
      if (run.restore(record)) changes[i] = 1;
    }
  const first = records[strange];
  if (first !== undefined) throw changed(first.device, first.offset);
  const writes: Restore[] = [];
  for (let i = records.length - 1; i >= 0; i--) {
    if (changes[i] === 0) continue;
    const { device: name, offset, before, why } = records[i] as UndoRecord;
    writes.push({ device: devices.get(name) as MappedDevice, offset, bytes: before, why });
  }
  return { writes, unchanged: records.length - writes.length };
}

function changed(name: string, offset: number): FamfsError {
  return new FamfsError('CHANGED_SINCE', `${name} was changed at ${offset} after the repair; nothing was restored`, {
    hint: 'give --force to restore anyway, and lose what was written since',
    details: { device: name, deviceOffset: offset },
  });
}

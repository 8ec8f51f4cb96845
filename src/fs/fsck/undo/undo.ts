/** Takes repairs of fsck back, from the undo image that they left. */
import type { MappedDevice } from '../../../native/device.js';
import { FamfsError } from '../../errors.js';
import type { Host } from '../../host/host.js';
import { openDevice } from '../../host/openDevice.js';
import { apply, readShared, type Write } from '../../media/sharedMemory.js';
import { readSuperblock } from '../../media/superblockReader.js';
import { refuseMounted } from '../../pool/mountOfPool.js';
import { closeOnError } from '../../pool/openTarget.js';
import { refuseClient } from '../../pool/role.js';
import { readUndo, type UndoRecord } from './undoImage.js';

/** bytes */
const WORD = 8;

export interface UndoOptions {
  /** restore although the bytes are neither those that the repair wrote nor those that it found */
  readonly force: boolean;
  /** look, but write nothing */
  readonly dryRun: boolean;
  /** where the daxdev is now, for an image of one daxdev; undefined: where it was */
  readonly device: string | undefined;
}

export interface UndoResult {
  readonly devices: readonly string[];
  /** writes of the repair that were taken back */
  readonly restored: number;
  /** writes whose bytes were as before already */
  readonly unchanged: number;
  readonly bytes: number;
  readonly written: boolean;
}

/**
 * Restores what an undo image holds, the last write first. Everything is looked at before anything is written.
 * Throws UNDO_FILE, CHANGED_SINCE, MOUNTED, NOT_MASTER or DEVICE_OPEN; nothing has changed then.
 */
export function undo(host: Host, path: string, options: UndoOptions): UndoResult {
  const records = relocate(readUndo(path), options.device);
  const devices = new Map<string, MappedDevice>();
  try {
    for (const name of new Set(records.map((record) => record.device))) devices.set(name, claim(host, name, options));
    const { writes, unchanged } = plan(records, devices, options.force);
    // one step each: where two writes overlap, the older bytes must come last
    if (!options.dryRun) apply(writes.map((write) => [write]));
    const bytes = writes.reduce((sum, write) => sum + write.bytes.length, 0);
    return { devices: [...devices.keys()], restored: writes.length, unchanged, bytes, written: !options.dryRun };
  } finally {
    for (const device of devices.values()) device.close();
  }
}

function relocate(records: readonly UndoRecord[], device: string | undefined): readonly UndoRecord[] {
  if (device === undefined) return records;
  const names = new Set(records.map((record) => record.device));
  if (names.size > 1)
    throw new FamfsError('UNDO_FILE', `the undo image is of ${names.size} daxdevs (${[...names].join(', ')})`, {
      hint: 'put them where they were, and name none',
    });
  return records.map((record) => ({ ...record, device }));
}

function claim(host: Host, name: string, { dryRun }: UndoOptions): MappedDevice {
  const device = openDevice(host, name, !dryRun);
  return closeOnError(device, () => {
    refuseMounted(host, device);
    if (!dryRun) device.lock('exclusive', true);
    const { state, superblock } = readSuperblock(device);
    if (state === 'valid' && superblock !== undefined) refuseClient(host, device.path, superblock.systemUuid);
    return device;
  });
}

type Restore = Write & { readonly bytes: Buffer };

function plan(
  records: readonly UndoRecord[],
  devices: ReadonlyMap<string, MappedDevice>,
  force: boolean,
): { writes: Restore[]; unchanged: number } {
  const writes: Restore[] = [];
  let unchanged = 0;
  for (const record of [...records].reverse()) {
    const { device: name, offset, before } = record;
    const device = devices.get(name) as MappedDevice;
    if (offset + before.length > device.size) throw changed(name, offset, 'lies beyond its end');
    if (!force && !isOurs(record, records, readShared(device, offset, before.length)))
      throw changed(name, offset, 'was changed since the repair');
    if (asRestored(device, offset, before.length, writes).equals(before)) unchanged++;
    else writes.push({ device, offset, bytes: before, why: 'as before the repair' });
  }
  return { writes, unchanged };
}

/**
 * Whether each word of a record's range is as one of the writes left it or found it. A repair that was interrupted, or its
 * undoing, leaves some of one and some of the other.
 * @param now what the range holds
 */
function isOurs({ device, offset }: UndoRecord, records: readonly UndoRecord[], now: Buffer): boolean {
  const overlapping = records.filter(
    (other) =>
      other.device === device && other.offset < offset + now.length && offset < other.offset + other.before.length,
  );
  const then = Buffer.from(now);
  for (const other of [...overlapping].reverse()) overlay(then, offset, other.offset, other.before);
  const strange = wordsThatDiffer(offset, then, now);
  for (const other of overlapping) {
    overlay(then, offset, other.offset, other.after);
    const differing = wordsThatDiffer(offset, then, now);
    for (const word of strange) if (!differing.has(word)) strange.delete(word);
  }
  return strange.size === 0;
}

/** Puts `bytes`, which begin at `at`, over the part of them that `target` has, which begins at `offset`. */
function overlay(target: Buffer, offset: number, at: number, bytes: Buffer): void {
  const from = Math.max(offset, at);
  const to = Math.min(offset + target.length, at + bytes.length);
  if (to > from) target.set(bytes.subarray(from - at, to - at), from - offset);
}

/** The words of a range that are not the same in both: what the processor stores at once begins at multiples of its size. */
function wordsThatDiffer(offset: number, left: Buffer, right: Buffer): Set<number> {
  const words = new Set<number>();
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) words.add(Math.floor((offset + i) / WORD));
  return words;
}

/** The bytes of a range as they will be when `writes` are done. */
function asRestored(device: MappedDevice, offset: number, length: number, writes: readonly Restore[]): Buffer {
  const bytes = readShared(device, offset, length);
  for (const write of writes) if (write.device === device) overlay(bytes, offset, write.offset, write.bytes);
  return bytes;
}

function changed(name: string, offset: number, why: string): FamfsError {
  return new FamfsError('CHANGED_SINCE', `${name} at ${offset} ${why}; nothing was restored`, {
    hint: 'restoring would take back what was written since: only with --force',
    details: { device: name, deviceOffset: offset },
  });
}

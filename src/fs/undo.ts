/** Takes repairs of fsck back, from the undo image that they left. */
import type { MappedDevice } from '../native/device.js';
import { openDevice } from './devices.js';
import { FamfsError } from './errors.js';
import type { Host } from './host.js';
import { apply, readShared, type Write } from './memory.js';
import { type FamfsMount, mountOf } from './mounts.js';
import { mountUsing } from './poolMounts.js';
import { readSuperblock } from './superblockReader.js';
import { readSystemUuid } from './systemUuid.js';
import { readUndo, type UndoRecord } from './undoImage.js';
import { closeOnError } from './volume.js';

export interface UndoOptions {
  /** restore although the bytes are not those that the repair wrote */
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
  // asked before it is opened, which some drivers refuse while it is mounted
  refuseMounted(name, mountOf(host, name));
  const device = openDevice(host, name, !dryRun);
  return closeOnError(device, () => {
    refuseMounted(name, mountUsing(host, device));
    if (!dryRun) device.lock('exclusive', true);
    refuseClient(host, device);
    return device;
  });
}

function refuseMounted(name: string, mount: FamfsMount | undefined): void {
  if (mount === undefined) return;
  throw new FamfsError('MOUNTED', `${name} is mounted on ${mount.mountPoint}; nothing is restored`, {
    hint: `unmount it first: umount ${mount.mountPoint}`,
  });
}

function refuseClient(host: Host, device: MappedDevice): void {
  const { path: name } = device;
  const { state, superblock } = readSuperblock(device);
  if (state !== 'valid' || superblock === undefined || superblock.systemUuid === readSystemUuid(host)) return;
  throw new FamfsError('NOT_MASTER', `this host is a Client of the famfs on ${name}; only its Master may restore it`, {
    hint: `run it on the host with system uuid ${superblock.systemUuid}`,
  });
}

type Restore = Write & { readonly bytes: Uint8Array };

function plan(
  records: readonly UndoRecord[],
  devices: ReadonlyMap<string, MappedDevice>,
  force: boolean,
): { writes: Restore[]; unchanged: number } {
  const writes: Restore[] = [];
  let unchanged = 0;
  for (const { device: name, offset, before, after } of [...records].reverse()) {
    const device = devices.get(name) as MappedDevice;
    if (offset + before.length > device.size) throw changed(name, offset, 'lies beyond its end');
    const now = asRestored(device, offset, before.length, writes);
    if (now.equals(before)) unchanged++;
    else if (force || now.equals(after)) writes.push({ device, offset, bytes: before, why: 'as before the repair' });
    else throw changed(name, offset, 'was changed since the repair');
  }
  return { writes, unchanged };
}

/** The bytes of a range as they will be when `writes` are done. */
function asRestored(device: MappedDevice, offset: number, length: number, writes: readonly Restore[]): Buffer {
  const bytes = readShared(device, offset, length);
  for (const write of writes) {
    if (write.device !== device) continue;
    const from = Math.max(offset, write.offset);
    const to = Math.min(offset + length, write.offset + write.bytes.length);
    if (to > from) bytes.set(write.bytes.subarray(from - write.offset, to - write.offset), from - offset);
  }
  return bytes;
}

function changed(name: string, offset: number, why: string): FamfsError {
  return new FamfsError('CHANGED_SINCE', `${name} at ${offset} ${why}; nothing was restored`, {
    hint: 'restoring would take back what was written since: only with --force',
    details: { device: name, deviceOffset: offset },
  });
}

/** An opened file system: its primary, its log replayed, and what this host may do with it. */
import type { FileEntry } from '../format/logEntry.js';
import { SUPERBLOCK_REGION, type Superblock } from '../format/superblock.js';
import type { MappedDevice } from '../native/device.js';
import { openDevice } from './devices.js';
import { FamfsError } from './errors.js';
import type { Host } from './host.js';
import { locate } from './locate.js';
import { type HeaderReading, isHeaderSound, Log, slotsInUse } from './log.js';
import type { Node } from './namespace.js';
import { Replay, type Replayed } from './replay.js';
import { isLogLength, isSecondary, readSuperblock } from './superblockReader.js';
import { readSystemUuid } from './systemUuid.js';

export type Role = 'Master' | 'Client';

export class Volume {
  /** as read when the log was replayed */
  header: HeaderReading;

  constructor(
    readonly host: Host,
    readonly primary: MappedDevice,
    readonly superblock: Superblock,
    readonly role: Role,
    readonly log: Log,
    readonly replay: Replay,
    header: HeaderReading,
  ) {
    this.header = header;
  }

  /** The FILE entry behind a node of the namespace, read afresh. Throws ENTRY_GONE when it no longer reads well. */
  fileEntry(node: Node): FileEntry {
    const { entry } = this.log.readSlot(node.slot);
    if (entry?.type === 'FILE' && entry.path === node.path) return entry;
    throw new FamfsError('ENTRY_GONE', `log entry ${node.slot} of ${node.path} changed while it was read`, {
      hint: 'run famfs fsck',
    });
  }

  /** The mapped daxdev with an index of the pool. Throws MISSING_DAXDEV when it is not here. */
  device(index: number): MappedDevice {
    if (index === 0) return this.primary;
    throw new FamfsError('MISSING_DAXDEV', `daxdev ${index} of the pool is not here`, {
      hint: 'name it with --dev, or attach it',
      details: { daxdev: index, uuid: this.replay.daxdevs[index]?.uuid },
    });
  }

  close(): void {
    this.primary.close();
  }
}

/** Opens the file system that is meant for reading and replays its log; `onEntry` sees each entry as it is replayed. */
export function openVolume(host: Host, named: readonly string[], onEntry?: (replayed: Replayed) => void): Volume {
  const primary = openPrimary(host, locate(host, named), false);
  return closeOnError(primary, () => replayVolume(host, primary, onEntry));
}

/** Opens the primary among the named devices. Throws DEVICE_OPEN, NO_FAMFS or NO_PRIMARY. */
export function openPrimary(host: Host, paths: readonly string[], writable: boolean): MappedDevice {
  for (const path of paths) {
    const device = openDevice(host, path, writable);
    const isPrimary = closeOnError(device, () => holdsPrimary(device));
    if (isPrimary) return device;
    device.close();
  }
  throw new FamfsError('NO_PRIMARY', `${paths.join(', ')}: only secondaries of a pool, and not its primary`, {
    hint: 'name the primary with --dev',
  });
}

function holdsPrimary(device: MappedDevice): boolean {
  const { state, superblock } = readSuperblock(device);
  if (state === 'none' || superblock === undefined) {
    throw new FamfsError('NO_FAMFS', `no famfs on ${device.path}`, {
      hint: `make one with: famfs mkfs ${device.path}`,
    });
  }
  return !isSecondary(superblock);
}

/** Replays the log of an opened primary. Throws SUPERBLOCK_DAMAGED, OTHER_VERSION or LOG_DAMAGED. */
export function replayVolume(host: Host, primary: MappedDevice, onEntry?: (replayed: Replayed) => void): Volume {
  const superblock = usableSuperblock(primary);
  const role = superblock.systemUuid === readSystemUuid(host) ? 'Master' : 'Client';
  const log = new Log(primary, superblock.logOffset, superblock.logLength, superblock.allocationUnit);
  const header = log.readHeader();
  const replay = new Replay(primaryFacts(primary, superblock));
  log.scan(0, slotsInUse(log, header.header), (slot, decoded) => {
    const applied = replay.apply(slot, decoded);
    onEntry?.({ slot, entry: decoded.entry, applied });
  });
  warnOfDamage(host, primary, isHeaderSound(log, header), replay);
  return new Volume(host, primary, superblock, role, log, replay, header);
}

/** What replay needs to know of the primary. */
export function primaryFacts(primary: MappedDevice, superblock: Superblock): ConstructorParameters<typeof Replay>[0] {
  return {
    uuid: superblock.deviceUuid,
    size: Math.min(primary.size, superblock.deviceSize || primary.size),
    reserved: superblock.logOffset + superblock.logLength,
  };
}

function usableSuperblock(device: MappedDevice): Superblock {
  const { state, superblock } = readSuperblock(device);
  const hint = `run: famfs fsck ${device.path}`;
  if (state === 'none' || superblock === undefined) throw new FamfsError('NO_FAMFS', `no famfs on ${device.path}`);
  if (state === 'other-version')
    throw new FamfsError(
      'OTHER_VERSION',
      `${device.path} has a famfs of version ${superblock.version}, this tool knows 48`,
      {
        hint: 'use the tools of that version',
      },
    );
  if (state === 'damaged')
    throw new FamfsError('SUPERBLOCK_DAMAGED', `the superblock of ${device.path} is damaged`, { hint });
  if (superblock.logOffset !== SUPERBLOCK_REGION || !isLogLength(superblock.logLength, device.size))
    throw new FamfsError('SUPERBLOCK_DAMAGED', `the superblock of ${device.path} names no possible log`, { hint });
  return superblock;
}

function warnOfDamage(host: Host, primary: MappedDevice, headerSound: boolean, replay: Replay): void {
  const advice = `run: famfs fsck ${primary.path}`;
  if (!headerSound) host.warn('LOG_HEADER', `the log header of ${primary.path} is damaged; ${advice}`);
  if (replay.skipped > 0)
    host.warn(
      'ENTRIES_SKIPPED',
      `${replay.skipped} of ${replay.next} log entries of ${primary.path} are bad and were skipped; ${advice}`,
    );
}

/** Runs `work`; closes the device when it throws. */
export function closeOnError<T>(device: MappedDevice, work: () => T): T {
  try {
    return work();
  } catch (error) {
    device.close();
    throw error;
  }
}

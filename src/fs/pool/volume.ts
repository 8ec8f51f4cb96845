/** An opened file system: its primary, its log replayed, and what this host may do with it. */
import type { FileEntry } from '../../format/entries/logEntry.js';
import { SUPERBLOCK_REGION, type Superblock } from '../../format/superblock.js';
import type { MappedDevice } from '../../native/device.js';
import { FamfsError } from '../errors.js';
import type { Host } from '../host/host.js';
import { openDevice } from '../host/openDevice.js';
import { readSystemUuid } from '../host/systemUuid.js';
import { type HeaderReading, isHeaderSound, Log, slotsInUse } from '../log/log.js';
import type { Node } from '../log/namespace.js';
import { Replay, type Replayed } from '../log/replay.js';
import { isLogLength, isSecondary, readSuperblock } from '../media/superblockReader.js';
import { type Finder, famfsOn, secondaryOn } from './finder.js';
import { explain, Members } from './members.js';
import { closeMounted, type Mounted } from './mounted.js';
import { MountedMembers } from './mountedMembers.js';

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
    /** the daxdevs of the pool on this host, the primary among them */
    readonly members: Members,
    header: HeaderReading,
    /** how it is reached where it is mounted; `primary` is then the superblock's file alone */
    readonly mount?: Mounted,
  ) {
    this.header = header;
  }

  /** bytes of the primary: of a mounted one as its superblock says */
  get primarySize(): number {
    return this.mount === undefined ? this.primary.size : this.superblock.deviceSize;
  }

  /** The FILE entry behind a node of the namespace, read afresh. Throws ENTRY_GONE when it no longer reads well. */
  fileEntry(node: Node): FileEntry {
    const { entry } = this.log.readSlot(node.slot);
    if (entry?.type === 'FILE' && entry.path === node.path) return entry;
    throw new FamfsError('ENTRY_GONE', `log entry ${node.slot} of ${node.path} changed while it was read`, {
      hint: 'run famfs fsck',
    });
  }

  /**
   * The mapped daxdev with an index of the pool, opened on first use (for writing, where the volume is) and closed with
   * the volume. Throws MISSING_DAXDEV, WRONG_SIZE, FOREIGN_DAXDEV, SUPERBLOCK_DAMAGED, AMBIGUOUS_DAXDEV or DEVICE_OPEN.
   */
  device(index: number): MappedDevice {
    return this.members.open(index);
  }

  close(): void {
    this.members.close();
    this.primary.close();
    if (this.mount !== undefined) closeMounted(this.mount);
  }
}

/**
 * Opens the primary of the pool that the named daxdevs belong to; any member leads to it. Throws DEVICE_OPEN, NO_FAMFS,
 * NO_PRIMARY or AMBIGUOUS.
 */
export function openPrimary(finder: Finder, writable: boolean): MappedDevice {
  return openDevice(finder.host, findPrimary(finder), writable);
}

function findPrimary(finder: Finder): string {
  const named = finder.named();
  const primaries = named.filter((found) => famfsOn(found) !== undefined && secondaryOn(found) === undefined);
  const pool = named.map(secondaryOn).find((superblock) => superblock !== undefined)?.fsUuid;
  const names = named.map(({ path }) => path).join(', ');
  if (primaries.length === 0 && pool === undefined)
    throw new FamfsError('NO_FAMFS', `no famfs on ${names}`, { hint: `make one with: famfs mkfs ${names}` });
  const found = primaries.length > 0 ? primaries : finder.find((sb) => sb.fsUuid === pool && !isSecondary(sb));
  const [first, ...others] = found.map(({ path }) => path);
  if (first === undefined)
    throw new FamfsError('NO_PRIMARY', `${names}: secondary of a pool whose primary is not here`, {
      hint: 'name the primary with --dev, or attach it',
      details: { fsUuid: pool },
    });
  if (others.length === 0) return first;
  const list = [first, ...others].join(', ');
  throw new FamfsError('AMBIGUOUS', `each of ${list} is the primary of a file system`, {
    hint: 'name only one of them',
    details: { primaries: [first, ...others] },
  });
}

/**
 * Replays the log of an opened primary and looks for the other members of its pool. Throws SUPERBLOCK_DAMAGED,
 * OTHER_VERSION, LOG_DAMAGED, or NOT_A_MEMBER when something was named that does not belong to it.
 */
export function replayVolume(finder: Finder, primary: MappedDevice, onEntry?: (replayed: Replayed) => void): Volume {
  const superblock = usableSuperblock(primary, primary.size);
  const log = new Log(primary, superblock.logOffset, superblock.logLength, superblock.allocationUnit);
  const replayed = replayLog(finder.host, primary.path, log, primaryFacts(primary.size, superblock), onEntry);
  const { fsUuid, deviceSize } = superblock;
  refuseStrangers(finder, fsUuid);
  const { daxdevs } = replayed.replay;
  const members = new Members(finder, { primary, fsUuid, primarySize: deviceSize, daxdevs });
  warnOfMissing(finder.host, members);
  return makeVolume(finder, primary, superblock, log, members, replayed);
}

/** The same for a mounted file system, of which only the meta files are mapped. Throws as replayVolume does. */
export function replayMounted(finder: Finder, mount: Mounted, onEntry?: (replayed: Replayed) => void): Volume {
  const { superblock: primary, mountPoint, source } = mount;
  const superblock = usableSuperblock(primary, Number.POSITIVE_INFINITY);
  const { logOffset, logLength, deviceUuid: uuid, deviceSize, fsUuid } = superblock;
  if (mount.log.size < logLength) throw noPossibleLog(mount.log.path);
  const log = new Log(mount.log, 0, logLength, superblock.allocationUnit, SUPERBLOCK_REGION);
  // nothing here says how large the device is but the superblock, in a field without crc
  const facts = { uuid, size: deviceSize || Number.MAX_SAFE_INTEGER, reserved: logOffset + logLength };
  const replayed = replayLog(finder.host, mountPoint, log, facts, onEntry);
  const pool = { primary, fsUuid, primarySize: deviceSize, daxdevs: replayed.replay.daxdevs };
  const members = new MountedMembers(finder, pool, mountPoint, source);
  return makeVolume(finder, primary, superblock, log, members, replayed, mount);
}

interface ReplayedLog {
  readonly replay: Replay;
  readonly header: HeaderReading;
}

function replayLog(
  host: Host,
  path: string,
  log: Log,
  facts: ConstructorParameters<typeof Replay>[0],
  onEntry?: (replayed: Replayed) => void,
): ReplayedLog {
  const header = log.readHeader();
  const replay = new Replay(facts);
  log.scan(0, slotsInUse(log, header), (slot, decoded) => {
    const applied = replay.apply(slot, decoded);
    onEntry?.({ slot, entry: decoded.entry, applied });
  });
  warnOfDamage(host, path, isHeaderSound(log, header), replay);
  return { replay, header };
}

function makeVolume(
  { host }: Finder,
  primary: MappedDevice,
  superblock: Superblock,
  log: Log,
  members: Members,
  { replay, header }: ReplayedLog,
  mount?: Mounted,
): Volume {
  const role = superblock.systemUuid === readSystemUuid(host) ? 'Master' : 'Client';
  return new Volume(host, primary, superblock, role, log, replay, members, header, mount);
}

function refuseStrangers(finder: Finder, fsUuid: string): void {
  const stranger = finder.named().find((found) => famfsOn(found)?.fsUuid !== fsUuid);
  if (stranger === undefined) return;
  const theirs = famfsOn(stranger)?.fsUuid;
  const what = theirs === undefined ? 'holds no famfs' : `belongs to the file system ${theirs}`;
  throw new FamfsError('NOT_A_MEMBER', `${stranger.path} ${what}; it is no member of the pool ${fsUuid}`, {
    hint: 'name only daxdevs of one pool; famfs daxdev add makes one a member',
    details: { device: stranger.path, fsUuid: theirs },
  });
}

/** Once for all: what cannot be used is an error only for what needs it. */
function warnOfMissing(host: Host, members: Members): void {
  const all = members.all();
  const bad = all.filter(({ state, index }) => state !== 'present' && index > 0);
  if (bad.length === 0) return;
  const list = bad.map((member) => `daxdev ${member.index} ${explain(member)}`).join('; ');
  host.warn('MISSING_DAXDEV', `${bad.length} of the ${all.length} daxdevs of the pool cannot be used: ${list}`);
}

/** What replay needs to know of the primary, of `size` bytes. */
export function primaryFacts(size: number, superblock: Superblock): ConstructorParameters<typeof Replay>[0] {
  return {
    uuid: superblock.deviceUuid,
    size: Math.min(size, superblock.deviceSize || size),
    reserved: superblock.logOffset + superblock.logLength,
  };
}

/** @param deviceSize bytes of the whole device, which `device` may be the beginning of */
function usableSuperblock(device: MappedDevice, deviceSize: number): Superblock {
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
  if (superblock.logOffset !== SUPERBLOCK_REGION || !isLogLength(superblock.logLength, deviceSize))
    throw noPossibleLog(device.path);
  return superblock;
}

function noPossibleLog(path: string): FamfsError {
  return new FamfsError('SUPERBLOCK_DAMAGED', `the superblock of ${path} names no possible log`, {
    hint: `run: famfs fsck ${path}`,
  });
}

function warnOfDamage(host: Host, path: string, headerSound: boolean, replay: Replay): void {
  const advice = `run: famfs fsck ${path}`;
  if (!headerSound) host.warn('LOG_HEADER', `the log header of ${path} is damaged; ${advice}`);
  if (replay.skipped > 0)
    host.warn(
      'ENTRIES_SKIPPED',
      `${replay.skipped} of ${replay.next} log entries of ${path} are bad and were skipped; ${advice}`,
    );
}

/** Runs `work`; closes the device when it throws. */
export function closeOnError<T>(device: { close(): void }, work: () => T): T {
  try {
    return work();
  } catch (error) {
    device.close();
    throw error;
  }
}

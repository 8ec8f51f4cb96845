/** An opened file system: its primary, its replayed log, and the role of this host. */

import type { FileEntry } from '../../format/entries/file.js';
import type { Interleave } from '../../format/interleave.js';
import { listed } from '../../format/listed.js';
import { SUPERBLOCK_REGION, type Superblock } from '../../format/superblock.js';
import type { MappedDevice } from '../../native/device.js';
import { FamfsError } from '../errors.js';
import type { Host } from '../host/host.js';
import { stepOf } from '../host/step.js';
import type { EntryRecord } from '../log/entryRecord.js';
import { type HeaderReading, isHeaderSound, Log, slotsInUse } from '../log/log.js';
import type { Node } from '../log/namespace.js';
import { type AppliedListener, type PrimaryFacts, Replay } from '../log/replay.js';
import { readPoolDefaults } from '../media/poolDefaults.js';
import { readPoolLabel } from '../media/poolLabel.js';
import { damagedSuperblock, requireSuperblock } from './damage.js';
import { FileBlock, type FileInLog } from './fileBlock.js';
import { type Finder, famfsOn } from './finder.js';
import { HistoryWatch } from './historyWatch.js';
import { advice, explain, Members } from './members.js';
import type { MountedPool } from './mounted.js';
import { MountedMembers } from './mountedMembers.js';
import type { Target } from './openTarget.js';
import { type Role, roleOf } from './role.js';

/** A log and the result of replaying it. */
interface ReplayedLog {
  readonly log: Log;
  readonly history: HistoryWatch;
  readonly replay: Replay;
  /** as read when the log was replayed */
  readonly header: HeaderReading;
}

/** their text is about a megabyte in the longest forms */
const SLOTS_PER_READ = 2048;

export class Volume {
  readonly log: Log;
  readonly replay: Replay;
  /** detects that the log was rewritten since it was replayed */
  readonly history: HistoryWatch;
  /** as read when the log was last replayed */
  header: HeaderReading;

  constructor(
    readonly target: Target,
    readonly superblock: Superblock,
    /** the daxdevs of the pool on this host, including the primary */
    readonly members: Members,
    { log, replay, header, history }: ReplayedLog,
  ) {
    this.log = log;
    this.history = history;
    this.replay = replay;
    this.header = header;
  }

  get host(): Host {
    return this.target.host;
  }

  /** has the superblock: the primary, or the superblock's file of a mount */
  get primary(): MappedDevice {
    return this.target.primary;
  }

  /** its mount, if it is mounted */
  get mount(): MountedPool | undefined {
    return this.target.mount;
  }

  get role(): Role {
    return roleOf(this.host, this.superblock.systemUuid);
  }

  /** bytes of the primary; if it is mounted, as its superblock says */
  get primarySize(): number {
    return this.mount === undefined ? this.primary.size : this.superblock.deviceSize;
  }

  /** how files are interleaved that are made without saying so; undefined where mkfs recorded nothing, or it is damaged */
  get defaultInterleave(): Interleave | undefined {
    return readPoolDefaults(this.primary, this.superblock);
  }

  /** undefined where mkfs was given none, or it is damaged */
  get label(): string | undefined {
    return readPoolLabel(this.primary, this.superblock.fsUuid);
  }

  /**
   * Replays entries that were appended since. The caller holds the lock of all writers, and the file system is the same. Throws
   * LOG_REWRITTEN and LOG_REWRITING.
   */
  catchUp(): void {
    this.header = this.history.require();
    this.replay.applyLog(this.log, slotsInUse(this.log, this.header));
  }

  /** The FILE entry of a node of the namespace, read again. Throws ENTRY_GONE if it can no longer be read. */
  fileEntry(node: Pick<Node, 'slot' | 'path'>): FileEntry {
    const { entry } = this.log.readSlot(node.slot);
    if (entry?.type === 'FILE' && entry.path === node.path) return entry;
    throw entryGone(node.slot, node.path);
  }

  /** The FILE entries of all files, in log order, read again as they are drawn. Throws ENTRY_GONE as fileEntry does. */
  *fileEntries(): Generator<FileInLog> {
    for (const block of this.fileBlocks()) {
      if (block instanceof FileBlock) for (let i = 0; i < block.count; i++) yield block.file(i);
      else yield block;
    }
  }

  /** The same, many at a time; files whose entries have faults come one by one. */
  *fileBlocks(): Generator<FileBlock | FileInLog> {
    const slots = this.replay.namespace.fileSlots();
    for (let i = 0; i < slots.length; ) {
      const first = slots[i] as number;
      const end = Math.min(first + SLOTS_PER_READ, (slots.at(-1) as number) + 1);
      const start = i;
      while (i < slots.length && (slots[i] as number) < end) i++;
      for (const block of FileBlock.of(this.replay.read(this.log, first, end), slots.subarray(start, i)))
        yield typeof block === 'number' ? this.#fileAt(block) : block;
    }
  }

  #fileAt(slot: number): FileInLog {
    const { entry } = this.log.readSlot(slot);
    if (entry?.type !== 'FILE') throw entryGone(slot);
    return { entry, slot };
  }

  /**
   * The mapped daxdev with an index of the pool, opened on first use (for writing, if the volume is) and closed with the volume.
   * Throws MISSING_DAXDEV, WRONG_SIZE, FOREIGN_DAXDEV, SUPERBLOCK_DAMAGED, AMBIGUOUS_DAXDEV, MOUNTED or DEVICE_OPEN.
   */
  device(index: number): MappedDevice {
    return this.members.open(index);
  }

  close(): void {
    this.members.close();
    this.target.close();
  }
}

/** The error for a log entry that no longer reads as it did when the log was replayed. */
export function entryGone(slot: number, path?: string): FamfsError {
  const of = path === undefined ? '' : ` of ${path}`;
  return new FamfsError('ENTRY_GONE', `log entry ${slot}${of} changed while it was read`, { hint: 'run famfs fsck' });
}

export interface ReplayOptions {
  /** keeps what each entry from one of the slots on did */
  readonly record?: EntryRecord;
  /** receives each entry that takes effect, now and later */
  readonly listener?: AppliedListener;
  /** number of entries to replay, for the file system as it was after them; all if absent */
  readonly at?: number | undefined;
}

/**
 * Replays the log of an opened file system and searches for the other members of its pool. Throws NO_FAMFS, SUPERBLOCK_DAMAGED,
 * OTHER_VERSION, LOG_REWRITING, LOG_REWRITTEN, NO_SUCH_ENTRY if the log has fewer entries than `at`, or NOT_A_MEMBER if a named
 * daxdev does not belong to the pool.
 */
export function replayTarget(target: Target, options: ReplayOptions = {}): Volume {
  const { finder, host, mount, primary } = target;
  // only the meta files of a mounted file system are mapped, so the size of its primary comes from its superblock
  const deviceSize = mount === undefined ? primary.size : Number.POSITIVE_INFINITY;
  const superblock = requireSuperblock(primary, deviceSize);
  const log = logOf(target, superblock);
  const history = new HistoryWatch(primary, log);
  const replayed = stepOf(
    host,
    () => replayLog(log, history, primaryFacts(deviceSize, superblock), options),
    ({ replay: { next, skipped } }, seconds) => ({
      name: 'replayed',
      path: log.device.path,
      entries: next,
      skipped,
      seconds,
    }),
  );
  // the entries may come from two logs
  history.require();
  warnOfDamage(host, mount?.mountPoint ?? primary.path, replayed);
  refuseStrangers(finder, superblock.fsUuid);
  const members = membersOf(target, superblock, replayed.replay);
  warnOfMissing(host, members);
  return new Volume(target, superblock, members, replayed);
}

/** The log of an opened file system. Throws SUPERBLOCK_DAMAGED. */
export function logOf({ primary, mount }: Target, { logOffset, logLength, allocationUnit }: Superblock): Log {
  if (mount === undefined) return new Log(primary, logOffset, logLength, allocationUnit);
  if (mount.log.size < logLength) throw damagedSuperblock(mount.log.path, 'describes an impossible log');
  return new Log(mount.log, 0, logLength, allocationUnit, SUPERBLOCK_REGION);
}

function replayLog(
  log: Log,
  history: HistoryWatch,
  facts: PrimaryFacts,
  { record, listener, at }: ReplayOptions,
): ReplayedLog {
  const header = history.require();
  const slots = slotsAt(log.device.path, Math.min(slotsInUse(log, header), log.capacity), at);
  const replay = new Replay(facts);
  if (listener !== undefined) replay.listen(listener);
  if (record === undefined) replay.applyLog(log, slots);
  else replayInto(record, replay, log, slots);
  return { log, replay, header, history };
}

function replayInto(record: EntryRecord, replay: Replay, log: Log, slots: number): void {
  replay.applyLog(log, Math.min(record.from, slots));
  record.start(replay);
  replay.applyLog(log, slots, (slot, { entry }, applied) => record.add({ slot, entry, applied }));
  replay.keep(false);
}

/** `at`, or `entries` without one. Throws NO_SUCH_ENTRY if the log has fewer entries than `at`. */
export function slotsAt(path: string, entries: number, at = entries): number {
  if (at <= entries) return at;
  throw new FamfsError('NO_SUCH_ENTRY', `the log on ${path} has only ${entries} entries, not ${at}`, {
    hint: `give 0 to ${entries}; famfs log list shows them`,
    details: { at, entries },
  });
}

function membersOf({ finder, primary, mount }: Target, superblock: Superblock, { daxdevs }: Replay): Members {
  const { fsUuid, allocationUnit: unit, deviceSize: primarySize } = superblock;
  const pool = { primary, fsUuid, unit, primarySize, daxdevs };
  return mount === undefined ? new Members(finder, pool) : new MountedMembers(finder, pool, mount);
}

/**
 * What replay needs to know about the primary.
 * @param size bytes of the whole daxdev; Infinity if only its superblock says
 */
export function primaryFacts(size: number, superblock: Superblock): PrimaryFacts {
  return {
    uuid: superblock.deviceUuid,
    size: Math.min(size, superblock.deviceSize || size, Number.MAX_SAFE_INTEGER),
    reserved: superblock.logOffset + superblock.logLength,
    unit: superblock.allocationUnit,
  };
}

function refuseStrangers(finder: Finder, fsUuid: string): void {
  const stranger = finder.named().find((daxdev) => famfsOn(daxdev)?.fsUuid !== fsUuid);
  if (stranger === undefined) return;
  const theirs = famfsOn(stranger)?.fsUuid;
  const what = theirs === undefined ? 'holds no famfs' : `belongs to the file system ${theirs}`;
  throw new FamfsError('NOT_A_MEMBER', `${stranger.path} ${what}; it is not a member of the pool ${fsUuid}`, {
    hint: 'name only daxdevs of one pool; famfs daxdev add makes a daxdev a member',
    details: { device: stranger.path, fsUuid: theirs },
  });
}

/** One warning for all: an unusable member is an error only for a command that needs it. */
function warnOfMissing(host: Host, members: Members): void {
  const all = members.all();
  const bad = all.filter(({ state, index }) => state !== 'present' && index > 0);
  if (bad.length === 0) return;
  const list = listed(
    bad.map((member) => `daxdev ${member.index} (uuid ${member.uuid}) ${explain(member)}`),
    '; ',
  );
  const hints = new Set(bad.map(advice));
  host.warn(
    'MISSING_DAXDEV',
    `${bad.length} of the ${all.length} daxdevs of the pool cannot be used: ${list}; ${listed([...hints], '; ')}`,
  );
}

function warnOfDamage(host: Host, path: string, { log, replay, header }: ReplayedLog): void {
  const advice = `run: famfs fsck ${path}`;
  if (!isHeaderSound(log, header)) host.warn('LOG_HEADER', `the log header of ${path} is damaged; ${advice}`);
  if (replay.skipped > 0)
    host.warn(
      'ENTRIES_SKIPPED',
      `${replay.skipped} of ${replay.next} log entries of ${path} are bad and were skipped; ${advice}`,
    );
}

/** Writing: one Master, one lock, one replay, then appends that cost the entry and the header's line. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { LogEntry } from '../../format/entries/logEntry.js';
import type { MappedDevice } from '../../native/device.js';
import { FamfsError } from '../errors.js';
import type { Host } from '../host/host.js';
import { mountOf } from '../host/mountTable.js';
import { Appender } from '../log/appender.js';
import { isHeaderSound } from '../log/log.js';
import { Finder } from './finder.js';
import { locate } from './locate.js';
import { closeMounted, mountPointOf, openMounted } from './mounted.js';
import { closeOnError, openPrimary, replayMounted, replayVolume, type Volume } from './volume.js';

/** How many complete entries one interrupted append can leave beyond the next index. */
const INTERRUPTED_APPENDS = 1;
/** slots beyond the next index that must hold no more than that: a header that lost count has lost its latest entries */
const SLOTS_LOOKED_AT = 64;
/** between two attempts to get the lock, milliseconds */
const LONGEST_PAUSE = 16;
/** milliseconds of waiting for it until that is said */
const PATIENCE = 1000;

/** A volume that this process alone may append to, until it is closed. */
export class WriteSession {
  readonly #appender: Appender;
  /** told of each entry once it is durable */
  onAppended: ((entry: LogEntry) => void) | undefined;

  private constructor(readonly volume: Volume) {
    this.#appender = new Appender(volume.log);
  }

  /**
   * Locks the file system that is meant, replays it and settles an append that was cut off.
   * Throws MOUNTED, NOT_MASTER, LOG_DAMAGED, and what opening throws; nothing has changed then.
   */
  static open(host: Host, named: readonly string[]): WriteSession {
    const opened = openUnlocked(host, named);
    return closeOnError(opened, () => {
      opened.locked.lock('exclusive', true);
      return WriteSession.#start(opened);
    });
  }

  /**
   * The same, but while another process has the lock the event loop goes on: a copy may have it for minutes, and whoever
   * waits must hear a signal. Throws the signal's reason too.
   */
  static async openWhenFree(host: Host, named: readonly string[], signal: AbortSignal): Promise<WriteSession> {
    const opened = openUnlocked(host, named);
    try {
      await lockWhenFree(host, opened.locked, signal);
      return WriteSession.#start(opened);
    } catch (error) {
      opened.close();
      throw error;
    }
  }

  static #start(opened: Unlocked): WriteSession {
    const volume = opened.replay();
    refuseClient(volume);
    refuseDamage(volume);
    const session = new WriteSession(volume);
    session.#settle();
    return session;
  }

  /** Log slots that are left. */
  get slotsFree(): number {
    return this.volume.log.capacity - this.volume.replay.next;
  }

  /** Throws LOG_FULL when fewer than `count` slots are left. */
  requireSlots(count: number): void {
    if (count <= this.slotsFree) return;
    const { capacity } = this.volume.log;
    throw new FamfsError(
      'LOG_FULL',
      `${count} log entries are needed, ${this.slotsFree} of ${capacity} slots are free`,
      {
        hint: 'make a file system with a longer log (mkfs --loglen) and copy the files there',
        details: { needed: count, free: this.slotsFree, capacity },
      },
    );
  }

  /** Appends one entry and replays it. Returns its slot. Throws LOG_FULL. */
  append(entry: LogEntry): number {
    this.requireSlots(1);
    const { replay } = this.volume;
    const slot = replay.next;
    this.#appender.append(slot, entry);
    replay.applyOwn(slot, entry);
    this.onAppended?.(entry);
    return slot;
  }

  /** Unlocks and unmaps. */
  close(): void {
    this.volume.close();
  }

  /**
   * Puts right what a writer left that was killed in an append: a complete entry that the header does not count yet is
   * taken in, so that no entry is ever overwritten that might have been reported.
   */
  #settle(): void {
    const { log, replay, header } = this.volume;
    const beyond = log.findEnd(replay.next, replay.next + SLOTS_LOOKED_AT) - replay.next;
    if (beyond > INTERRUPTED_APPENDS) throw damaged(this.volume, 'complete entries lie beyond its next index');
    if (beyond > 0) {
      const slot = replay.next;
      if (!replay.apply(slot, log.readSlot(slot)))
        throw damaged(this.volume, `entry ${slot} beyond its next index cannot be used`);
    }
    const { nextIndex, nextSequence } = header.header;
    if (nextIndex !== replay.next || nextSequence !== replay.next) this.#appender.advance(replay.next);
  }
}

/** What is mapped, but not locked nor replayed yet. */
interface Unlocked {
  /** what has the lock of all writers: the primary, or the log of a mount, which is what the reference's tools lock */
  readonly locked: MappedDevice;
  replay(): Volume;
  close(): void;
}

function openUnlocked(host: Host, named: readonly string[]): Unlocked {
  const paths = locate(host, named);
  const mountPoint = mountPointOf(host, paths);
  // a mount point stands for its daxdevs: it names none of them
  const finder = new Finder(host, mountPoint === undefined ? paths : []);
  if (mountPoint !== undefined) {
    const mounted = openMounted(host, mountPoint, true);
    const { log } = mounted;
    return { locked: log, replay: () => replayMounted(finder, mounted), close: () => closeMounted(mounted) };
  }
  const primary = openPrimary(finder, true);
  closeOnError(primary, () => refuseMounted(host, primary.path));
  return { locked: primary, replay: () => replayVolume(finder, primary), close: () => primary.close() };
}

async function lockWhenFree(host: Host, locked: MappedDevice, signal: AbortSignal): Promise<void> {
  let waited = 0;
  for (let pause = 1; !locked.lock('exclusive', false); pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    const before = waited;
    waited += pause;
    if (before < PATIENCE && waited >= PATIENCE)
      host.warn('WAITING', `another process writes to ${locked.path}; waiting until it has ended`);
    await sleep(pause, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

function refuseMounted(host: Host, path: string): void {
  const mount = mountOf(host, path);
  if (mount === undefined) return;
  throw new FamfsError('MOUNTED', `${path} is mounted on ${mount.mountPoint}; it is not written through the device`, {
    hint: `use --dev ${mount.mountPoint}, or unmount it first`,
    details: { device: path, mountPoint: mount.mountPoint },
  });
}

function refuseClient(volume: Volume): void {
  if (volume.role === 'Master') return;
  const { path } = volume.primary;
  const { systemUuid } = volume.superblock;
  throw new FamfsError(
    'NOT_MASTER',
    `this host is a Client of the famfs on ${path}; only its Master (system uuid ${systemUuid}) may write`,
    {
      hint: 'run the command on the Master',
      details: { device: path, masterSystemUuid: systemUuid },
    },
  );
}

function refuseDamage(volume: Volume): void {
  const { log, header, superblock, primary, primarySize } = volume;
  if (!isHeaderSound(log, header)) throw damaged(volume, 'its header is damaged');
  const { nextIndex, nextSequence } = header.header;
  // a crash between the two header stores leaves the sequence number one ahead; the next append heals it
  if (nextSequence !== nextIndex && nextSequence !== nextIndex + 1)
    throw damaged(volume, `its next sequence number ${nextSequence} and next index ${nextIndex} differ`);
  if (superblock.deviceSize !== primarySize || primarySize === 0)
    throw new FamfsError(
      'WRONG_SIZE',
      `the superblock of ${primary.path} says ${superblock.deviceSize} bytes, the device has ${primarySize}`,
      {
        hint: `run: famfs fsck ${primary.path}`,
      },
    );
}

function damaged(volume: Volume, why: string): FamfsError {
  const { path } = volume.primary;
  return new FamfsError('LOG_DAMAGED', `nothing is appended to the log on ${path}: ${why}`, {
    hint: `run: famfs fsck ${path}`,
  });
}

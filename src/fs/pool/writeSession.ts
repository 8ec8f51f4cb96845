/** Writing: one Master, one lock, one replay, then appends that cost only the entry and the header's line. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { LogEntry } from '../../format/entries/entryTypes.js';
import type { FileEntry } from '../../format/entries/file.js';
import { APPLIED, type AppliedBlock, NUMBERS_PER_APPLIED, NUMBERS_PER_EXTENT } from '../../native/logTable.js';
import { FamfsError } from '../errors.js';
import type { Host } from '../host/host.js';
import { stillLocked } from '../host/lockPatience.js';
import { Appender } from '../log/appender.js';
import { BlockBuilder } from '../log/blockBuilder.js';
import { EntryColumns } from '../log/entryColumns.js';
import { isPlain } from '../log/givenPath.js';
import { damagedLog, refuseDamagedHeader, refuseWrongSize } from './damage.js';
import { finishRewrite } from './finishRewrite.js';
import { refuseMounted } from './mountOfPool.js';
import { closeOnError, openTarget, type Target } from './openTarget.js';
import { refuseClient } from './role.js';
import { isSame } from './sameFs.js';
import { replayTarget, type Volume } from './volume.js';

/** Number of complete entries that one interrupted append can leave beyond the next index. */
const INTERRUPTED_APPENDS = 1;
/** entries that are encoded together */
const ENTRIES_AT_ONCE = 1024;
/** slots beyond the next index that are checked for more entries than that; more mean that the header has lost count */
const SLOTS_LOOKED_AT = 64;
/** longest pause between two attempts to get the lock, milliseconds */
const LONGEST_PAUSE = 16;
/** how long to wait for the lock before a warning says so, milliseconds */
const PATIENCE = 1000;

/** A volume that only this process may append to, until the session is closed. */
export class WriteSession {
  readonly #appender: Appender;
  /** called with each entry once it is durable */
  onAppended: ((entry: LogEntry) => void) | undefined;

  private constructor(readonly volume: Volume) {
    this.#appender = new Appender(volume.log);
  }

  /**
   * Locks the file system to work on, replays it, and completes an append or a rewrite that was cut off. Throws MOUNTED,
   * NOT_MASTER, LOG_DAMAGED, WRONG_SIZE and what openTarget and finishRewrite throw; nothing has changed then.
   */
  static open(host: Host, named: readonly string[]): WriteSession {
    const target = openForAppends(host, named);
    return closeOnError(target, () => {
      target.locked.lock('exclusive', true);
      return WriteSession.#start(target);
    });
  }

  /**
   * The same, but the event loop keeps running while another process holds the lock: a copy may hold it for minutes, and the
   * command must still react to signals. Also throws the signal's reason, and BUSY
   * after the time that the host has for it.
   * @param anySize accept a primary whose size is not the recorded one
   */
  static async openWhenFree(
    host: Host,
    named: readonly string[],
    signal: AbortSignal,
    anySize = false,
  ): Promise<WriteSession> {
    const target = openForAppends(host, named);
    try {
      await lockWhenFree(target, signal);
      return WriteSession.#start(target, anySize);
    } catch (error) {
      target.close();
      throw error;
    }
  }

  /**
   * The same on a volume that is open for appends and stays open: replays entries that others have appended since. The session
   * ends with release. Throws the signal's reason, FS_REMADE, FS_GONE, LOG_REWRITTEN, LOG_REWRITING and LOG_DAMAGED.
   */
  static async resume(volume: Volume, signal: AbortSignal): Promise<WriteSession> {
    await lockWhenFree(volume.target, signal);
    try {
      isSame(volume, true);
      volume.catchUp();
      refuseDamagedHeader(volume);
      const resumed = new WriteSession(volume);
      resumed.#settle();
      return resumed;
    } catch (error) {
      volume.target.locked.unlock();
      throw error;
    }
  }

  /** Releases the lock; the volume stays open. */
  release(): void {
    this.volume.target.locked.unlock();
  }

  static #start(target: Target, anySize = false): WriteSession {
    finishRewrite(target);
    const volume = replayTarget(target);
    refuseClient(target.host, target.primary.path, volume.superblock.systemUuid);
    refuseDamagedHeader(volume);
    if (!anySize) refuseWrongSize(volume);
    const session = new WriteSession(volume);
    session.#settle();
    return session;
  }

  /** Number of free log slots. */
  get slotsFree(): number {
    return this.volume.log.capacity - this.volume.replay.next;
  }

  /** Throws LOG_FULL if fewer than `count` slots are free. */
  requireSlots(count: number): void {
    refuseFullLog(count, this.slotsFree, this.volume.log.capacity);
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

  /** Appends new files that fit the pool and what it has, many at a time. Throws LOG_FULL before the first append. */
  appendFiles(files: readonly FileEntry[]): void {
    // the addon applies names by itself that are certainly right
    if (files.length > 1 && files.every(({ path }) => isPlain(path))) {
      const block = new BlockBuilder(files.length);
      for (const file of files) block.add(file, file.path.length);
      const paths = Buffer.from(files.map(({ path }) => path).join(''), 'latin1');
      this.appendBlock(block.block(paths, this.volume.replay.next));
      return;
    }
    this.requireSlots(files.length);
    for (const file of files) this.append(file);
  }

  /**
   * Appends new files in the form of columns and replays them; their slots in the block are ignored. They must be sound, and fit the
   * pool and what it has. Throws LOG_FULL before the first append.
   */
  appendBlock(block: AppliedBlock): void {
    const count = block.numbers.length / NUMBERS_PER_APPLIED;
    this.requireSlots(count);
    const { replay } = this.volume;
    replay.reserve(count);
    for (const part of partsOf(block)) {
      this.#appender.appendEach(replay.next, replay.encode(replay.next, part));
      replay.applyBlock(part);
      if (this.onAppended !== undefined)
        for (const { entry } of new EntryColumns(part).entries()) this.onAppended(entry);
    }
  }

  /** Unlocks and unmaps. */
  close(): void {
    this.volume.close();
  }

  /**
   * Completes the append of a writer that was killed: counts an entry that is complete but not yet counted by the header, so that
   * an entry that may have been reported is never overwritten.
   */
  #settle(): void {
    const { log, replay, header } = this.volume;
    const beyond = log.findEnd(replay.next, replay.next + SLOTS_LOOKED_AT) - replay.next;
    if (beyond > INTERRUPTED_APPENDS) throw damagedLog(this.volume, 'complete entries lie beyond its next index');
    if (beyond > 0) {
      const slot = replay.next;
      if (!replay.apply(slot, log.readSlot(slot)))
        throw damagedLog(this.volume, `entry ${slot} beyond its next index cannot be used`);
    }
    const { nextIndex, nextSequence } = header.header;
    if (nextIndex !== replay.next || nextSequence !== replay.next) this.#appender.advance(replay.next);
  }
}

/** A block as smaller ones, whose bytes fit into the second-level cache of a processor. */
function* partsOf({ numbers, paths, extents }: AppliedBlock): Generator<AppliedBlock> {
  let path = 0;
  let extent = 0;
  for (let from = 0; from < numbers.length; from += ENTRIES_AT_ONCE * NUMBERS_PER_APPLIED) {
    const part = numbers.subarray(from, from + ENTRIES_AT_ONCE * NUMBERS_PER_APPLIED);
    const [firstPath, firstExtent] = [path, extent];
    for (let at = 0; at < part.length; at += NUMBERS_PER_APPLIED) {
      extent += (part[at + APPLIED.extents] as number) * NUMBERS_PER_EXTENT;
      path += part[at + APPLIED.pathBytes] as number;
    }
    yield { numbers: part, paths: paths.subarray(firstPath, path), extents: extents.subarray(firstExtent, extent) };
  }
}

/** Mapped for writing, but neither locked nor replayed yet. */
function openForAppends(host: Host, named: readonly string[]): Target {
  const target = openTarget(host, named, 'append');
  if (target.mount === undefined && !target.beside)
    closeOnError(target, () => refuseMounted(host, target.primary, ({ mountPoint }) => `use --dev ${mountPoint}`));
  return target;
}

async function lockWhenFree({ host, locked }: Target, signal: AbortSignal): Promise<void> {
  const { lockWait } = host;
  // Date, because the first use of `performance` loads a module, which takes longer than the lock
  const started = Date.now();
  const end = lockWait === undefined ? Number.POSITIVE_INFINITY : Date.now() + lockWait * 1000;
  let waited = 0;
  for (let pause = 1; !locked.lock('exclusive', false); pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    if (lockWait !== undefined && Date.now() >= end) throw stillLocked(locked, lockWait);
    const before = waited;
    waited += pause;
    if (before < PATIENCE && waited >= PATIENCE)
      host.warn('WAITING', `another process is writing to ${locked.path}; waiting for it to end`);
    await sleep(pause, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
  host.step?.({ name: 'locked', path: locked.path, seconds: (Date.now() - started) / 1000 });
}

/** Throws LOG_FULL when more slots are needed than are free. */
export function refuseFullLog(needed: number, free: number, capacity: number): void {
  if (needed <= free) return;
  throw new FamfsError('LOG_FULL', `${needed} log entries are needed, ${free} of ${capacity} slots are free`, {
    hint: 'copy the file system into one with a longer log: famfs clone --loglen SIZE --to DEV',
    details: { needed, free, capacity },
  });
}

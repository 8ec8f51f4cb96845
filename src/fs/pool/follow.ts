/** Waits for entries that writers, on this host or another, append to the log. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { EntryCursor } from '../../format/entries/cursor.js';
import { FamfsError } from '../errors.js';
import { isFramed, isHeaderSound } from '../log/log.js';
import type { ReplayedEntry } from '../log/replay.js';
import { rewritten } from './historyWatch.js';
import { isSame } from './sameFs.js';
import type { Volume } from './volume.js';

/** How long a file system may look unsound while a writer or mkfs is working on it, milliseconds. */
const GRACE = 2000;
/** entries to replay before the first of them is passed on */
const MOST_AT_ONCE = 8192;

export interface FollowOptions {
  /** between two reads of the log, milliseconds */
  readonly interval: number;
  /** ends the waiting; its reason is thrown */
  readonly signal: AbortSignal;
}

/**
 * Yields the entries after those already replayed, in order and each once, as many at a time as there are. Throws FS_REMADE if
 * another file system replaces this one, LOG_REWRITING and LOG_REWRITTEN if its log is or was rewritten, FS_GONE or LOG_DAMAGED
 * if it stays unreadable.
 */
export async function* follow(volume: Volume, { interval, signal }: FollowOptions): AsyncGenerator<ReplayedEntry[]> {
  let unsoundSince: number | undefined;
  for (;;) {
    signal.throwIfAborted();
    const polled = poll(volume, unsoundSince !== undefined && performance.now() - unsoundSince > GRACE);
    if (polled.more.length > 0) yield polled.more;
    unsoundSince = polled.sound ? undefined : (unsoundSince ?? performance.now());
    if (polled.more.length < MOST_AT_ONCE) await pause(interval, signal);
  }
}

/**
 * Replays the entries that are complete now and were not replayed yet, in order. Throws what follow throws, except for what may
 * still become sound.
 */
export function replayAppended(volume: Volume): ReplayedEntry[] {
  const all: ReplayedEntry[] = [];
  for (;;) {
    const { more } = poll(volume, false);
    all.push(...more);
    if (more.length < MOST_AT_ONCE) return all;
  }
}

async function pause(interval: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(interval, undefined, { signal });
  } catch {
    signal.throwIfAborted();
  }
}

interface Poll {
  readonly more: ReplayedEntry[];
  /** false while an unfinished change must still be completed */
  readonly sound: boolean;
}

/** Reads new entries. With `patienceOver`, damage is an error, or an entry is skipped. */
function poll(volume: Volume, patienceOver: boolean): Poll {
  const { log, replay } = volume;
  const reading = log.readHeader();
  const next = reading.header.nextIndex;
  const sound = isHeaderSound(log, reading) && next >= replay.next;
  const to = Math.min(next, replay.next + MOST_AT_ONCE);
  const fresh: { slot: number; decoded: EntryCursor }[] = [];
  if (sound) for (let slot = replay.next; slot < to; slot++) fresh.push({ slot, decoded: log.readSlot(slot) });
  // only now: mkfs removes the superblock first, so entries that were read before belong to the file system that is followed
  if (!isSame(volume, patienceOver)) return { more: [], sound: false };
  volume.history.require();
  // a tool that rewrites a log without the record is noticed only by the log's length
  if (isHeaderSound(log, reading) && next < replay.next && patienceOver) throw rewritten(volume.primary.path);
  if (!sound && patienceOver)
    throw new FamfsError('LOG_DAMAGED', `the log on ${volume.primary.path} cannot be followed: its header is damaged`, {
      hint: `run: famfs fsck ${volume.primary.path}`,
    });
  const whole = patienceOver ? fresh.length : wholeCount(fresh);
  const more = fresh.slice(0, whole).map(({ slot, decoded }) => {
    const applied = replay.apply(slot, decoded);
    return { slot, entry: decoded.entry, applied };
  });
  return { more, sound: sound && whole === fresh.length };
}

/** Number of entries before the first that is missing or not yet complete. */
function wholeCount(fresh: readonly { decoded: EntryCursor }[]): number {
  const torn = fresh.findIndex(({ decoded }) => !isFramed(decoded));
  return torn < 0 ? fresh.length : torn;
}

/** The log: its place, its header, its entries in order, and the slots after the last one that is counted. */

import type { EntryCursor } from '../../../format/entries/cursor.js';
import { logHeaderStruct, slotOffset } from '../../../format/logHeader.js';
import { SMALL_PAGE, SUPERBLOCK_REGION, type Superblock } from '../../../format/superblock.js';
import type { MappedDevice } from '../../../native/device.js';
import { replayJournal } from '../../log/journal.js';
import { checkHeader, isFramed, isHeaderSound, Log, type SlotVisitor, slotsInUse } from '../../log/log.js';
import { logOfHeader } from '../../log/logOfHeader.js';
import type { Replay } from '../../log/replay.js';
import type { Rewriting } from '../../log/rewriting.js';
import { isLogLength } from '../../media/superblockReader.js';
import { slotsAt } from '../../pool/volume.js';
import { type InspectedLog, MOST_INCOMPLETE } from './inspection.js';
import { withUnit } from './unitOfLog.js';

/** Time that a writer on another host gets to count the entry that it has just written, milliseconds. */
const APPEND_GRACE = 500;
const GRACE_STEP = 20;

/** Who may append entries while the log is read: nobody, because the caller holds the lock; this host; or another one. */
export type Writers = 'none' | 'this host' | 'another host';

/** Where to look for a log: in a primary, or in the meta file of a mount, which begins with it. */
export interface LogPlace {
  readonly device: MappedDevice;
  /** bytes from the device's start */
  readonly offset: number;
}

/**
 * The log that a sound superblock names. A header with the length of its log counts for more than a superblock that is not sound
 * or names an impossible log.
 */
export function findLog(place: LogPlace, superblock: Superblock, sound: boolean): Log | undefined {
  const { logLength, allocationUnit } = superblock;
  const { device, offset } = place;
  const isPossible = isLogLength(logLength, SUPERBLOCK_REGION + device.size - offset);
  if (sound && isPossible) return new Log(device, offset, logLength, allocationUnit, SUPERBLOCK_REGION);
  const found = findUntoldLog(place, isPossible && !sound ? logLength : undefined);
  if (found === undefined) return undefined;
  return sound
    ? new Log(device, offset, found.length, allocationUnit, SUPERBLOCK_REGION)
    : withUnit(found, allocationUnit);
}

/** The log that its own sound header describes, or else one of a length that may be wrong; its unit is any. */
function findUntoldLog({ device, offset }: LogPlace, logLength: number | undefined): Log | undefined {
  const own = logOfHeader(device, offset, SMALL_PAGE, SUPERBLOCK_REGION);
  if (logLength === undefined || (own !== undefined && isHeaderSound(own, own.readHeader()))) return own;
  return new Log(device, offset, logLength, SMALL_PAGE, SUPERBLOCK_REGION);
}

/**
 * Judges the header and replays the entries; faults go to the replay's findings.
 * @param writers who may append while the log is read
 */
export function checkLog(log: Log, replay: Replay, writers: Writers): InspectedLog {
  const frames = new Frames();
  const visit: SlotVisitor = (slot, decoded) => {
    replay.apply(slot, decoded);
    frames.add(slot, decoded);
  };
  const reading = log.readHeader();
  checkHeader(log, reading, replay.findings);
  const slots = slotsInUse(log, reading);
  replay.applyLog(log, slots, (slot, decoded) => frames.add(slot, decoded));
  frames.skipTo(Math.min(slots, log.capacity));
  const beyond = checkBeyond(log, replay, writers, visit);
  return { log, reading, end: beyond ?? frames.end, incomplete: frames.incomplete };
}

/** Replays the first `at` entries; their faults go to the replay's findings. Throws NO_SUCH_ENTRY if the log has fewer. */
export function checkLogAt(log: Log, replay: Replay, at: number): InspectedLog {
  const reading = log.readHeader();
  const slots = slotsAt(log.device.path, Math.min(slotsInUse(log, reading), log.capacity), at);
  replay.applyLog(log, slots);
  return { log, reading, end: slots, incomplete: [] };
}

/** Reports a log that is being rewritten, and replays its future contents if they are known. */
export function checkRewriting(log: Log, found: Rewriting, replay: Replay): void {
  const place = { daxdev: 0, deviceOffset: log.deviceOffset, length: logHeaderStruct.size };
  const { state } = found;
  if (state === 'lost') replay.findings.add('LOG_REWRITING', place, { state, why: found.why });
  else if (state === 'journal') {
    const { entries } = found.journal.record;
    replay.findings.add('LOG_REWRITING', place, { state, entries });
    replayJournal(replay, found.journal);
  } else replay.findings.add('LOG_REWRITING', place, { state });
  if (state === 'whole') replay.applyLog(log, slotsInUse(log, log.readHeader()));
}

/** Which slots hold complete entries. The caller reports slots in ascending order; slots that it leaves out are complete. */
class Frames {
  /** one past the highest slot that holds a complete entry */
  end = 0;
  /** the first slots without one; at most MOST_INCOMPLETE */
  readonly incomplete: number[] = [];
  #next = 0;

  add(slot: number, decoded: EntryCursor): void {
    this.skipTo(slot);
    this.#next = slot + 1;
    if (isFramed(decoded)) this.end = slot + 1;
    else if (this.incomplete.length < MOST_INCOMPLETE) this.incomplete.push(slot);
  }

  /** All slots up to this one that were not reported hold complete entries. */
  skipTo(slot: number): void {
    if (slot > this.#next) this.end = slot;
    this.#next = slot;
  }
}

/**
 * Complete entries beyond the next index: a writer may be about to count one, so it gets a moment. A writer of this host is
 * recognised by its lock. Returns one more than the slot of the last such entry, undefined if there is none.
 */
function checkBeyond(log: Log, replay: Replay, writers: Writers, visit: SlotVisitor): number | undefined {
  const deadline = writers === 'none' ? 0 : Date.now() + APPEND_GRACE;
  for (;;) {
    const end = log.findEnd(replay.next);
    if (end === replay.next) return undefined;
    const idle = Date.now() >= deadline || (writers === 'this host' && nobodyWrites(log));
    // read after the lock was tried: any earlier writer has counted its entries
    const { nextIndex } = log.readHeader().header;
    if (nextIndex > replay.next && nextIndex <= log.capacity) log.scan(replay.next, nextIndex, visit);
    else if (idle) {
      reportBeyond(log, replay, end);
      return end;
    } else pause(GRACE_STEP);
  }
}

function reportBeyond(log: Log, replay: Replay, end: number): void {
  const place = { slot: replay.next, daxdev: 0, deviceOffset: log.deviceOffset + slotOffset(replay.next) };
  const complete = log.completeFrom(replay.next, log.capacity);
  replay.findings.add('LOG_ENTRY_BEYOND', place, { from: replay.next, end, complete });
}

/** Writers of this host hold the lock exclusively. */
function nobodyWrites({ device }: Log): boolean {
  const free = device.lock('shared', false);
  if (free) device.unlock();
  return free;
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** fsck without repair: looks at everything once and says what is wrong. */

import { hex } from '../format/fieldText.js';
import { LOG_MAGIC, MIN_LOG_LENGTH } from '../format/logHeader.js';
import {
  ALLOCATION_UNIT,
  READABLE_ALLOCATION_UNITS,
  SUPERBLOCK_REGION,
  SUPERBLOCK_VERSION,
  type Superblock,
} from '../format/superblock.js';
import type { MappedDevice } from '../native/device.js';
import { FamfsError } from './errors.js';
import type { Claim } from './extentLedger.js';
import type { Finder } from './finder.js';
import { checkHeader, Log, slotsInUse } from './log.js';
import type { Problem, ProblemTally } from './problem.js';
import { type LoggedDaxdev, Replay } from './replay.js';
import { checkSuperblock, isLogLength, readSuperblock } from './superblockReader.js';
import { readSystemUuid } from './systemUuid.js';
import { primaryFacts, type Role } from './volume.js';

/** Time that a writer on another host is given to count the entry that it has just written, milliseconds. */
const APPEND_GRACE = 1000;
const GRACE_STEP = 20;

export interface CheckReport {
  readonly device: string;
  /** bytes */
  readonly deviceSize: number;
  readonly role: Role;
  readonly superblock: Superblock;
  readonly problems: readonly Problem[];
  /** how often each code was found; at most so many problems of one code are listed */
  readonly counts: ReadonlyMap<string, number>;
  readonly errors: number;
  readonly warnings: number;
  /** undefined when no log could be found to check */
  readonly log: CheckedLog | undefined;
}

export interface CheckedLog {
  readonly capacity: number;
  readonly entries: number;
  readonly skipped: number;
  readonly files: number;
  readonly directories: number;
  /** sum of the sizes of the files, bytes */
  readonly fileBytes: number;
  /** sum of the extents of the files, bytes */
  readonly allocatedBytes: number;
}

/**
 * Checks the file system on an opened primary.
 * @param finder what was named, and where the other members of its pool are looked for
 * @param keep how many problems of each code are listed
 * Throws NO_FAMFS when the magic is not there.
 */
export function checkVolume(finder: Finder, primary: MappedDevice, keep: number): CheckReport {
  const reading = readSuperblock(primary);
  const { superblock } = reading;
  if (reading.state === 'none' || superblock === undefined)
    throw new FamfsError('NO_FAMFS', `no famfs on ${primary.path}`, { hint: 'name the device or image that has one' });
  const log = findLog(primary, superblock);
  const replay = new Replay(primaryFacts(primary, superblock), keep);
  checkSuperblock(reading, primary.size, 0, replay.problems);
  const readable = log !== undefined && superblock.version === SUPERBLOCK_VERSION;
  if (readable) checkLog(log, replay);
  const tally = replay.problems;
  return {
    device: primary.path,
    deviceSize: primary.size,
    role: superblock.systemUuid === readSystemUuid(finder.host) ? 'Master' : 'Client',
    superblock,
    problems: tally.kept,
    counts: tally.counts,
    errors: tally.count('error'),
    warnings: tally.count('warning'),
    log: readable ? summarize(log, replay) : undefined,
  };
}

/** The log that the superblock names or, where it names none that is possible, the one whose header says how long it is. */
function findLog(primary: MappedDevice, superblock: Superblock): Log | undefined {
  const unit = READABLE_ALLOCATION_UNITS.includes(superblock.allocationUnit)
    ? superblock.allocationUnit
    : ALLOCATION_UNIT;
  if (isLogLength(superblock.logLength, primary.size))
    return new Log(primary, SUPERBLOCK_REGION, superblock.logLength, unit);
  if (SUPERBLOCK_REGION + MIN_LOG_LENGTH > primary.size) return undefined;
  const { header } = new Log(primary, SUPERBLOCK_REGION, MIN_LOG_LENGTH, unit).readHeader();
  if (header.magic !== LOG_MAGIC || !isLogLength(header.length, primary.size)) return undefined;
  return new Log(primary, SUPERBLOCK_REGION, header.length, unit);
}

function checkLog(log: Log, replay: Replay): void {
  const reading = log.readHeader();
  checkHeader(log, reading, replay.problems);
  log.scan(0, slotsInUse(log, reading.header), (slot, decoded) => replay.apply(slot, decoded));
  checkBeyond(log, replay);
  for (const daxdev of replay.daxdevs) checkOverlaps(log, daxdev, replay.problems);
}

/** Complete entries beyond the next index: a writer may just be about to count one, so it gets a moment. */
function checkBeyond(log: Log, replay: Replay): void {
  const deadline = Date.now() + APPEND_GRACE;
  while (log.holdsEntry(replay.next)) {
    const { nextIndex } = log.readHeader().header;
    if (nextIndex > replay.next && nextIndex <= log.capacity) {
      log.scan(replay.next, nextIndex, (slot, decoded) => replay.apply(slot, decoded));
    } else if (Date.now() > deadline) {
      const count = log.completeFrom(replay.next, log.capacity);
      const place = { slot: replay.next, deviceIndex: 0, deviceOffset: log.offsetOf(replay.next) };
      replay.problems.add(
        'LOG_ENTRY_BEYOND',
        place,
        `${count} complete entries from slot ${replay.next} on, which the header does not count`,
      );
      return;
    } else pause(GRACE_STEP);
  }
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

function checkOverlaps(log: Log, daxdev: LoggedDaxdev, tally: ProblemTally): void {
  daxdev.ledger.overlaps((earlier, later) => {
    const deviceOffset = later.start;
    const length = Math.min(earlier.end, later.end) - later.start;
    const place = { slot: later.owner, deviceIndex: daxdev.index, deviceOffset, length };
    // claims on superblock and log are reported as EXTENT_METADATA where they are read
    if (earlier.owner < 0 || later.owner < 0) return;
    // the names cost a read each: only for what will be listed
    if (tally.isFull('EXTENT_OVERLAP')) tally.add('EXTENT_OVERLAP', place, '');
    else reportOverlap(log, earlier, later, place, tally);
  });
}

function reportOverlap(log: Log, earlier: Claim, later: Claim, place: Problem['place'], tally: ProblemTally): void {
  const names = [earlier, later].map(({ owner }) => `log entry ${owner} (${pathOf(log, owner)})`);
  const range = `${hex(place.deviceOffset ?? 0)} to ${hex((place.deviceOffset ?? 0) + (place.length ?? 0))}`;
  const path = pathOf(log, later.owner);
  tally.add(
    'EXTENT_OVERLAP',
    { ...place, path },
    `${names.join(' and ')} both claim ${range} of daxdev ${place.deviceIndex}`,
  );
}

function pathOf(log: Log, slot: number): string {
  const { entry } = log.readSlot(slot);
  return entry !== undefined && 'path' in entry ? entry.path : 'unreadable';
}

function summarize(log: Log, replay: Replay): CheckedLog {
  const { namespace, daxdevs } = replay;
  return {
    capacity: log.capacity,
    entries: replay.next,
    skipped: replay.skipped,
    files: namespace.fileCount,
    directories: namespace.directoryCount,
    fileBytes: namespace.fileBytes,
    allocatedBytes: daxdevs.reduce((sum, daxdev) => sum + daxdev.ledger.claimedByFiles, 0),
  };
}

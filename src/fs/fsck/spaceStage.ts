/** Space that two entries claim. Claims on superblock and log are judged where entries are replayed. */
import { hex } from '../../format/fieldText.js';
import type { Problem, ProblemTally } from '../finding/problem.js';
import type { Claim } from '../log/extentLedger.js';
import type { Log } from '../log/log.js';
import type { LoggedDaxdev } from '../log/replay.js';

/** Reports each extent of a daxdev that shares space with one before it. */
export function checkOverlaps(log: Log, daxdev: LoggedDaxdev, tally: ProblemTally): void {
  daxdev.ledger.overlaps((earlier, later) => {
    const deviceOffset = later.start;
    const length = Math.min(earlier.end, later.end) - later.start;
    const place = { slot: later.owner, daxdev: daxdev.index, deviceOffset, length };
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
    `${names.join(' and ')} both claim ${range} of daxdev ${place.daxdev}`,
  );
}

function pathOf(log: Log, slot: number): string {
  const { entry } = log.readSlot(slot);
  return entry !== undefined && 'path' in entry ? entry.path : 'unreadable';
}

/** Space that two entries claim. Claims on superblock and log are judged during replay. */
import type { FindingTally } from '../../finding/tally.js';
import type { Log } from '../../log/log.js';
import type { LoggedDaxdev } from '../../log/replay.js';

/** Reports each extent of a daxdev that shares space with one before it. */
export function checkOverlaps(log: Log, daxdev: LoggedDaxdev, findings: FindingTally): void {
  daxdev.ledger.overlaps((earlier, later) => {
    // claims on superblock and log were reported as EXTENT_METADATA during replay
    if (earlier.owner < 0 || later.owner < 0) return;
    // the names cost a read each
    const place = () => ({
      slot: later.owner,
      path: pathOf(log, later.owner),
      daxdev: daxdev.index,
      deviceOffset: later.start,
      length: Math.min(earlier.end, later.end) - later.start,
    });
    const values = () => ({ otherSlot: earlier.owner, otherPath: pathOf(log, earlier.owner) });
    findings.add('EXTENT_OVERLAP', place, values);
  });
}

function pathOf(log: Log, slot: number): string {
  const { entry } = log.readSlot(slot);
  return entry !== undefined && 'path' in entry ? entry.path : 'unreadable';
}

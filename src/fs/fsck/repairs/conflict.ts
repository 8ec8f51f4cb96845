/** What a restored entry would take from others: its space or path may have been given away while it was bad. */
import { snapshotOf } from '../../../format/entries/cursor.js';
import { decodeEntry } from '../../../format/entries/reader.js';
import { LOG_ENTRY_CRC_SPAN } from '../../../format/logEntry.js';
import { crc32 } from '../../../native/device.js';
import type { Finding } from '../../finding/finding.js';
import type { Log } from '../../log/log.js';
import { Replay } from '../../log/replay.js';
import type { Inspection } from '../checks/inspection.js';
import { checkOverlaps } from '../checks/spaceStage.js';
import type { EntryConflict } from './values.js';

/** more findings of one code than are examined */
const MOST_FINDINGS = 1000;

/** The log after the repair: slots [0, end) count, and some of them hold other bytes than now. */
export interface RepairedLog {
  readonly end: number;
  /** whole entries by slot, ascending */
  readonly entries?: ReadonlyMap<number, Buffer>;
}

/**
 * Replays the log as a repair leaves it. Returns the first restored entry that takes a path, space or a daxdev of another one;
 * null if there is none.
 * @param isBroughtBack whether the repair makes the entry of a slot count again
 */
export function conflictOf(
  { facts, inspectedLog }: Inspection,
  repaired: RepairedLog,
  isBroughtBack: (slot: number) => boolean,
): EntryConflict | null {
  if (inspectedLog === undefined) return null;
  const { log } = inspectedLog;
  const replay = new Replay(facts, MOST_FINDINGS);
  for (const [slot, entry] of repaired.entries ?? []) {
    replay.applyLog(log, slot);
    replay.apply(slot, decodeEntry(snapshotOf(entry), 0, slot, crc32(entry.subarray(0, LOG_ENTRY_CRC_SPAN)), log.unit));
  }
  replay.applyLog(log, repaired.end);
  for (const daxdev of replay.daxdevs) checkOverlaps(log, daxdev, replay.findings);
  for (const finding of replay.findings.kept) {
    const conflict = conflictIn(finding, replay, isBroughtBack);
    if (conflict !== undefined) return { ...conflict, otherPath: pathOf(log, conflict.otherSlot) };
  }
  return null;
}

function conflictIn(
  finding: Finding,
  replay: Replay,
  isBroughtBack: (slot: number) => boolean,
): Omit<EntryConflict, 'otherPath'> | undefined {
  const { slot } = finding.place;
  const other = otherSlotOf(finding, replay);
  if (slot === undefined || other?.otherSlot === undefined) return undefined;
  const { otherSlot, over } = other;
  if (isBroughtBack(slot)) return { slot, otherSlot, over };
  return isBroughtBack(otherSlot) ? { slot: otherSlot, otherSlot: slot, over } : undefined;
}

/** The entry that already has what the finding's entry claims. */
function otherSlotOf(
  { code, values }: Finding,
  { daxdevs }: Replay,
): { otherSlot: number | undefined; over: EntryConflict['over'] } | undefined {
  if (code === 'EXTENT_OVERLAP') return { otherSlot: values.otherSlot, over: 'space' };
  if (code === 'PATH_DUPLICATE') return { otherSlot: values.firstSlot, over: 'path' };
  if (code === 'DAXDEV_ORDER') return { otherSlot: daxdevs[values.found]?.slot, over: 'daxdev' };
  if (code === 'DAXDEV_DUPLICATE') return { otherSlot: daxdevs[values.daxdev]?.slot, over: 'daxdev' };
  return undefined;
}

function pathOf(log: Log, slot: number): string | null {
  const { entry } = log.readSlot(slot);
  return entry !== undefined && 'path' in entry ? entry.path : null;
}

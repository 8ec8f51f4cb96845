/** The log's header: its fixed part follows from the superblock, its count from the entries that are complete. */
import { isUsable } from '../../../format/fault.js';
import { encodeLogHeader, LOG_MAGIC, lastIndexOf, logHeaderStruct } from '../../../format/logHeader.js';
import { crc32 } from '../../../native/device.js';
import { FindingTally } from '../../finding/tally.js';
import type { FindingCode } from '../../finding/values.js';
import { checkHeader, type Log } from '../../log/log.js';
import type { InspectedLog, Inspection } from '../checks/inspection.js';
import type { CodesRepairedBy, RepairOf, Safety } from './repair.js';
import { isBlank, isTorn } from './torn.js';
import type { CountChange } from './values.js';

const { nextSequence: NEXT_SEQUENCE } = logHeaderStruct.offsets;
/** slots after the last complete entry that are taken for damaged entries */
const LONGEST_TAIL = 16;
const FIXED_PART = ['LOG_MAGIC', 'LOG_CRC', 'LOG_LENGTH', 'LOG_LAST_INDEX'] as const;
const COUNT = ['LOG_NEXT_RANGE', 'LOG_NEXT_MISMATCH', 'LOG_ENTRY_BEYOND'] as const;

/** What the header should count, and how that changes it. */
interface Count {
  readonly next: number;
  readonly safety: Safety;
  readonly fixes: readonly CodesRepairedBy<'LOG_COUNT'>[];
  readonly change: CountChange;
}

/**
 * The repair of the header, or undefined where there is nothing to repair or nothing certain to repair it by: without a
 * sound superblock its length is unknown, and where both are sound but differ, which one is right cannot be determined.
 */
export function repairHeader({
  reading,
  inspectedLog,
}: Inspection): RepairOf<'LOG_HEADER'> | RepairOf<'LOG_COUNT'> | undefined {
  if (reading.state !== 'valid' || inspectedLog === undefined) return undefined;
  const { log } = inspectedLog;
  if (log.length !== reading.superblock?.logLength || namesOtherLength(inspectedLog)) return undefined;
  const found = headerFindings(inspectedLog);
  const damaged = FIXED_PART.filter((code) => found.has(code));
  return damaged.length > 0 ? rewriteHeader(inspectedLog, damaged) : correctCount(inspectedLog);
}

function rewriteHeader(
  inspectedLog: InspectedLog,
  damaged: readonly (typeof FIXED_PART)[number][],
): RepairOf<'LOG_HEADER'> | undefined {
  const { log } = inspectedLog;
  const next = nextByEntries(inspectedLog);
  if (next === undefined) return undefined;
  const bytes = encodeLogHeader(log.length, next, crc32);
  return {
    id: 'LOG_HEADER',
    safety: 'preen',
    fixes: [...damaged, ...COUNT],
    values: { nextIndex: next },
    steps: [[{ device: log.device, offset: log.offset, bytes, why: `log header, next index ${next}` }]],
  };
}

function correctCount(inspectedLog: InspectedLog): RepairOf<'LOG_COUNT'> | undefined {
  const { log } = inspectedLog;
  const count = changeOfCount(inspectedLog);
  if (count === undefined) return undefined;
  const { next, safety, fixes, change } = count;
  const bytes = encodeLogHeader(log.length, next, crc32).subarray(NEXT_SEQUENCE);
  const write = { device: log.device, offset: log.offset + NEXT_SEQUENCE, bytes, why: `next index ${next}` };
  return { id: 'LOG_COUNT', safety, fixes, values: change, steps: [[write]] };
}

/** A header that is sound by itself but of a log of another length than the superblock's. */
function namesOtherLength({ log, reading }: InspectedLog): boolean {
  const { header, crcFound } = reading;
  const sound = header.magic === LOG_MAGIC && header.crc === crcFound;
  return sound && header.length !== log.length && header.lastIndex === lastIndexOf(header.length);
}

function headerFindings({ log, reading }: InspectedLog): FindingTally {
  const findings = new FindingTally(0);
  checkHeader(log, reading, findings);
  return findings;
}

/** The count where the header cannot be believed: as it stands if the entries agree, else what they say. */
function nextByEntries({ reading, end, log }: InspectedLog): number | undefined {
  return reading.header.nextIndex === end ? end : withTail(log, end);
}

/**
 * Slots right after the last complete entry that something was written to belong to the log: they may be a file's.
 * undefined where there are too many of them: what lies there may be no log at all.
 */
function withTail(log: Log, end: number): number | undefined {
  for (let next = end; next <= end + LONGEST_TAIL; next++) if (next === log.capacity || isBlank(log, next)) return next;
  return undefined;
}

/** The count where the rest of the header is sound; undefined when it needs no change. */
function changeOfCount(inspected: InspectedLog): Count | undefined {
  const { log, reading, end } = inspected;
  const { nextIndex, nextSequence } = reading.header;
  if (nextIndex > log.capacity) {
    const next = nextByEntries(inspected);
    if (next === undefined) return undefined;
    return { next, safety: 'preen', fixes: COUNT, change: { change: 'next index', nextIndex: next } };
  }
  if (end > nextIndex) return countEntries(log, nextIndex, end);
  const fewer = end < nextIndex ? dropSlots(log, end, nextIndex) : undefined;
  if (fewer !== undefined) return fewer;
  if (nextSequence === nextIndex) return undefined;
  return {
    next: nextIndex,
    safety: 'preen',
    fixes: ['LOG_NEXT_MISMATCH'],
    change: { change: 'next sequence', nextIndex },
  };
}

/** Counts complete entries that the header does not count. */
function countEntries(log: Log, from: number, end: number): Count {
  const fixes = ['LOG_ENTRY_BEYOND', 'LOG_NEXT_MISMATCH'] as const;
  const change = { change: 'count', from, end } as const;
  for (let slot = from; slot < end; slot++)
    if (!isUsable(log.readSlot(slot).faults))
      return { next: end, safety: 'ask', fixes, change: { ...change, unusable: slot } };
  return { next: end, safety: 'preen', fixes, change: { ...change, unusable: null } };
}

/**
 * Drops the end of the log from the count where it is counted but not complete: one torn entry is what a crash leaves. An
 * entry that is whole but for its crc was damaged later; it is given up only with a yes, and only the very last.
 * undefined: the entries stay, quarantined.
 */
function dropSlots(log: Log, end: number, next: number): Count | undefined {
  const slots = Array.from({ length: Math.min(next - end, log.capacity) }, (_, i) => end + i);
  const torn = slots.every((slot) => isTorn(log, slot));
  if (!torn && (slots.length > 1 || !hasFault(log, end, 'ENTRY_CRC'))) return undefined;
  return {
    next: end,
    safety: torn && slots.length === 1 ? 'preen' : 'ask',
    fixes: ['ENTRY_BLANK', 'ENTRY_CRC', 'ENTRY_SEQUENCE', 'LOG_NEXT_MISMATCH'],
    change: { change: 'drop', from: end, end: next },
  };
}

function hasFault(log: Log, slot: number, code: FindingCode): boolean {
  return log.readSlot(slot).faults.some((fault) => fault.code === code);
}

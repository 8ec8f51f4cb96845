/** The log's header: its fixed part follows from the superblock, its count from the complete entries. */
import { isUsable } from '../../../format/fault.js';
import { encodeLogHeader, LOG_MAGIC, lastIndexOf, logHeaderStruct } from '../../../format/logHeader.js';
import { crc32 } from '../../../native/device.js';
import { FindingTally } from '../../finding/tally.js';
import type { FindingCode } from '../../finding/values.js';
import { checkHeader, type Log } from '../../log/log.js';
import type { InspectedLog, Inspection } from '../checks/inspection.js';
import { isRecognisable } from '../checks/proof.js';
import { conflictOf } from './conflict.js';
import type { CodesRepairedBy, RepairOf, Safety } from './repair.js';
import { isBlank, isTorn } from './torn.js';
import type { CountChange } from './values.js';

const { nextSequence: NEXT_SEQUENCE } = logHeaderStruct.offsets;
/** slots after the last complete entry that are considered damaged entries */
const LONGEST_TAIL = 16;
const FIXED_PART = ['LOG_MAGIC', 'LOG_CRC', 'LOG_LENGTH', 'LOG_LAST_INDEX'] as const;
const COUNT = ['LOG_NEXT_RANGE', 'LOG_NEXT_MISMATCH', 'LOG_ENTRY_BEYOND'] as const;

/** The right count of the header, and how that changes it. */
interface Count {
  readonly next: number;
  readonly safety: Safety;
  readonly fixes: readonly CodesRepairedBy<'LOG_COUNT'>[];
  readonly change: CountChange;
}

/**
 * The repair of the header; undefined if there is nothing to repair, or no certain basis for a repair: without a sound superblock
 * the length is unknown, and if both are sound but differ, either may be right.
 */
export function repairHeader(inspection: Inspection): RepairOf<'LOG_HEADER'> | RepairOf<'LOG_COUNT'> | undefined {
  const { reading, inspectedLog } = inspection;
  if (reading.state !== 'valid' || inspectedLog === undefined) return undefined;
  const { log } = inspectedLog;
  if (log.length !== reading.superblock?.logLength || namesOtherLength(inspectedLog)) return undefined;
  const found = headerFindings(inspectedLog);
  const damaged = FIXED_PART.filter((code) => found.has(code));
  return damaged.length > 0 ? rewriteHeader(inspection, inspectedLog, damaged) : correctCount(inspection, inspectedLog);
}

function rewriteHeader(
  inspection: Inspection,
  inspectedLog: InspectedLog,
  damaged: readonly (typeof FIXED_PART)[number][],
): RepairOf<'LOG_HEADER'> | undefined {
  const { log, reading } = inspectedLog;
  const next = nextByEntries(inspectedLog);
  if (next === undefined) return undefined;
  const recognisable = isRecognisable(inspectedLog);
  const counted = countedBeyond(inspectedLog, next);
  const blank = blankSlots(log, next);
  const conflict = conflictOf(inspection, { end: next }, (slot) => slot >= reading.header.nextIndex);
  const isProven = recognisable && counted === null && blank === 0 && conflict === null;
  const bytes = encodeLogHeader(log.length, next, crc32);
  return {
    id: 'LOG_HEADER',
    safety: isProven ? 'preen' : 'ask',
    fixes: [...damaged, ...COUNT],
    values: { nextIndex: next, recognisable, counted, blank, conflict },
    steps: [[{ device: log.device, offset: log.offset, bytes, why: `log header, next index ${next}` }]],
  };
}

function correctCount(inspection: Inspection, inspectedLog: InspectedLog): RepairOf<'LOG_COUNT'> | undefined {
  const { log } = inspectedLog;
  const count = changeOfCount(inspection, inspectedLog);
  if (count === undefined) return undefined;
  const { next, safety, fixes, change } = count;
  const bytes = encodeLogHeader(log.length, next, crc32).subarray(NEXT_SEQUENCE);
  const write = { device: log.device, offset: log.offset + NEXT_SEQUENCE, bytes, why: `next index ${next}` };
  return { id: 'LOG_COUNT', safety, fixes, values: change, steps: [[write]] };
}

/**
 * The number of slots that the header's counts give, if a possible one is above `next`. One more may result from a crash between
 * the two stores, or be a torn entry.
 */
function countedBeyond({ log, reading }: InspectedLog, next: number): number | null {
  const { nextIndex, nextSequence } = reading.header;
  const counts = [nextIndex, nextSequence].filter((count) => count <= log.capacity);
  const most = Math.max(...counts, 0);
  return most > next ? most : null;
}

/** Slots before `next` that are all zeros: their entries are lost. */
function blankSlots(log: Log, next: number): number {
  let count = 0;
  log.scan(0, next, (_slot, { faults }) => {
    if (faults[0]?.code === 'ENTRY_BLANK') count++;
  });
  return count;
}

/** A header that is sound by itself, but belongs to a log of another length than the superblock's. */
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

/** The count if the header cannot be trusted: its own count if the entries agree, otherwise theirs. */
function nextByEntries({ reading, end, log }: InspectedLog): number | undefined {
  return reading.header.nextIndex === end ? end : withTail(log, end);
}

/**
 * Non-empty slots right after the last complete entry belong to the log: they may be entries of files. Undefined if there are too
 * many of them, because the data there may not be a log at all.
 */
function withTail(log: Log, end: number): number | undefined {
  for (let next = end; next <= end + LONGEST_TAIL; next++) if (next === log.capacity || isBlank(log, next)) return next;
  return undefined;
}

/** The count if the rest of the header is sound; undefined if it needs no change. */
function changeOfCount(inspection: Inspection, inspected: InspectedLog): Count | undefined {
  const { log, reading, end } = inspected;
  const { nextIndex, nextSequence } = reading.header;
  if (nextIndex > log.capacity) {
    const next = nextByEntries(inspected);
    return next === undefined ? undefined : setCount('next index', inspected, next, COUNT);
  }
  if (end > nextIndex) return countEntries(inspection, log, nextIndex, end);
  const fewer = end < nextIndex ? dropSlots(log, end, nextIndex) : undefined;
  if (fewer !== undefined) return fewer;
  if (nextSequence === nextIndex) return undefined;
  return setCount('next sequence', inspected, nextIndex, ['LOG_NEXT_MISMATCH']);
}

function setCount(
  change: 'next index' | 'next sequence',
  inspected: InspectedLog,
  next: number,
  fixes: Count['fixes'],
): Count {
  const most = countedBeyond(inspected, next);
  // a crash between the two stores leaves the sequence number one ahead
  const counted = most === next + 1 ? null : most;
  return {
    next,
    safety: counted === null ? 'preen' : 'ask',
    fixes,
    change: { change, nextIndex: next, counted },
  };
}

/** Counts complete entries that the header does not count. */
function countEntries(inspection: Inspection, log: Log, from: number, end: number): Count {
  const unusable = firstUnusable(log, from, end);
  const conflict = conflictOf(inspection, { end }, (slot) => slot >= from);
  return {
    next: end,
    safety: unusable === null && conflict === null ? 'preen' : 'ask',
    fixes: ['LOG_ENTRY_BEYOND', 'LOG_NEXT_MISMATCH'],
    change: { change: 'count', from, end, unusable, conflict },
  };
}

function firstUnusable(log: Log, from: number, end: number): number | null {
  for (let slot = from; slot < end; slot++) if (!isUsable(log.readSlot(slot).faults)) return slot;
  return null;
}

/**
 * Drops the end of the log from the count if it is counted but not complete: a crash leaves one torn entry. An entry with only a
 * wrong CRC was damaged later; it is given up only with a yes, and only the very last one. Undefined: the entries stay,
 * quarantined.
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

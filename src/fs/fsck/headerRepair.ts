/** The log's header: its fixed part follows from the superblock, its count from the entries that are complete. */
import { isUsable } from '../../format/fault.js';
import { encodeLogHeader, LOG_MAGIC, lastIndexOf, logHeaderStruct } from '../../format/logHeader.js';
import { crc32 } from '../../native/device.js';
import { type ProblemCode, ProblemTally } from '../finding/problem.js';
import { checkHeader, type Log } from '../log/log.js';
import type { InspectedLog, Inspection } from './inspection.js';
import type { Repair, Safety } from './repair.js';
import { isBlank, isTorn } from './torn.js';

const { nextSequence: NEXT_SEQUENCE } = logHeaderStruct.offsets;
/** slots behind the last complete entry that are taken for damaged entries */
const LONGEST_TAIL = 16;
const FIXED_PART: ReadonlySet<ProblemCode> = new Set(['LOG_MAGIC', 'LOG_CRC', 'LOG_LENGTH', 'LOG_LAST_INDEX']);

/** What the header should count, and why. */
interface Count {
  readonly next: number;
  readonly safety: Safety;
  readonly fixes: readonly ProblemCode[];
  readonly what: string;
}

/**
 * The repair of the header, or undefined where there is nothing to repair or nothing certain to repair it by: without a
 * sound superblock its length is unknown, and where both are sound but differ, which of them is right cannot be told.
 */
export function repairHeader({ reading, inspectedLog }: Inspection): Repair | undefined {
  if (reading.state !== 'valid' || inspectedLog === undefined) return undefined;
  const { log } = inspectedLog;
  if (log.length !== reading.superblock?.logLength || namesOtherLength(inspectedLog)) return undefined;
  const problems = headerProblems(inspectedLog);
  const fixed = problems.filter((code) => FIXED_PART.has(code));
  const count = fixed.length > 0 ? derived(inspectedLog) : counted(inspectedLog);
  if (count === undefined) return undefined;
  const image = encodeLogHeader(log.length, count.next, crc32);
  const at = fixed.length > 0 ? 0 : NEXT_SEQUENCE;
  const what = fixed.length > 0 ? `rewrite the log header, next index ${count.next}` : count.what;
  return {
    id: fixed.length > 0 ? 'LOG_HEADER' : 'LOG_COUNT',
    safety: count.safety,
    fixes: [...new Set([...fixed, ...count.fixes])],
    what,
    steps: [[{ device: log.device, offset: log.offset + at, bytes: image.subarray(at), why: what }]],
  };
}

/** A header that is sound by itself but of a log of another length than the superblock's. */
function namesOtherLength({ log, reading }: InspectedLog): boolean {
  const { header, crcFound } = reading;
  const sound = header.magic === LOG_MAGIC && header.crc === crcFound;
  return sound && header.length !== log.length && header.lastIndex === lastIndexOf(header.length);
}

function headerProblems({ log, reading }: InspectedLog): ProblemCode[] {
  const tally = new ProblemTally(0);
  checkHeader(log, reading, tally);
  return [...tally.counts.keys()];
}

/** The count where the header cannot be believed: as it stands if the entries agree, else what they say. */
function derived(inspected: InspectedLog): Count | undefined {
  const { reading, end, log } = inspected;
  const next = reading.header.nextIndex === end ? end : withTail(log, end);
  if (next === undefined) return undefined;
  const fixes: ProblemCode[] = ['LOG_NEXT_RANGE', 'LOG_NEXT_MISMATCH', 'LOG_ENTRY_BEYOND'];
  return { next, safety: 'preen', fixes, what: `set next index ${next}` };
}

/**
 * Slots right behind the last complete entry that something was written to belong to the log: they may be a file's.
 * undefined where there are too many of them: what lies there may be no log at all.
 */
function withTail(log: Log, end: number): number | undefined {
  for (let next = end; next <= end + LONGEST_TAIL; next++) if (next === log.capacity || isBlank(log, next)) return next;
  return undefined;
}

/** The count where the rest of the header is sound; undefined when it needs no change. */
function counted(inspected: InspectedLog): Count | undefined {
  const { log, reading, end } = inspected;
  const { nextIndex, nextSequence } = reading.header;
  if (nextIndex > log.capacity) return derived(inspected);
  if (end > nextIndex) return countIn(log, nextIndex, end);
  const tail = end < nextIndex ? takeOff(log, end, nextIndex) : undefined;
  if (tail !== undefined) return tail;
  if (nextSequence === nextIndex) return undefined;
  const what = `set next sequence number ${nextIndex}, the next index`;
  return { next: nextIndex, safety: 'preen', fixes: ['LOG_NEXT_MISMATCH'], what };
}

/** Takes complete entries in that the header does not count. */
function countIn(log: Log, from: number, end: number): Count {
  const fixes: ProblemCode[] = ['LOG_ENTRY_BEYOND', 'LOG_NEXT_MISMATCH'];
  for (let slot = from; slot < end; slot++) {
    if (isUsable(log.readSlot(slot).faults)) continue;
    const what = `count ${end - from} slots in, from ${from} on, though slot ${slot} holds no usable entry`;
    return { next: end, safety: 'ask', fixes, what };
  }
  return { next: end, safety: 'preen', fixes, what: `count ${end - from} complete entries in, from slot ${from} on` };
}

/**
 * Takes the end of the log off that is counted but not complete: one torn entry is what a crash leaves. An entry that
 * is whole but for its crc was damaged later; it is given up only with a yes, and only the very last. undefined: the
 * entries stay, quarantined.
 */
function takeOff(log: Log, end: number, next: number): Count | undefined {
  const slots = Array.from({ length: Math.min(next - end, log.capacity) }, (_, i) => end + i);
  const torn = slots.every((slot) => isTorn(log, slot));
  if (!torn && (slots.length > 1 || !hasFault(log, end, 'ENTRY_CRC'))) return undefined;
  const what = `${slots.length === 1 ? `slot ${end}, which holds` : `${slots.length} slots from ${end} on, which hold`} no complete entry`;
  const fixes: ProblemCode[] = ['ENTRY_CRC', 'ENTRY_SEQUENCE', 'LOG_NEXT_MISMATCH'];
  return { next: end, safety: torn && slots.length === 1 ? 'preen' : 'ask', fixes, what: `count out ${what}` };
}

function hasFault(log: Log, slot: number, code: ProblemCode): boolean {
  return log.readSlot(slot).faults.some((fault) => fault.code === code);
}

/**
 * A log that is being rewritten: how its header says so, and the steps that put the new log in place. A rewrite that was cut off
 * is completed by the same steps, so any of them may have been done already (docs/rewrite.md).
 */

import { LOG_ENTRY_SIZE } from '../../format/logEntry.js';
import { encodeLogHeader, LOG_MAGIC, logHeaderStruct } from '../../format/logHeader.js';
import { encodeLogHistory, LOG_HISTORY_OFFSET } from '../../format/logHistory.js';
import { JOURNAL_HEAD, JOURNAL_IN_FILE, REWRITE_MAGIC } from '../../format/rewriteJournal.js';
import { viewOf } from '../../format/struct.js';
import { crc32, type MappedDevice } from '../../native/device.js';
import type { Step, Write } from '../media/sharedMemory.js';
import { type Journal, journalRuns, readJournal } from './journal.js';
import type { HeaderReading, Log } from './log.js';

const HEADER = logHeaderStruct.offsets;
/** bytes of magic, and of length: each is one store */
const WORD = 8;

/** What the header of a log that is being rewritten refers to. */
export type Rewriting =
  /** the log is complete, the old one or the new one: only its magic is missing */
  | { readonly state: 'whole' }
  | { readonly state: 'journal'; readonly journal: Journal }
  /** the journal is in a file of the Master, which was not given */
  | { readonly state: 'in file' }
  /** the journal cannot be used; `why` is the end of a sentence that begins with the journal */
  | { readonly state: 'lost'; readonly why: string };

/** Whether a header says that its log is being rewritten. */
export function isRewriting({ header }: HeaderReading): boolean {
  return header.magic === REWRITE_MAGIC;
}

/**
 * The state of a log whose header says that it is being rewritten; undefined for any other header.
 * @param file the journal in a file of this host, where one was given
 */
export function rewritingOf(log: Log, fsUuid: string, file?: MappedDevice): Rewriting | undefined {
  const reading = log.readHeader();
  if (!isRewriting(reading)) return undefined;
  const { length } = reading.header;
  if (length === log.length) return { state: 'whole' };
  if (length === JOURNAL_IN_FILE)
    return file === undefined ? { state: 'in file' } : found(readJournal(log, file, 0, fsUuid));
  const { device, deviceOffset } = log;
  if (log.offset !== deviceOffset)
    return { state: 'lost', why: 'is on the primary, of which the mount shows only the log' };
  if (length % log.unit !== 0 || length < deviceOffset + log.length || length >= device.size)
    return { state: 'lost', why: `cannot be at ${decimal(length)}, where the header says` };
  return found(readJournal(log, device, length, fsUuid));
}

function found(journal: Journal | string): Rewriting {
  return typeof journal === 'string' ? { state: 'lost', why: journal } : { state: 'journal', journal };
}

/** The steps that begin a rewrite, once its journal is complete. After them, no reader accepts the log. */
export function beginSteps(log: Log, journal: Journal): Step[] {
  const { device, offset } = log;
  const place = journal.device === device ? journal.offset : JOURNAL_IN_FILE;
  const store = (at: number, bytes: Uint8Array, why: string): Step => [{ device, offset: offset + at, bytes, why }];
  return [
    store(HEADER.magic, word(REWRITE_MAGIC), 'the log is being rewritten'),
    store(HEADER.length, word(place), 'where the journal is'),
  ];
}

/**
 * The steps that complete a rewrite: those after beginSteps, or after a crash at any later moment.
 * @param keepJournal the journal stays in free space, so that these steps can be undone
 */
export function completionSteps(
  log: Log,
  rewriting: Extract<Rewriting, { state: 'whole' | 'journal' }>,
  keepJournal = false,
): Step[] {
  const { device, offset } = log;
  const real: Step = [{ device, offset: offset + HEADER.magic, bytes: word(LOG_MAGIC), why: 'magic of the log' }];
  if (rewriting.state === 'whole') return [real];
  const { journal } = rewriting;
  const { entries } = journal.record;
  const length: Step = [{ device, offset: offset + HEADER.length, bytes: word(log.length), why: 'length of the log' }];
  const next: Step = [{ ...countsOf(log, entries), why: `next index ${entries}` }];
  return [[...newLog(log, journal)], next, length, real, ...(keepJournal ? [] : clearing(log, journal))];
}

/** Entries and history, in any order. The reference's writers do not check the magic, but a full log stops them. */
function* newLog(log: Log, journal: Journal): Generator<Write> {
  const { device } = log;
  const { entries, clearTo, fsUuid, historyUuid } = journal.record;
  yield { ...countsOf(log, log.capacity), why: 'a full log' };
  const bytes = encodeLogHistory({ fsUuid, historyUuid }, crc32);
  yield { device, offset: LOG_HISTORY_OFFSET, bytes, why: 'a new history begins' };
  for (const { from, to, bytes: read } of journalRuns(journal))
    yield { device, offset: log.offsetOf(from), bytes: read(), why: `entries ${from} to ${to - 1}` };
  const zeros = (clearTo - entries) * LOG_ENTRY_SIZE;
  if (zeros > 0) yield { device, offset: log.offsetOf(entries), zeros, why: `slots from ${entries} on` };
}

/** A journal in free space is cleared, so that its names do not stay there; a journal in a file is left to the caller. */
function clearing(log: Log, { device, offset, parts }: Journal): Step[] {
  if (device !== log.device) return [];
  const zeros = (start: number, length: number): Write => ({
    device,
    offset: start,
    zeros: length,
    why: 'the journal',
  });
  const entries = parts.map(({ log: inside, from, to }) => zeros(inside.offsetOf(from), (to - from) * LOG_ENTRY_SIZE));
  return [[zeros(offset, JOURNAL_HEAD), ...entries]];
}

function countsOf({ device, offset, length }: Log, next: number) {
  const bytes = encodeLogHeader(length, next, crc32).subarray(HEADER.nextSequence);
  return { device, offset: offset + HEADER.nextSequence, bytes };
}

function decimal(value: number): string {
  return Number.isFinite(value) ? String(value) : 'an offset above 2^53-1';
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(WORD);
  viewOf(bytes).setBigUint64(0, BigInt(value), true);
  return bytes;
}

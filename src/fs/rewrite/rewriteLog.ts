/**
 * Replaces the old log by a new one. The journal is complete and verified before the old log is touched; after that, every crash
 * leaves a state that the next writer or fsck completes (docs/rewrite.md).
 */
import { randomUUID } from 'node:crypto';
import { LOG_ENTRY_SIZE } from '../../format/logEntry.js';
import { encodeRewriteJournal } from '../../format/rewriteJournal.js';
import { crc32 } from '../../native/device.js';
import { FamfsError } from '../errors.js';
import { type MappingProcess, mappedError, otherProcessMapping } from '../host/daxMappings.js';
import { openDevice } from '../host/openDevice.js';
import { crcFields, type Journal, readJournal, replayJournal } from '../log/journal.js';
import { Replay } from '../log/replay.js';
import { beginSteps, completionSteps } from '../log/rewriting.js';
import { apply, type Write } from '../media/sharedMemory.js';
import type { Member } from '../pool/members.js';
import { refuseMounted } from '../pool/mountOfPool.js';
import { primaryFacts, type Volume } from '../pool/volume.js';
import type { WriteSession } from '../pool/writeSession.js';
import { type JournalPlace, placeJournal } from './journalPlace.js';
import type { RewritePlan } from './rewritePlan.js';

export interface RewriteOptions {
  /** a new file on this host for the journal, instead of free space of the primary */
  readonly journal: string | undefined;
  /** aborts the rewrite until the old log is touched; its reason is thrown */
  readonly signal: AbortSignal;
  /**
   * called once nothing can refuse the rewrite any more, before the old log is touched
   * @param historyUuid of the history that begins with the new log
   */
  readonly beforeCommit?: (historyUuid: string) => Promise<void>;
}

/** Where the journal was. */
export interface JournalUsed {
  readonly path: string;
  /** bytes from the start of the primary, or of the file */
  readonly offset: number;
}

/**
 * Refuses a file system that anybody on this host uses, since what they have read of the log would become wrong. Throws MOUNTED
 * or MAPPED.
 */
export function refuseInUse(volume: Volume): void {
  const { host, members, primary, target } = volume;
  if (target.mount !== undefined || target.beside)
    throw new FamfsError('MOUNTED', `the log of a mounted file system is not rewritten`, {
      hint: `unmount it first: umount ${target.mount?.mountPoint ?? 'the mount point'}; then name a daxdev`,
    });
  refuseMounted(host, primary);
  for (const member of members.all()) {
    const other = otherMapping(volume, member);
    if (other !== undefined)
      throw mappedError(
        member.path as string,
        other,
        'the process has read the old log: stop it first, or wait for it to end',
      );
  }
}

/** The process that has a daxdev of the pool mapped, which may have another size than is recorded; undefined for one that is not here. */
function otherMapping(volume: Volume, { index, state, path }: Member): MappingProcess | undefined {
  const { host, primary } = volume;
  if (index === 0) return otherProcessMapping(host, primary);
  if (state === 'present') return otherProcessMapping(host, volume.device(index));
  if (state !== 'wrong size' || path === undefined) return undefined;
  const device = openDevice(host, path, false);
  try {
    return otherProcessMapping(host, device);
  } finally {
    device.close();
  }
}

/**
 * Carries out a plan. The session's volume has the old log and must be closed afterwards. Throws MOUNTED, MAPPED, NO_SPACE,
 * JOURNAL and the signal's reason, with nothing changed.
 */
export async function rewriteLog(
  { volume }: WriteSession,
  plan: RewritePlan,
  { journal: file, signal, beforeCommit }: RewriteOptions,
): Promise<JournalUsed> {
  const { log } = volume;
  refuseInUse(volume);
  const place = placeJournal(volume, plan, file);
  // from its first step to its last, a rewrite needs its journal
  let isNeeded = false;
  try {
    const journal = writeJournal(volume, plan, place);
    await beforeCommit?.(journal.record.historyUuid);
    // anybody who came meanwhile has read the old log
    refuseInUse(volume);
    signal.throwIfAborted();
    isNeeded = true;
    apply(beginSteps(log, journal));
    apply(completionSteps(log, { state: 'journal', journal }));
    isNeeded = false;
    return { path: place.device.path, offset: place.offset };
  } finally {
    if (!isNeeded) place.remove();
  }
}

/** Writes the journal, its first block last, reads it back and replays it. Throws JOURNAL if that is not the planned log. */
function writeJournal(volume: Volume, { wanted, replay: planned }: RewritePlan, place: JournalPlace): Journal {
  const { log, superblock, replay: old } = volume;
  const { device, offset, extents } = place;
  const fields: Buffer[] = [];
  for (const { from, bytes } of wanted.parts()) {
    fields.push(crcFields(bytes));
    apply([[...entryWrites(place, from, bytes)]]);
  }
  const record = encodeRewriteJournal(
    {
      fsUuid: superblock.fsUuid,
      historyUuid: randomUUID(),
      logLength: log.length,
      entries: wanted.length,
      // one more slot: an interrupted append may have left something there
      clearTo: Math.max(wanted.length, Math.min(old.next + 1, log.capacity)),
      checksum: crc32(Buffer.concat(fields)),
    },
    extents,
    crc32,
  );
  apply([[{ device, offset, bytes: record, why: 'beginning of the journal' }]]);
  place.settle();
  const journal = readJournal(log, device, offset, superblock.fsUuid);
  if (typeof journal === 'string') throw unusable(device.path, journal);
  const replay = new Replay(primaryFacts(volume.primarySize, superblock));
  replayJournal(replay, journal);
  const counts = ({ next, skipped, namespace }: Replay) => [
    next,
    skipped,
    namespace.fileCount,
    namespace.directoryCount,
  ];
  if (counts(replay).join() !== counts(planned).join()) throw unusable(device.path, 'does not hold what was planned');
  return journal;
}

/** The writes of the entries from slot `from` on, to where the extents have their places. */
function* entryWrites({ device, extents }: JournalPlace, from: number, entries: Buffer): Generator<Write> {
  const to = from + entries.length / LOG_ENTRY_SIZE;
  let first = 0;
  for (const { offset, entries: count } of extents) {
    const start = Math.max(from, first);
    const end = Math.min(to, first + count);
    const bytes = entries.subarray((start - from) * LOG_ENTRY_SIZE, (end - from) * LOG_ENTRY_SIZE);
    const at = offset + (start - first) * LOG_ENTRY_SIZE;
    if (end > start) yield { device, offset: at, bytes, why: 'entries of the journal' };
    first += count;
  }
}

function unusable(path: string, why: string): FamfsError {
  return new FamfsError('JOURNAL', `the journal on ${path} ${why}; nothing was changed`, {
    hint: `the memory may be damaged; run: famfs fsck ${path}`,
  });
}

/**
 * Files with their bytes. A file's bytes are stored and fenced before the entry is appended that makes it: nobody ever sees
 * a new file half filled, and a crash leaves only free space that holds other bytes than before (docs/data.md).
 */
import type { FileEntry } from '../../format/entries/file.js';
import { FamfsError } from '../errors.js';
import type { WriteSession } from '../pool/writeSession.js';
import type { Attendant } from './bulkWork.js';
import { FileMap } from './fileMap.js';
import type { Filler } from './fillers.js';
import { threadsFor, workWeighted } from './weighted.js';

/** A file that is to get its bytes. */
export interface Filling {
  readonly entry: FileEntry;
  /** the entry is still to be appended; else the file exists and is written again in place */
  readonly isNew: boolean;
  readonly filler: Filler;
}

export type FillState =
  /** all its bytes are there, and so is its entry */
  | 'done'
  /** it is new, and there is nothing of it */
  | 'absent'
  /** it existed before, and some of its bytes are the old ones */
  | 'incomplete';

export interface Filled<T extends Filling> {
  readonly filling: T;
  readonly state: FillState;
  /** why it is not done; undefined when it was cancelled */
  readonly error: FamfsError | undefined;
}

/**
 * Fills files, several small ones at a time, and appends the entry of each new one when its bytes are in memory. The rest
 * goes on when one fails; when cancelled, no more are begun. Log slots must have been asked for.
 */
export async function fillFiles<T extends Filling>(
  session: WriteSession,
  fillings: readonly T[],
  attendant: Attendant,
): Promise<Filled<T>[]> {
  const results: Filled<T>[] = [];
  const weightOf = ({ entry }: Filling) => threadsFor(entry.size, attendant.threads);
  await workWeighted(fillings, attendant.threads, weightOf, async (filling, threads) => {
    results.push({ filling, ...(await fillOne(session, filling, { ...attendant, threads })) });
  });
  return results;
}

async function fillOne(
  session: WriteSession,
  { entry, isNew, filler }: Filling,
  attendant: Attendant,
): Promise<{ state: FillState; error: FamfsError | undefined }> {
  const unfinished = isNew ? 'absent' : 'incomplete';
  if (attendant.signal.aborted) return { state: 'absent', error: undefined };
  try {
    const whole = await filler(new FileMap(session.volume, entry), attendant);
    if (!whole) return { state: unfinished, error: undefined };
    if (isNew) session.append(entry);
    return { state: 'done', error: undefined };
  } catch (error) {
    if (error instanceof FamfsError) return { state: unfinished, error };
    throw error;
  }
}

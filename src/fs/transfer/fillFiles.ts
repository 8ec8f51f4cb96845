/**
 * Fills files. The bytes of a new file are stored and fenced before its entry is appended: nobody ever sees it half filled, and a
 * crash only changes the bytes of free space (docs/data.md).
 */

import type { SmallFileResult } from '../../native/smallFiles.js';
import type { PlannedFile } from '../allocate/creationPlan.js';
import type { FamfsError } from '../errors.js';
import type { WriteSession } from '../pool/writeSession.js';
import { type Content, storeContent } from './content.js';
import { asFileError } from './failures.js';
import { FileMap } from './fileMap.js';
import { copySmall, groupsOf, isSmall } from './fillSmallFiles.js';
import { hasSha256 } from './sha256.js';
import { differenceError, type TransferControl } from './transferFile.js';
import { threadsFor, workWeighted } from './weighted.js';

/** groups of small files that are copied at a time, so that one is copied while the entries of another are appended */
const GROUPS_AT_A_TIME = 2;

/** A file to fill; an existing one is overwritten in place. */
export interface FilePlan extends PlannedFile {
  readonly content: Content;
  /** what the bytes must have once they are stored: hex digits in lower case */
  readonly sha256?: string | undefined;
  /** a rewrite of the log is to put its entry in the place of another: it is not appended */
  readonly replaces?: boolean;
}

export type FillState =
  /** it has all its bytes, and its entry, unless that takes the place of another */
  | 'done'
  /** it is new, and was not made */
  | 'not made'
  /** it existed before, and nothing was written to it */
  | 'untouched'
  /** it existed before, and may still have some of its old bytes */
  | 'incomplete';

export interface FillResult<T extends FilePlan> {
  readonly plan: T;
  readonly state: FillState;
  /** why it is not done; undefined if it was cancelled */
  readonly error: FamfsError | undefined;
}

/**
 * Fills files, several small ones at a time, and appends the entry of each new one once its bytes are in memory. If one fails,
 * the others are still filled; after a cancel, no more are begun. The results are in the order of the plans. The caller has made
 * sure that there are log slots (WriteSession.requireSlots).
 */
export async function fillFiles<T extends FilePlan>(
  session: WriteSession,
  plans: readonly T[],
  control: TransferControl,
): Promise<FillResult<T>[]> {
  const { threads: all } = control;
  const threadsOf = (group: readonly T[]) =>
    group.length > 1 ? Math.ceil(all / GROUPS_AT_A_TIME) : threadsFor((group[0] as T).entry.size, all);
  const results = await workWeighted(groupsOf(plans), all, threadsOf, (group, threads) =>
    fillGroup(session, group, { ...control, threads }),
  );
  return results.flat();
}

async function fillGroup<T extends FilePlan>(
  session: WriteSession,
  group: readonly T[],
  control: TransferControl,
): Promise<FillResult<T>[]> {
  const results: FillResult<T>[] = [];
  const copied = group.length > 1 ? await copySmall(session.volume, group.filter(isSmall<T>), control) : [];
  let filled: T[] = [];
  for (const [i, plan] of group.entries()) {
    const result = copied[i] ?? { state: 'failed' };
    if (result.state === 'done') {
      filled.push(plan);
      results.push(doneOf(plan));
      continue;
    }
    appendFilled(session, filled);
    filled = [];
    results.push(await settle(session, plan, result, control));
  }
  appendFilled(session, filled);
  return results;
}

/** What became of a file that was not copied with others. One that failed is tried once more by itself, which tells why. */
async function settle<T extends FilePlan>(
  session: WriteSession,
  plan: T,
  copied: Exclude<SmallFileResult, { state: 'done' }>,
  control: TransferControl,
): Promise<FillResult<T>> {
  const { entry, isNew } = plan;
  const unfinished = isNew ? 'not made' : 'incomplete';
  switch (copied.state) {
    case 'failed':
      return fillFile(session, plan, control);
    case 'differs': {
      // it has one extent, so one device
      const map = new FileMap(session.volume, entry);
      return { plan, state: unfinished, error: differenceError(map, { ...copied.difference, device: 0 }) };
    }
    case 'begun':
      return { plan, state: unfinished, error: undefined };
    case 'untouched':
      return { plan, state: isNew ? 'not made' : 'untouched', error: undefined };
  }
}

/** Appends the entries of new files whose bytes are in memory, unless a rewrite puts one in the place of another. */
function appendFilled(session: WriteSession, plans: readonly FilePlan[]): void {
  session.appendFiles(plans.flatMap(({ entry, isNew, replaces }) => (isNew && !replaces ? [entry] : [])));
}

function doneOf<T extends FilePlan>(plan: T): FillResult<T> {
  return { plan, state: 'done', error: undefined };
}

async function fillFile<T extends FilePlan>(
  session: WriteSession,
  plan: T,
  control: TransferControl,
): Promise<FillResult<T>> {
  const { entry, isNew, content, sha256 } = plan;
  if (control.signal.aborted) return { plan, state: isNew ? 'not made' : 'untouched', error: undefined };
  const unfinished = isNew ? 'not made' : 'incomplete';
  try {
    const map = new FileMap(session.volume, entry);
    const stored = await storeContent(map, content, control);
    const whole = stored && (sha256 === undefined || (await hasSha256(map, sha256, control.signal)));
    if (!whole) return { plan, state: unfinished, error: undefined };
    appendFilled(session, [plan]);
    return doneOf(plan);
  } catch (error) {
    return { plan, state: unfinished, error: asFileError(error) };
  }
}

/**
 * Fills files. The bytes of a new file are stored and fenced before its entry is appended: nobody ever sees it half filled, and a
 * crash only changes the bytes of free space (docs/data.md).
 */
import type { PlannedFile } from '../allocate/creationPlan.js';
import type { FamfsError } from '../errors.js';
import type { WriteSession } from '../pool/writeSession.js';
import { type Content, storeContent } from './content.js';
import { asFileError } from './failures.js';
import { FileMap } from './fileMap.js';
import { hasSha256 } from './sha256.js';
import type { TransferControl } from './transferFile.js';
import { threadsFor, workWeighted } from './weighted.js';

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
  const threadsOf = ({ entry }: FilePlan) => threadsFor(entry.size, control.threads);
  return workWeighted(plans, control.threads, threadsOf, (plan, threads) =>
    fillFile(session, plan, { ...control, threads }),
  );
}

async function fillFile<T extends FilePlan>(
  session: WriteSession,
  plan: T,
  control: TransferControl,
): Promise<FillResult<T>> {
  const { entry, isNew, content, sha256, replaces = false } = plan;
  if (control.signal.aborted) return { plan, state: isNew ? 'not made' : 'untouched', error: undefined };
  const unfinished = isNew ? 'not made' : 'incomplete';
  try {
    const map = new FileMap(session.volume, entry);
    const stored = await storeContent(map, content, control);
    const whole = stored && (sha256 === undefined || (await hasSha256(map, sha256, control.signal)));
    if (!whole) return { plan, state: unfinished, error: undefined };
    if (isNew && !replaces) session.append(entry);
    return { plan, state: 'done', error: undefined };
  } catch (error) {
    return { plan, state: unfinished, error: asFileError(error) };
  }
}

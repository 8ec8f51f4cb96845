/**
 * Files with their bytes. A file's bytes are stored and fenced before the entry is appended that makes it: nobody ever sees
 * a new file half filled, and a crash leaves only free space that holds other bytes than before (docs/data.md).
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

/** A file that is to get its bytes; one that is not new is written again in place. */
export interface FilePlan extends PlannedFile {
  readonly content: Content;
  /** what the bytes must have once they are stored: hex digits in lower case */
  readonly sha256?: string | undefined;
}

export type FillState =
  /** all its bytes are there, and so is its entry */
  | 'done'
  /** it is new, and was not made */
  | 'not made'
  /** it existed before, and nothing of it was written */
  | 'untouched'
  /** it existed before, and some of its bytes may be the old ones */
  | 'incomplete';

export interface FillResult<T extends FilePlan> {
  readonly plan: T;
  readonly state: FillState;
  /** why it is not done; undefined when it was cancelled */
  readonly error: FamfsError | undefined;
}

/**
 * Fills files, several small ones at a time, and appends the entry of each new one when its bytes are in memory. When one
 * fails the others are filled nevertheless; when cancelled, no more are begun. The results are in the order of the plans.
 * The caller has made sure of log slots (WriteSession.requireSlots).
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
  const { entry, isNew, content, sha256 } = plan;
  if (control.signal.aborted) return { plan, state: isNew ? 'not made' : 'untouched', error: undefined };
  const unfinished = isNew ? 'not made' : 'incomplete';
  try {
    const map = new FileMap(session.volume, entry);
    const stored = await storeContent(map, content, control);
    const whole = stored && (sha256 === undefined || (await hasSha256(map, sha256, control.signal)));
    if (!whole) return { plan, state: unfinished, error: undefined };
    if (isNew) session.append(entry);
    return { plan, state: 'done', error: undefined };
  } catch (error) {
    return { plan, state: unfinished, error: asFileError(error) };
  }
}

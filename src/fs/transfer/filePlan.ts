/** What is to become of a file that is filled, and what became of it. */
import type { PlannedFile } from '../allocate/creationPlan.js';
import type { FamfsError } from '../errors.js';
import type { Content } from './content.js';

/** A file to fill; an existing one is overwritten in place. */
export interface FilePlan extends PlannedFile {
  readonly content: Content;
  /** what the bytes must have once they are stored: hex digits in lower case */
  readonly sha256?: string | undefined;
  /** a rewrite of the log is to put its entry in the place of another: it is not appended */
  readonly replaces?: boolean;
}

/** A file to be copied in. */
export interface InFile extends FilePlan {
  /** path of the source, for messages */
  readonly source: string;
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

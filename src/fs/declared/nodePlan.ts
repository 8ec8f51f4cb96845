/** What the files and directories of a manifest come to: made, changed, left alone, or in conflict. */
import type { FileEntry } from '../../format/entries/file.js';
import type { MkdirEntry } from '../../format/entries/mkdir.js';
import type { Owner } from '../allocate/creationPlan.js';
import type { RequestedAttributes } from '../allocate/differences.js';
import type { FreeSpace } from '../allocate/freeSpace.js';
import type { PlannedBlock } from '../allocate/planBlock.js';
import type { Random } from '../allocate/random.js';
import type { Content } from '../transfer/content.js';
import type { ExistingAction } from './conflicts.js';
import type { Objection } from './objection.js';

/** Values for fields that the manifest leaves out, and the images that must not be copied. */
export interface NodePlanOptions {
  readonly owner: Owner;
  readonly fileMode: number;
  readonly directoryMode: number;
  /** of missing parents that are made implicitly */
  readonly parentMode: number;
  /** identities of the images that hold the pool */
  readonly images: ReadonlySet<string>;
  readonly random: Random;
}

/** create: must be made; the others: what becomes of one that exists. conflict: also one that cannot be made */
export type NodeAction = 'create' | ExistingAction;

export interface NodeItem {
  readonly action: NodeAction;
  readonly kind: 'directory' | 'file';
  readonly path: string;
  /** bytes of a file, as apply leaves it; undefined if unknown */
  readonly size: number | undefined;
  /** why it cannot be made, or how it differs, as ends of a sentence */
  readonly reasons: readonly string[];
}

export interface NewFile {
  readonly entry: FileEntry;
  readonly content: Content | undefined;
  readonly sha256: string | undefined;
}

/** A file or directory whose mode or owner is set. */
export interface ChangedNode {
  readonly path: string;
  readonly attributes: RequestedAttributes;
}

export interface NodePlan {
  /** each directory after its parents, then the files in the order of the manifest */
  readonly items: Iterable<NodeItem>;
  /** how many of `items` there are of each kind */
  readonly counts: Readonly<Record<NodeAction, number>>;
  readonly directories: readonly MkdirEntry[];
  /** new files that were planned together, which have no bytes to be stored */
  readonly blocks: readonly PlannedBlock[];
  /** other new files */
  readonly files: readonly NewFile[];
  /** those that take the place of files that exist, which needs a rewrite of the log */
  readonly replaced: readonly NewFile[];
  /** those that need such a rewrite for their mode or owner */
  readonly changed: readonly ChangedNode[];
  /** what the plan leaves free on the primary */
  readonly primarySpace: FreeSpace;
  /** why the plan cannot be carried out */
  readonly objections: readonly Objection[];
}

/** Whether a plan needs a rewrite of the log. */
export function needsRewrite({ replaced, changed }: NodePlan): boolean {
  return replaced.length + changed.length > 0;
}

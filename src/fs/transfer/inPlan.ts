/** What is asked of a copy into a file system, and what is planned for it. */
import type { MkdirEntry } from '../../format/entries/mkdir.js';
import type { Owner, PlanTarget } from '../allocate/creationPlan.js';
import type { RequestedAttributes } from '../allocate/differences.js';
import type { Layout } from '../allocate/placement.js';
import type { Random } from '../allocate/random.js';
import type { FamfsError } from '../errors.js';
import type { UnmappedOwner } from '../host/unmappedOwner.js';
import type { Volume } from '../pool/volume.js';
import type { InFile } from './filePlan.js';
import type { TreePart } from './treeFiles.js';

export interface InOptions {
  readonly layout: Layout;
  readonly random: Random;
  /** make names that are not UTF-8 too */
  readonly allowBytes: boolean;
  /** owner of the new files and directories; undefined keeps the owners of the sources */
  readonly owner: Owner | undefined;
  /** in place of what the sources have, or of `owner`; the mode only of files */
  readonly override: RequestedAttributes;
  /** whether the user explicitly asked to keep owners */
  readonly ownerAsked: boolean;
  /** owner in place of an unknown one */
  readonly caller: Owner;
  /** how unknown owners appear */
  readonly unmapped: UnmappedOwner;
  /** compare after copying */
  readonly verify: boolean;
  /** called for each source that cannot be copied; the others are copied nevertheless */
  failed(error: FamfsError): void;
}

export interface InPlan {
  readonly directories: readonly MkdirEntry[];
  /** in the order of the sources */
  readonly files: readonly (InFile | TreePart)[];
  readonly fileCount: number;
  /** of all files */
  readonly bytes: number;
  /** existing files whose layout differs from the request, each as `old has 1 extent, not 2 strips` */
  readonly kept: readonly string[];
  /** new files for which there was only room that huge pages cannot map */
  readonly unaligned: readonly string[];
  /** number of files and directories that belong to the caller because the owner of the source is unknown */
  readonly unknownOwners: number;
}

/** What copies are planned for: a write session, or a file system that is only read. */
export type InTarget = PlanTarget & { readonly volume: Volume };

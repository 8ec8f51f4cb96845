/** A pool as it is declared: what a manifest says, checked by itself, in the terms of the file system. */
import type { Interleave } from '../../format/interleave.js';
import type { Layout } from '../allocate/placement.js';
import type { FamfsError } from '../errors.js';
import type { Source } from '../transfer/sourceTree.js';

/** Where it was said: keys and indices of the manifest. */
export type Origin = readonly (string | number)[];

/** A daxdev that is to be a member, by path, by uuid or by both. */
export interface DeclaredDaxdev {
  /** absolute, on this host */
  readonly path: string | undefined;
  /** device uuid, in lower case */
  readonly uuid: string | undefined;
  /** bytes of an image, which is made where it is missing */
  readonly size: number | undefined;
  readonly origin: Origin;
}

export interface DeclaredPool {
  /** the primary first; empty where only defaults are stated */
  readonly daxdevs: readonly DeclaredDaxdev[];
  readonly label: string | undefined;
  /** bytes */
  readonly logLength: number | undefined;
  /** allocation unit, bytes */
  readonly unit: number | undefined;
  readonly defaults: Interleave | undefined;
}

/** What is not stated is anything that is there, and of what is made, the default. */
export interface DeclaredNode {
  /** relative to the root */
  readonly path: string;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  /** permission bits, exactly */
  readonly mode: number | undefined;
  readonly origin: Origin;
}

export type DeclaredContent =
  /** copied in; `found` is the source as it is now, or why it cannot be read */
  | { readonly from: 'file'; readonly found: Source | FamfsError }
  | { readonly from: 'pattern'; readonly seed: bigint }
  | { readonly from: 'zeros' };

export interface DeclaredFile extends DeclaredNode {
  /** bytes; undefined where it is that of a source that cannot be read */
  readonly size: number | undefined;
  /** stripes, chunk and daxdevs are undefined where they are not stated */
  readonly layout: Layout;
  readonly content: DeclaredContent | undefined;
  /** hex digits in lower case */
  readonly sha256: string | undefined;
}

export interface Declaration {
  /** undefined: the file system exists, and is found as other commands find it */
  readonly pool: DeclaredPool | undefined;
  readonly directories: readonly DeclaredNode[];
  readonly files: readonly DeclaredFile[];
}

/** A pool as a manifest declares it: already checked for mistakes of its own, in the terms of the file system. */
import type { Interleave } from '../../format/interleave.js';
import type { Layout } from '../allocate/placement.js';
import type { FamfsError } from '../errors.js';
import type { Source } from '../transfer/listedFiles.js';

export const CONFLICT_POLICIES = ['fail', 'keep', 'change', 'replace'] as const;
/**
 * What becomes of a file or directory that exists and differs. fail: apply refuses; keep: it stays as it is; change: its mode and
 * owner are set, if nothing else differs; replace: the same, and a file of another size or layout is made again.
 */
export type ConflictPolicy = (typeof CONFLICT_POLICIES)[number];

/** Where in the manifest: keys and indices. */
export type Origin = readonly (string | number)[];

/** A daxdev of the declared pool, identified by path, uuid or both; or, by the label of a file system, all that it has. */
export interface DeclaredDaxdev {
  /** absolute, on this host */
  readonly path: string | undefined;
  /** device uuid, in lower case */
  readonly uuid: string | undefined;
  readonly label: string | undefined;
  /** bytes of an image, which is made if it is missing */
  readonly size: number | undefined;
  readonly origin: Origin;
}

export interface DeclaredPool {
  /** the primary first; empty if only defaults are declared */
  readonly daxdevs: readonly DeclaredDaxdev[];
  /** of this host: images without a path are looked for in it, too */
  readonly folder: string;
  readonly label: string | undefined;
  /** bytes */
  readonly logLength: number | undefined;
  /** allocation unit, bytes */
  readonly unit: number | undefined;
  readonly defaults: Interleave | undefined;
}

/** Undefined fields accept any existing value; a new node gets the default. */
export interface DeclaredNode {
  /** relative to the root */
  readonly path: string;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  /** permission bits, exactly */
  readonly mode: number | undefined;
  readonly onConflict: ConflictPolicy;
  readonly origin: Origin;
}

export type DeclaredContent =
  /** copied in; `found` is the source in its present state, or the error that keeps it from being read */
  | { readonly from: 'file'; readonly found: Source | FamfsError }
  | { readonly from: 'pattern'; readonly seed: bigint }
  | { readonly from: 'zeros' };

export interface DeclaredFile extends DeclaredNode {
  /** bytes; undefined if the source that determines it cannot be read */
  readonly size: number | undefined;
  /** stripes, chunk and daxdevs are undefined unless declared */
  readonly layout: Layout;
  readonly content: DeclaredContent | undefined;
  /** hex digits in lower case */
  readonly sha256: string | undefined;
}

/** Files that follow each other in a manifest and state the same but path and size. */
export interface FileRun extends Omit<DeclaredFile, 'path' | 'size'> {
  readonly paths: readonly string[];
  /** of each, as in DeclaredFile */
  readonly sizes: ArrayLike<number | undefined>;
  /** each is an item of a list, of which `origin` is the first; else one item stands for all */
  readonly isList: boolean;
}

export interface Declaration {
  /** undefined: the file system exists, and is located as in other commands */
  readonly pool: DeclaredPool | undefined;
  readonly directories: readonly DeclaredNode[];
  readonly files: readonly FileRun[];
}

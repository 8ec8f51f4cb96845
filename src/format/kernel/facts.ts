/** What is known of a file and its pool besides the bytes of a message. Rules that need unknown facts are not applied. */
import type { Fmap } from '../fmap.js';

/** A file whose map is sent to a kernel. */
export interface MappedFile {
  readonly fmap: Fmap;
  /** bytes */
  readonly size: number;
  /** log slot of its entry */
  readonly slot: number;
}

/** A daxdev that maps may name by its index in the pool. */
export interface PoolDaxdev {
  /** bytes; undefined if unknown */
  readonly size: number | undefined;
  /** false if it is not on this host, so that no kernel here can use it */
  readonly present: boolean;
}

export interface MapFacts {
  /** revision of the form; undefined: its default revision */
  readonly revision?: string | undefined;
  /** the daxdevs of the pool by index */
  readonly daxdevs?: readonly PoolDaxdev[] | undefined;
  /** bytes of the file, for a form that does not send them */
  readonly fileSize?: number | undefined;
  /** the map in the log, for the parts that a form does not send */
  readonly fmap?: Fmap | undefined;
  /** other files that claim allocation units of this one */
  readonly sharedWith?: readonly string[] | undefined;
}

/** What is known of a file and its pool beside the bytes of a message. A rule that needs what is not known is not applied. */
import type { Fmap } from '../fmap.js';

/** A file whose map is to reach a kernel. */
export interface MappedFile {
  readonly fmap: Fmap;
  /** bytes */
  readonly size: number;
  /** log slot of its entry */
  readonly slot: number;
}

/** A daxdev that maps may name by its index in the pool. */
export interface PoolDaxdev {
  /** bytes; undefined where it is not known */
  readonly size: number | undefined;
  /** false for one that is not on this host, which no kernel here can get */
  readonly present: boolean;
}

export interface MapFacts {
  /** revision of the form; its default revision where undefined */
  readonly revision?: string | undefined;
  /** the daxdevs of the pool by index */
  readonly daxdevs?: readonly PoolDaxdev[] | undefined;
  /** bytes of the file, for a form that does not state it */
  readonly fileSize?: number | undefined;
  /** the map as the log has it, for what a form does not state of it */
  readonly fmap?: Fmap | undefined;
  /** other files that claim pages of this one */
  readonly sharedWith?: readonly string[] | undefined;
}

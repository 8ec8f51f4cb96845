/** How a file system is served. */
import type { FileEntry } from '../../format/entries/file.js';
import type { Layout } from '../allocate/placement.js';

export const CACHE_MODES = ['auto', 'none'] as const;
export type CacheMode = (typeof CACHE_MODES)[number];

export const MAP_MODES = ['auto', 'v2', 'd', 'none'] as const;
export type MapMode = (typeof MAP_MODES)[number];

export interface ServeOptions {
  /** nothing is written: neither names nor bytes */
  readonly readOnly: boolean;
  /** auto: the kernel keeps bytes; none: each read and write reaches the memory */
  readonly cache: CacheMode;
  /** the form in which a kernel may have the maps of files; it gets bytes where it does not take them */
  readonly maps: MapMode;
  /** give out maps of images too: to a peer that is not a kernel, which would refuse them */
  readonly mapsOfImages: boolean;
  /** threads that answer, 1..64 */
  readonly threads: number;
  /** between two looks at the log, milliseconds */
  readonly refresh: number;
  /** from the last change of a new file that was closed to its commit, milliseconds */
  readonly linger: number;
  /** folder for files that are not in the log yet */
  readonly staging: string;
  /** make names that are not UTF-8, too */
  readonly allowBytes: boolean;
  /** of new files */
  readonly layout: Layout;
  /** what the extended attribute user.famfs.map of a file says */
  mapText(entry: FileEntry): string;
}

/** Where a server says what happens while nobody waits for an answer: a line each. */
export type ServeLog = (line: string) => void;

/** Options for serving a file system. */
import type { FileEntry } from '../../format/entries/file.js';
import type { Layout } from '../allocate/placement.js';

export const CACHE_MODES = ['auto', 'none'] as const;
export type CacheMode = (typeof CACHE_MODES)[number];

export const MAP_MODES = ['auto', 'v2', 'd', 'none'] as const;
export type MapMode = (typeof MAP_MODES)[number];

export interface ServeOptions {
  /** nothing is written: neither names nor bytes */
  readonly readOnly: boolean;
  /** auto: the kernel caches bytes; none: each read and write reaches the memory */
  readonly cache: CacheMode;
  /** the form in which a kernel may get the maps of files; without one, it requests bytes */
  readonly maps: MapMode;
  /** give out maps of images too, to a peer that is not a kernel; a kernel would refuse them */
  readonly mapsOfImages: boolean;
  /** threads that answer, 1..64 */
  readonly threads: number;
  /** between two reads of the log, milliseconds */
  readonly refresh: number;
  /** from the last change of a closed new file to its commit, milliseconds */
  readonly linger: number;
  /** of the root directory, which is not in the log: who mounts owns it, and can make files in it */
  readonly rootOwner: { readonly uid: number; readonly gid: number };
  /** folder for files that are not in the log yet */
  readonly staging: string;
  /** make names that are not UTF-8, too */
  readonly allowBytes: boolean;
  /** of new files */
  readonly layout: Layout;
  /** the value of the extended attribute user.famfs.map of a file */
  mapText(entry: FileEntry): string;
}

/** Where a server reports events to nobody in particular, a line each. */
export type ServeLog = (line: string) => void;

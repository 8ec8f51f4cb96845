/** A file system that is open for writing, as a caller sees it. */
import type { Entry } from './entry.js';
import type { Famfs } from './famfs.js';
import type { AttributeOptions, PlacementOptions } from './newFile.js';

/** Options of {@link FamfsSession.mkdir}. */
export interface MkdirOptions extends AttributeOptions {
  /** make missing parents with mode 0o755, and accept a directory that exists */
  readonly parents?: boolean | undefined;
}

/** What a new file is filled with: zeros, or the pattern that `famfs verify --seed` checks. */
export type Fill = 'zeros' | { readonly seed: number | bigint };

/** Options of {@link FamfsSession.create}. */
export interface CreateOptions extends AttributeOptions, PlacementOptions {
  /** bytes, 1 or more: a file of famfs has its size from the start and keeps it */
  readonly size: number;
  /** accept a file of the same size that exists, if it has the mode and owner that are given */
  readonly existOk?: boolean | undefined;
  /** fill the file before it appears; without it, its bytes are what the memory held before */
  readonly fill?: Fill | undefined;
  /** ends filling; its reason is thrown, and the file is not made */
  readonly signal?: AbortSignal | undefined;
}

/** Bytes of this process, in pieces of any length: an array, a stream, a generator ... */
export type Bytes = Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** What is copied: the path of a file or folder of this host, or bytes. */
export type Source = string | Bytes;

/** Options of {@link FamfsSession.cp}. */
export interface CopyOptions extends AttributeOptions, PlacementOptions {
  /** bytes of the new file; needed for a stream or generator, whose length nobody knows yet */
  readonly size?: number | undefined;
  /** a folder of this host with everything in it */
  readonly recursive?: boolean | undefined;
  /** copy what symbolic links in a folder lead to; without it, they are errors */
  readonly dereference?: boolean | undefined;
  /** keep owner and group of the files of this host that are copied */
  readonly keepOwner?: boolean | undefined;
  /** read each file of this host again, and compare it with the memory */
  readonly verify?: boolean | undefined;
  /** threads that move the bytes of files of this host, 1 to 256; the default is one for each processor, at most 16 */
  readonly threads?: number | undefined;
  /** called with the number of bytes that were copied since the last call */
  readonly onProgress?: ((bytes: number) => void) | undefined;
  /** ends the copy; its reason is thrown. New files that were not complete are not made. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A file system that this process alone may write to: it has the lock of all writers until it is closed. Close it soon, or declare
 * it with `using`, because other writers wait meanwhile. It can also be read, and shows what it has written.
 *
 * Each call is complete and durable when its promise resolves. Calls that overlap are carried out one after the other. All
 * checks are made before the first change, and a new file appears when it has all its bytes.
 */
export interface FamfsSession extends Famfs {
  /**
   * Makes a directory, with mode 0o755 unless another is given.
   * @returns the directory, new or accepted
   * @throws {@link FamfsError} EXISTS, NO_PARENT, BAD_PATH, NOT_UTF8, LOG_FULL
   */
  mkdir(path: string, options?: MkdirOptions): Promise<Entry>;

  /**
   * Makes a file, with mode 0o644 unless another is given.
   * @returns the file, new or accepted
   * @throws {@link FamfsError} EXISTS, NO_PARENT, BAD_PATH, NOT_UTF8, BAD_SIZE, BAD_LAYOUT, NO_SPACE, NO_SUCH_DAXDEV, LOG_FULL,
   * POISON, and what opening the daxdevs throws
   */
  create(path: string, options: CreateOptions): Promise<Entry>;

  /**
   * Copies a file or folder of this host, or bytes, into the file system. If `target` is a directory, files of this host go
   * into it. A file that exists with the same size is written again in place.
   * @returns the files that were copied, in order
   * @throws {@link FamfsError} what {@link FamfsSession.create} throws; CANNOT_READ, EMPTY_FILE, LINK, CHANGED ... for a source;
   * STREAM_ENDED or STREAM_GOES_ON for bytes of another length. If several files are copied and some fail, the others are
   * copied nevertheless, and the error is INCOMPLETE, whose `details.failed` lists the errors.
   */
  cp(source: Source, target: string, options?: CopyOptions): Promise<Entry[]>;
}

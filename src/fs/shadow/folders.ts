/**
 * Folders of a shadow tree, opened one below the other without ever following a symbolic link: what openat(2) is for,
 * through /proc/self/fd. A folder that was opened stays that folder, whatever is renamed or planted meanwhile.
 */
import { closeSync, constants, mkdirSync, openSync } from 'node:fs';
import { pathBytes } from '../../format/path.js';
import { FamfsError } from '../errors.js';

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
/** folders that are kept open */
const KEPT_OPEN = 128;

/** A path for a call of node:fs; bytes where the name is no UTF-8. */
export type CallPath = string | Buffer;

export class ShadowFolders {
  readonly #top: number;
  /** by path below the top, oldest use first */
  readonly #open = new Map<string, number>();
  /** what `at` was asked for last, as entries of one folder tend to follow each other */
  #lastParent: string | undefined;
  #lastPrefix = '';

  /** @param dir the folder that holds `root` and `daxdevs`; what leads to it may be a symbolic link. Throws SHADOW_OPEN. */
  constructor(readonly dir: string) {
    try {
      this.#top = openSync(dir, constants.O_RDONLY | constants.O_DIRECTORY);
    } catch (cause) {
      throw new FamfsError('SHADOW_OPEN', `cannot open the shadow tree ${dir}: ${(cause as Error).message}`, {
        details: { path: dir },
        cause,
      });
    }
  }

  /**
   * The path of what is called `path` (below the top, '' is none), for a call that does not follow a symbolic link in its
   * last name. Throws SHADOW_UNSAFE when a folder above it is none, and SHADOW_MISSING when one is not there.
   */
  at(path: string): CallPath {
    const slash = path.lastIndexOf('/');
    const parent = slash < 0 ? '' : path.slice(0, slash);
    if (parent !== this.#lastParent) {
      this.#lastPrefix = `/proc/self/fd/${this.fd(parent)}/`;
      this.#lastParent = parent;
    }
    const prefix = this.#lastPrefix;
    const name = path.slice(slash + 1);
    return /[\ud800-\udfff]/.test(name) ? Buffer.concat([Buffer.from(prefix), pathBytes(name)]) : prefix + name;
  }

  /** The descriptor of a folder, kept open for later calls; '' is the top. Throws as `at` does. */
  fd(path: string): number {
    if (path === '') return this.#top;
    const known = this.#open.get(path);
    if (known !== undefined) {
      this.#open.delete(path);
      this.#open.set(path, known);
      return known;
    }
    const fd = this.#openFolder(path);
    this.#open.set(path, fd);
    if (this.#open.size > KEPT_OPEN) this.#closeOldest();
    return fd;
  }

  /** Makes a folder; returns false when something is there. Throws as `at` does, and SHADOW_WRITE. */
  make(path: string, mode: number): boolean {
    try {
      mkdirSync(this.at(path), mode);
      return true;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw this.failure(path, cause);
    }
  }

  /** How a path below the top is shown. */
  shown(path: string): string {
    return `${this.dir}/${path}`;
  }

  /** The error for a call on a path of the tree that failed. */
  failure(path: string, cause: unknown): FamfsError {
    if (cause instanceof FamfsError) return cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    // the call's own path, through /proc, tells a reader nothing
    const why = message.replace(/,? '.*$/s, '');
    return new FamfsError('SHADOW_WRITE', `cannot write ${this.shown(path)}: ${why}`, {
      details: { path: this.shown(path), reason: code },
      cause,
    });
  }

  /** Forgets the folders below the top: they are looked up anew, where they are now. */
  forget(): void {
    for (const fd of this.#open.values()) closeSync(fd);
    this.#open.clear();
    this.#lastParent = undefined;
  }

  close(): void {
    this.forget();
    closeSync(this.#top);
  }

  #openFolder(path: string): number {
    try {
      return openSync(this.at(path), FOLDER);
    } catch (cause) {
      if (cause instanceof FamfsError) throw cause;
      const { code, message } = cause as NodeJS.ErrnoException;
      const details = { path: this.shown(path) };
      if (code === 'ELOOP' || code === 'ENOTDIR')
        throw new FamfsError('SHADOW_UNSAFE', `${this.shown(path)} is no folder but a link or another file`, {
          hint: 'nothing is written through it; remove it, or play into another folder',
          details,
        });
      const missing = code === 'ENOENT';
      const why = missing ? 'is not there' : `cannot be opened: ${message}`;
      throw new FamfsError(missing ? 'SHADOW_MISSING' : 'SHADOW_OPEN', `${this.shown(path)} ${why}`, { details });
    }
  }

  #closeOldest(): void {
    const [path, fd] = this.#open.entries().next().value as [string, number];
    this.#open.delete(path);
    this.#lastParent = undefined;
    closeSync(fd);
  }
}

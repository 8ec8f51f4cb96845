/**
 * Folders of a shadow tree, each opened from its parent without following symbolic links, as openat(2) can, but through
 * /proc/self/fd. An open folder stays the same folder, whatever is renamed or planted meanwhile.
 */
import { closeSync, constants, mkdirSync, openSync } from 'node:fs';
import { lastName, parentPath, pathBytes } from '../../format/path.js';
import { DeviceError } from '../../native/error.js';
import { FamfsError } from '../errors.js';

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
/** folders to keep open */
const MAX_OPEN = 128;

/** A path for a call of node:fs; bytes when the name is not UTF-8. */
export type CallPath = string | Buffer;

export class ShadowFolders {
  readonly #top: number;
  /** by path below the top, least recently used first */
  readonly #open = new Map<string, number>();
  /** the folder of the last call of `at`: entries of one folder tend to follow each other */
  #lastParent: string | undefined;
  #lastPrefix = '';

  /** @param dir the folder that holds `root` and `daxdevs`; symbolic links in its path are followed. Throws SHADOW_OPEN. */
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
   * A path for system calls on `path` below the top. Its last part may be a symbolic link, which the call must not follow. Throws
   * SHADOW_UNSAFE if something above it is not a folder, and SHADOW_MISSING if it does not exist.
   */
  at(path: string): CallPath {
    const parent = parentPath(path);
    if (parent !== this.#lastParent) {
      this.#lastPrefix = `/proc/self/fd/${this.fd(parent)}/`;
      this.#lastParent = parent;
    }
    const prefix = this.#lastPrefix;
    const name = lastName(path);
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
    if (this.#open.size > MAX_OPEN) this.#closeOldest();
    return fd;
  }

  /** Makes a folder; returns false if the name is taken. Throws as `at` does, and SHADOW_WRITE. */
  make(path: string, mode: number): boolean {
    try {
      mkdirSync(this.at(path), mode);
      return true;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw this.failure(path, cause);
    }
  }

  /** A path below the top, for messages. */
  shown(path: string): string {
    return `${this.dir}/${path}`;
  }

  /** The error for a failed system call on a path of the tree. */
  failure(path: string, cause: unknown): FamfsError {
    if (cause instanceof FamfsError) return cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    // the path of the call goes through /proc and would mean nothing to users
    const why = cause instanceof DeviceError ? `${code}: ${cause.reason}` : message.replace(/,? '.*$/s, '');
    return new FamfsError('SHADOW_WRITE', `cannot write ${this.shown(path)}: ${why}`, {
      details: { path: this.shown(path), reason: code },
      cause,
    });
  }

  /** Closes the folders below the top; they are opened again when needed. */
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
        throw new FamfsError('SHADOW_UNSAFE', `${this.shown(path)} is not a folder`, {
          hint: 'a symbolic link or file is in the way; remove it, or play into another folder',
          details,
        });
      const missing = code === 'ENOENT';
      const why = missing ? 'does not exist' : `cannot be opened: ${message}`;
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

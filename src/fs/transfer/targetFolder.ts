/**
 * Folders of this host that files are copied into. Each is held open, and names are looked up in the open folder, so that no
 * symbolic link in the destination leads outside it, not even one that appears meanwhile.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  type Stats,
  unlinkSync,
} from 'node:fs';
import { FamfsError } from '../errors.js';
import { setOwner } from '../host/setOwner.js';
import { type LocalPath, localJoin, localText, orLocalError, refuseOwnImage } from './localFile.js';

const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY, O_RDWR, O_CREAT, O_EXCL, O_NOCTTY } = constants;
/** until a copy is complete, only its owner may read it */
const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;
/** bits that let a file act as its owner */
export const SET_ID = 0o6000;

/** Owner and permission bits of a copy; without an owner, it keeps its own. */
export interface Rights {
  readonly mode: number;
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
}

export class TargetFolder {
  private constructor(
    /** for messages */
    readonly path: LocalPath,
    private readonly fd: number,
    private readonly isNew: boolean,
    private readonly images: ReadonlySet<string>,
  ) {}

  /**
   * Opens the destination; symbolic links in its path are followed. Throws CANNOT_WRITE.
   * @param images identities of the images of the file system, which must not be overwritten
   */
  static open(path: LocalPath, images: ReadonlySet<string>): TargetFolder {
    const fd = orLocalError('write', path, () => openSync(path, O_RDONLY | O_DIRECTORY));
    return new TargetFolder(path, fd, false, images);
  }

  /** Opens a folder in this one, and makes it if it does not exist. Throws CANNOT_WRITE or IN_THE_WAY. */
  enter(name: Buffer): TargetFolder {
    const path = this.pathOf(name);
    this.#require('directory', name);
    const isNew = orLocalError('write', path, () => makeFolder(this.#at(name)));
    const fd = orLocalError('write', path, () => openSync(this.#at(name), O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
    return new TargetFolder(path, fd, isNew, this.images);
  }

  /** Begins a file that gets its name when it is complete. Throws CANNOT_WRITE, IN_THE_WAY or IS_THE_IMAGE. */
  begin(name: Buffer): TargetFile {
    const path = this.pathOf(name);
    this.#require('file', name);
    const temporary = Buffer.from(`.famfs-${randomBytes(6).toString('hex')}.partial`);
    const flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_NOCTTY;
    const fd = orLocalError('write', path, () => openSync(this.#at(temporary), flags, PRIVATE_FILE));
    return new TargetFile(path, fd, this.#at(temporary), this.#at(name));
  }

  /** Gives a new folder its owner and mode, once it is filled. Returns false if it cannot have that owner. */
  finish(rights: Rights): boolean {
    return !this.isNew || orLocalError('write', this.path, () => applyRights(this.fd, rights));
  }

  close(): void {
    closeSync(this.fd);
  }

  /** The path of a name in the folder, for messages. */
  pathOf(name: Buffer): LocalPath {
    return localJoin(this.path, name);
  }

  /** Throws IN_THE_WAY or IS_THE_IMAGE if something has the name that must not be replaced or entered. */
  #require(kind: 'file' | 'directory', name: Buffer): void {
    requireFree(kind, this.pathOf(name), this.#at(name), this.images);
  }

  /** A path to a name in the open folder that stays valid if the folder is moved. */
  #at(name: Buffer): LocalPath {
    return localJoin(Buffer.from(`/proc/self/fd/${this.fd}`), name);
  }
}

/**
 * Looks at what has the name of a copy. Returns whether it exists, and throws IN_THE_WAY or IS_THE_IMAGE if it must not be
 * replaced or entered, or CANNOT_WRITE.
 * @param path for messages
 * @param at where to look
 */
export function requireFree(
  kind: 'file' | 'directory',
  path: LocalPath,
  at: LocalPath,
  images: ReadonlySet<string>,
): boolean {
  const stats = orLocalError('write', path, () => lstatSync(at, { throwIfNoEntry: false }));
  if (stats === undefined) return false;
  if (kind === 'file') refuseOwnImage(images, path, stats);
  if (kind === 'file' ? stats.isFile() : stats.isDirectory()) return true;
  throw new FamfsError('IN_THE_WAY', `${localText(path)} is ${kindText(stats)}; a ${kind} was to be copied there`, {
    hint: 'remove it, or copy to another place',
    details: { path: localText(path) },
  });
}

function kindText(stats: Stats): string {
  if (stats.isSymbolicLink()) return 'a symbolic link, which is not followed';
  if (stats.isDirectory()) return 'a directory';
  return stats.isFile() ? 'a file' : 'a special file';
}

/** Returns false if the name is taken. */
function makeFolder(path: LocalPath): boolean {
  try {
    mkdirSync(path, PRIVATE_FOLDER);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** A file under a temporary name until it is complete. */
export class TargetFile {
  constructor(
    readonly path: LocalPath,
    readonly fd: number,
    private readonly temporary: LocalPath,
    private readonly target: LocalPath,
  ) {}

  /** Gives it owner, mode and name. Returns false if it cannot have that owner. Throws CANNOT_WRITE. */
  commit(rights: Rights): boolean {
    return orLocalError('write', this.path, () => {
      const owned = applyRights(this.fd, rights);
      renameSync(this.temporary, this.target);
      return owned;
    });
  }

  /** Removes the incomplete file. */
  discard(): void {
    orLocalError('write', this.path, () => unlinkSync(this.temporary));
  }

  close(): void {
    closeSync(this.fd);
  }
}

/** The owner first, because changing it clears set-user-id bits. Without the owner, these bits are not set either. */
function applyRights(fd: number, { mode, owner }: Rights): boolean {
  const owned = owner === undefined || setOwner(fd, owner);
  fchmodSync(fd, owned ? mode : mode & ~SET_ID);
  return owned;
}

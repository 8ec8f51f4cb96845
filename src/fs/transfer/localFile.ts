/** Files of this host at the other end of a transfer. */
import { accessSync, closeSync, constants, fstatSync, openSync } from 'node:fs';
import { getSystemErrorMap } from 'node:util';
import { decodePath } from '../../format/path.js';
import { FamfsError } from '../errors.js';
import type { Volume } from '../pool/volume.js';
import { changedError } from './failures.js';

/** A path of this host, as bytes, because names need not be UTF-8. */
export type LocalPath = Buffer;

/** A path of this host as text, for messages. */
export function localText(path: LocalPath): string {
  return decodePath(path);
}

/** A path below a folder. */
export function localJoin(folder: LocalPath, name: Buffer): LocalPath {
  const slash = folder.at(-1) === 0x2f ? '' : '/';
  return Buffer.concat([folder, Buffer.from(slash), name]);
}

/** Identifies a version of a source: it must be the same before and after the copy. */
export interface FileVersion {
  /** bytes */
  readonly size: number;
  readonly dev: number;
  readonly ino: number;
  readonly mtimeMs: number;
}

/** Opens a regular file for reading, if it is still that version. The caller closes it. Throws CANNOT_READ or CHANGED. */
export function openUnchanged(path: LocalPath, version: FileVersion): number {
  // NONBLOCK: if it has become a FIFO meanwhile, do not wait for a writer
  const fd = orLocalError('read', path, () =>
    openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY),
  );
  try {
    requireUnchanged(path, fd, version);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** Throws CHANGED if an open file is not the same, or its length or time of change differs. */
export function requireUnchanged(path: LocalPath, fd: number, version: FileVersion): void {
  const now = fstatSync(fd);
  const name = localText(path);
  if (!now.isFile() || now.dev !== version.dev || now.ino !== version.ino)
    throw changedError(name, 'it was replaced by another file');
  if (now.size !== version.size) throw changedError(name, `it had ${version.size} bytes, now it has ${now.size}`);
  if (now.mtimeMs !== version.mtimeMs) throw changedError(name, 'it was written to');
}

/** Makes a file system call; a failure becomes CANNOT_READ or CANNOT_WRITE with the path and the reason. */
export function orLocalError<T>(action: 'read' | 'write', path: LocalPath, call: () => T): T {
  try {
    return call();
  } catch (error) {
    const { code = 'EIO', errno = 0 } = error as NodeJS.ErrnoException;
    throw localError(action, localText(path), code, errno);
  }
}

/**
 * CANNOT_READ or CANNOT_WRITE.
 * @param path as text
 * @param errno with either sign
 */
export function localError(action: 'read' | 'write', path: string, code: string, errno: number): FamfsError {
  const reason = getSystemErrorMap().get(-Math.abs(errno))?.[1] ?? code;
  const failed = action === 'read' ? 'CANNOT_READ' : 'CANNOT_WRITE';
  // without a cause, which would only repeat the reason
  return new FamfsError(failed, `${path}: cannot ${action} it: ${reason}`, { details: { path, reason: code } });
}

/** The identities of the images that hold a file system, for refuseOwnImage. */
export function ownImages(volume: Volume): ReadonlySet<string> {
  const members = volume.members.all().flatMap((member) => member.candidates.map(({ identity }) => identity));
  return new Set([volume.primary.identity, ...members]);
}

/** Throws IS_THE_IMAGE for a file that holds the file system itself. */
export function refuseOwnImage(
  images: ReadonlySet<string>,
  path: LocalPath,
  stats: Pick<FileVersion, 'dev' | 'ino'>,
): void {
  if (isOwnImage(images, stats)) throw ownImageError(localText(path));
}

/** Whether a file holds the file system itself. */
export function isOwnImage(images: ReadonlySet<string>, { dev, ino }: Pick<FileVersion, 'dev' | 'ino'>): boolean {
  return images.has(`file:${dev}:${ino}`);
}

/** IS_THE_IMAGE. @param path as text */
export function ownImageError(path: string): FamfsError {
  return new FamfsError('IS_THE_IMAGE', `${path} is an image that holds the file system`, {
    hint: 'name another file',
    details: { path },
  });
}

/** Throws CANNOT_WRITE unless this process may make files in a folder. */
export function requireWritable(folder: LocalPath): void {
  orLocalError('write', folder, () => accessSync(folder, constants.W_OK | constants.X_OK));
}

/** Files of this host at the other end of a transfer. */
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { getSystemErrorMap } from 'node:util';
import { decodePath } from '../../format/path.js';
import { FamfsError } from '../errors.js';
import type { Volume } from '../pool/volume.js';
import { changedError } from './failures.js';

/** A path of this host. Names need not be UTF-8, so they are bytes. */
export type LocalPath = Buffer;

/** How a local path is called in messages. */
export function localText(path: LocalPath): string {
  return decodePath(path);
}

/** A path below a folder. */
export function localJoin(folder: LocalPath, name: Buffer): LocalPath {
  const slash = folder.at(-1) === 0x2f ? '' : '/';
  return Buffer.concat([folder, Buffer.from(slash), name]);
}

/** What a source was when it was found; it must still be that when it has been copied. */
export interface Seen {
  /** bytes */
  readonly size: number;
  readonly dev: number;
  readonly ino: number;
  readonly mtimeMs: number;
}

/**
 * Opens a regular file for reading, if it still is the one that was seen. The caller closes it. Throws CANNOT_READ or
 * CHANGED.
 */
export function openSeen(path: LocalPath, seen: Seen): number {
  // NONBLOCK: should it have become a fifo meanwhile, do not wait for a writer
  const fd = orLocalError('read', path, () =>
    openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY),
  );
  try {
    requireUnchanged(path, fd, seen);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** Throws CHANGED when an open file is not, or is no longer, as it was seen. */
export function requireUnchanged(path: LocalPath, fd: number, seen: Seen): void {
  const now = fstatSync(fd);
  const name = localText(path);
  if (!now.isFile() || now.dev !== seen.dev || now.ino !== seen.ino) throw changedError(name, 'it is another file now');
  if (now.size !== seen.size) throw changedError(name, `it had ${seen.size} bytes, now it has ${now.size}`);
  if (now.mtimeMs !== seen.mtimeMs) throw changedError(name, 'it was written to');
}

/** Runs a file system call; its failure becomes CANNOT_READ or CANNOT_WRITE with the path and the reason. */
export function orLocalError<T>(action: 'read' | 'write', path: LocalPath, call: () => T): T {
  try {
    return call();
  } catch (error) {
    const { code = 'EIO', errno = 0 } = error as NodeJS.ErrnoException;
    const reason = getSystemErrorMap().get(errno)?.[1] ?? code;
    const name = localText(path);
    const failed = action === 'read' ? 'CANNOT_READ' : 'CANNOT_WRITE';
    // without its cause, which would say the same again
    throw new FamfsError(failed, `${name}: cannot ${action} it: ${reason}`, { details: { path: name, reason: code } });
  }
}

/** The images that a file system lies on, as refuseOwnImage knows them. */
export function ownImages(volume: Volume): ReadonlySet<string> {
  const found = volume.members.all().flatMap((member) => member.found.map(({ identity }) => identity));
  return new Set([volume.primary.identity, ...found]);
}

/** Throws IS_THE_IMAGE for a file that the file system itself lies on. */
export function refuseOwnImage(images: ReadonlySet<string>, path: LocalPath, stats: Pick<Seen, 'dev' | 'ino'>): void {
  if (!images.has(`file:${stats.dev}:${stats.ino}`)) return;
  throw new FamfsError('IS_THE_IMAGE', `${localText(path)} is an image that the file system lies on`, {
    hint: 'name another file',
    details: { path: localText(path) },
  });
}

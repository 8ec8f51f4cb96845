/** Files of this host that pictures are written to. */
import { closeSync, lstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { FamfsError } from '../../fs/errors.js';
import { hostPath } from '../../fs/host/hostPath.js';
import type { Volume } from '../../fs/pool/volume.js';
import { orLocalError, ownImages, refuseOwnImage } from '../../fs/transfer/localFile.js';
import type { Context } from '../../ui/command.js';

export interface PictureTarget {
  /** as named */
  readonly named: string;
  readonly path: string;
  /** an existing regular file is replaced */
  readonly force: boolean;
}

/**
 * The file to write a picture to. Throws EXISTS without `force`, IN_THE_WAY if it is not a regular file, IS_THE_IMAGE for an
 * image of the pool, and BAD_HOST_PATH.
 */
export function pictureTarget(context: Context, volume: Volume, named: string, force: boolean): PictureTarget {
  const path = hostPath(context, named);
  const stats = orLocalError('write', Buffer.from(path), () => lstatSync(path, { throwIfNoEntry: false }));
  if (stats === undefined) return { named, path, force };
  if (!stats.isFile())
    throw new FamfsError('IN_THE_WAY', `${named} is not a regular file`, {
      hint: 'name another file',
      details: { path },
    });
  refuseOwnImage(ownImages(volume), Buffer.from(path), stats);
  if (!force) throw existsError(named, path);
  return { named, path, force };
}

/** Writes a picture completely or not at all, and returns its length in bytes. Throws EXISTS and CANNOT_WRITE. */
export function writePicture({ named, path, force }: PictureTarget, text: string): number {
  const bytes = Buffer.from(text);
  const at = force ? `${path}.${process.pid}.new` : path;
  const fd = openNew(named, at);
  try {
    orLocalError('write', Buffer.from(path), () => {
      for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
      if (force) renameSync(at, path);
    });
  } catch (error) {
    rmSync(at, { force: true });
    throw error;
  } finally {
    closeSync(fd);
  }
  return bytes.length;
}

function openNew(named: string, path: string): number {
  try {
    return openSync(path, 'wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw existsError(named, path);
    return orLocalError('write', Buffer.from(path), () => {
      throw error;
    });
  }
}

function existsError(named: string, path: string): FamfsError {
  return new FamfsError('EXISTS', `${named} exists`, { hint: '--force replaces it', details: { path } });
}

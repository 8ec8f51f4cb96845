/** Files of this host that a command writes whole: a reader sees the old file or the new one, and never a part. */
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { FamfsError } from '../errors.js';
import { orLocalError } from './localFile.js';

/** Where to write. */
export interface WholeFile {
  /** as the user named it, for messages */
  readonly named: string;
  readonly path: string;
  /** an existing file is replaced */
  readonly replace: boolean;
}

/** Writes a file completely or not at all, and returns its length in bytes. Throws EXISTS and CANNOT_WRITE. */
export function writeWholeFile({ named, path, replace }: WholeFile, text: string): number {
  const bytes = Buffer.from(text);
  const at = replace ? `${path}.${process.pid}.new` : path;
  const fd = openNew(named, at);
  try {
    orLocalError('write', Buffer.from(path), () => {
      for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
      if (replace) renameSync(at, path);
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
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw existsError(named, path, '--force replaces it');
    return orLocalError('write', Buffer.from(path), () => {
      throw error;
    });
  }
}

/** The error for a file that is there and is not to be replaced. */
export function existsError(named: string, path: string, hint: string): FamfsError {
  return new FamfsError('EXISTS', `${named} exists`, { hint, details: { path } });
}

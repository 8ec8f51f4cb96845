/** Files of this host that a command writes whole: a reader sees the old file or the new one, and never a part. */
import { closeSync, lstatSync, openSync, renameSync, rmSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { FamfsError } from '../errors.js';
import { temporaryName } from '../host/temporaryName.js';
import { writeAll } from '../host/writeAll.js';
import { orLocalError, requireWritable } from './localFile.js';

/** Where to write. */
export interface WholeFile {
  /** as the user named it, for messages */
  readonly named: string;
  readonly path: string;
  /** an existing file is replaced */
  readonly replace: boolean;
  /** nothing is written */
  readonly dryRun: boolean;
}

/** Writes a file completely or not at all, and returns its length in bytes. Throws EXISTS and CANNOT_WRITE, without `dryRun` or with it. */
export function writeWholeFile({ named, path, replace, dryRun }: WholeFile, text: string): number {
  const bytes = Buffer.from(text);
  if (dryRun) {
    requireWritable(Buffer.from(dirname(path)));
    return bytes.length;
  }
  const at = replace ? temporaryName(path) : path;
  const fd = openNew(named, at);
  try {
    orLocalError('write', Buffer.from(path), () => {
      writeAll(fd, bytes, 0);
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

/** What is where a file is to be written; undefined: nothing. Throws CANNOT_WRITE, and IN_THE_WAY for what is no regular file. */
export function statTarget(named: string, path: string, hint = 'name another file'): Stats | undefined {
  const stats = orLocalError('write', Buffer.from(path), () => lstatSync(path, { throwIfNoEntry: false }));
  if (stats === undefined || stats.isFile()) return stats;
  throw new FamfsError('IN_THE_WAY', `${named} is not a regular file`, { hint, details: { path } });
}

/** The error for a file that is there and is not to be replaced. */
export function existsError(named: string, path: string, hint: string): FamfsError {
  return new FamfsError('EXISTS', `${named} exists`, { hint, details: { path } });
}

/** The copy of a configuration file that is about to be replaced. */
import { closeSync, constants, fsyncSync, lstatSync, openSync } from 'node:fs';
import { FamfsError } from '../errors.js';
import { readSmallFile } from './smallFile.js';
import { syncNames } from './syncNames.js';
import { writeAll } from './writeAll.js';

/**
 * Makes sure that `backup` has the text and is on stable storage. If it exists, it may have the beginning of that text, as a run that
 * was stopped leaves it; then the rest is added. Throws EXISTS if it has anything else, and CANNOT_WRITE.
 */
export function keepCopy(backup: string, text: string): void {
  const bytes = Buffer.from(text);
  const { O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_WRONLY } = constants;
  try {
    if (!isBeginning(backup, bytes))
      throw new FamfsError('EXISTS', `${backup} exists, where the old file would be kept`, {
        hint: 'move it away',
        details: { path: backup },
      });
    const fd = openSync(backup, O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_WRONLY, 0o600);
    try {
      writeAll(fd, bytes, 0);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    syncNames(backup);
  } catch (error) {
    if (error instanceof FamfsError) throw error;
    throw new FamfsError('CANNOT_WRITE', `cannot keep the old file as ${backup}: ${(error as Error).message}`, {
      details: { path: backup },
    });
  }
}

/** Whether nothing is lost if a file gets these bytes: it does not exist, or has the first of them. */
function isBeginning(path: string, bytes: Buffer): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return true;
  if (!stats.isFile() || stats.size > bytes.length) return false;
  const there = readSmallFile(path, bytes.length);
  return there.equals(bytes.subarray(0, there.length));
}

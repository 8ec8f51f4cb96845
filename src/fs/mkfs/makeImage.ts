/** Making the image files that stand in for daxdevs. */
import { closeSync, fstatSync, ftruncateSync, lstatSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { FamfsError } from '../errors.js';

/** Whether there is nothing at a path of this host yet, or an empty file. Throws what stat(2) does. */
export function isMissingImage(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined || (stats.isFile() && stats.size === 0);
}

/** The same for a path that may be impossible to look at: then it is not missing, and opening it says why. */
export function isSurelyMissing(path: string): boolean {
  try {
    return isMissingImage(path);
  } catch {
    return false;
  }
}

/** Makes a sparse image file; one that exists must be empty. Throws CANNOT_WRITE. */
export function makeImage(path: string, size: number): void {
  try {
    // append: whatever it has got meanwhile stays
    const fd = openSync(path, 'a');
    try {
      if (fstatSync(fd).size > 0) throw Object.assign(new Error('it is not empty'), { code: 'EEXIST' });
      ftruncateSync(fd, size);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    const { code = 'EIO' } = error as NodeJS.ErrnoException;
    throw new FamfsError('CANNOT_WRITE', `${path}: cannot make an image of ${size} bytes: ${code}`, {
      hint: 'choose another folder or size',
      details: { path, reason: code },
    });
  }
}

/** A missing image must have a folder to be made in, and no dangling link in its place. Throws CANNOT_WRITE. */
export function refuseFolder(path: string): void {
  const folder = dirname(path);
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  if (!isLink && statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  const why = isLink ? 'it is a dangling symbolic link' : `there is no folder ${folder}`;
  throw new FamfsError('CANNOT_WRITE', `${path} cannot be made: ${why}`, {
    hint: isLink ? 'remove the link' : `make it with: mkdir -p ${folder}`,
    details: { path, reason: 'ENOENT' },
  });
}

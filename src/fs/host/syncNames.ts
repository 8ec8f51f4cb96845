/** Brings names of this host to stable storage. */
import { closeSync, constants, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';

const { O_DIRECTORY, O_RDONLY } = constants;

/**
 * Waits until the name of a new file is on disk, and the names of the folders that were made for it. Throws what the system calls
 * throw.
 * @param first the topmost of these folders, as makeFolders returns it; undefined if none was made
 */
export function syncNames(path: string, first = path): void {
  const top = dirname(first);
  let folder = path;
  do {
    folder = dirname(folder);
    syncFolder(folder);
  } while (folder.length > top.length);
}

function syncFolder(folder: string): void {
  const fd = openSync(folder, O_RDONLY | O_DIRECTORY);
  try {
    fsyncSync(fd);
  } catch (error) {
    // the error of a file system that cannot do this to a directory
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error;
  } finally {
    closeSync(fd);
  }
}

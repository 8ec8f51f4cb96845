/** Makes the file with this host's system uuid, so that neither a crash nor another process leaves an incomplete one. */
import { randomUUID } from 'node:crypto';
import { closeSync, constants, fchmodSync, fsyncSync, linkSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolders } from './makeFolders.js';
import { syncNames } from './syncNames.js';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;

/**
 * Makes the file with a random uuid and its directory, and waits until both are on disk; leaves the file alone if another process
 * has made it meanwhile. Throws what the system calls throw.
 */
export function makeSystemUuidFile(file: string): void {
  const folder = dirname(file);
  const first = makeFolders(folder, 0o755);
  const temporary = `${file}.${randomUUID()}`;
  try {
    writeDurably(temporary, `${randomUUID()}\0`);
    linkUnlessThere(temporary, file);
  } finally {
    removeQuietly(temporary);
  }
  syncNames(file, first);
}

function writeDurably(path: string, text: string): void {
  const fd = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o444);
  try {
    writeSync(fd, text);
    // whatever the umask is: every user's commands read it
    fchmodSync(fd, 0o444);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** link(2) fails if another process was first, and never follows or replaces an existing file. */
function linkUnlessThere(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function removeQuietly(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // it was never made
  }
}

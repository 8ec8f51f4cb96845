import fs from 'node:fs';
import { tmpdir } from 'node:os';

/** From linux/fcntl.h: a new file in a folder that has no name there, and is gone with the process. */
const O_TMPFILE = 0o20000000 | fs.constants.O_DIRECTORY;

/**
 * The path of a file with these bytes, which no other user can write to and that is gone with the process: the dynamic linker
 * loads from files only. Tries memory first, then wherever a program may be run from. Throws if there is no such folder.
 */
export function unnamedFile(bytes: Uint8Array): string {
  const folders = [...new Set(['/dev/shm', tmpdir(), '/var/tmp', '/run', '/dev', '/'])];
  const failures: string[] = [];
  for (const folder of folders) {
    try {
      return makeIn(folder, bytes);
    } catch (error) {
      failures.push(`${folder} (${(error as NodeJS.ErrnoException).code})`);
    }
  }
  throw new Error(`no folder takes a file that may be executed: ${failures.join(', ')}`);
}

function makeIn(folder: string, bytes: Uint8Array): string {
  const fd = fs.openSync(folder, O_TMPFILE | fs.constants.O_RDWR, 0o700);
  try {
    const path = `/proc/self/fd/${fd}`;
    // not so where the folder is mounted noexec
    fs.accessSync(path, fs.constants.X_OK);
    fs.writeFileSync(fd, bytes);
    return path;
  } catch (error) {
    fs.closeSync(fd);
    throw error;
  }
}

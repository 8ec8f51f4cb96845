/** Makes a folder of this host with its parents. */
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and its missing parents, each with `mode`, and accepts those that exist. Returns the topmost folder that it
 * made, if any. Throws what mkdir(2) does. Node's own recursive mkdir never returns if a file system answers ENOENT although the
 * parent exists, as /proc does.
 */
export function makeFolders(path: string, mode: number): string | undefined {
  try {
    return makeFolder(path, mode);
  } catch (error) {
    const parent = dirname(path);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === path) throw error;
    const first = makeFolders(parent, mode);
    const own = makeFolder(path, mode);
    return first ?? own;
  }
}

/** Returns the path, or undefined if the folder exists. */
function makeFolder(path: string, mode: number): string | undefined {
  try {
    mkdirSync(path, mode);
    return path;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' && statSync(path).isDirectory()) return undefined;
    throw error;
  }
}

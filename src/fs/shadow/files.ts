/** Reads and writes single files of a shadow tree: never through a link, and never half written where someone may read it. */
import { closeSync, constants, fstatSync, openSync, readSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import type { CallPath, ShadowFolders } from './folders.js';

/** bytes; ten times the longest YAML that a famfs file can have */
export const MAX_YAML_SIZE = 16 * 1024;

const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
/** permission bits of the files of a tree, less those of the umask */
export const FILE_MODE = 0o644;

/** The bytes of a file, or why there are none. */
export type ShadowContent = Buffer | 'nothing' | 'no file' | 'too long';

/** Reads the file at a path below the top. Throws as ShadowFolders.at does, and SHADOW_WRITE. */
export function readShadowFile(folders: ShadowFolders, path: string): ShadowContent {
  let fd: number | undefined;
  try {
    fd = openSync(folders.at(path), READ);
    const stats = fstatSync(fd);
    if (!stats.isFile()) return 'no file';
    if (stats.size > MAX_YAML_SIZE) return 'too long';
    const bytes = Buffer.allocUnsafe(MAX_YAML_SIZE);
    return bytes.subarray(0, readSync(fd, bytes, 0, MAX_YAML_SIZE, 0));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return 'nothing';
    // a symbolic link, a socket, or a device without a driver
    if (code === 'ELOOP' || code === 'ENXIO') return 'no file';
    throw folders.failure(path, cause);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/**
 * Replaces anything at the path except a folder in one step: readers see the old file or the new one. A symbolic link is
 * replaced, not followed. Throws as ShadowFolders.at does, and SHADOW_WRITE.
 */
export function replaceShadowFile(folders: ShadowFolders, path: string, text: string): void {
  // next to `root`, where the server does not look
  const temporary = folders.at(`.play-${process.pid}-${Math.random().toString(36).slice(2)}`);
  try {
    write(temporary, text);
    renameSync(temporary, folders.at(path));
  } catch (cause) {
    removeQuietly(temporary);
    throw folders.failure(path, cause);
  }
}

function write(path: CallPath, text: string): void {
  // given text and options, node opens, writes and closes in one call
  writeFileSync(path, text, { encoding: 'utf8', flag: CREATE as unknown as string, mode: FILE_MODE });
}

function removeQuietly(path: CallPath): void {
  try {
    unlinkSync(path);
  } catch {
    // it does not exist
  }
}

/** Writes a metadata image into a file of this host. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { FamfsError } from '../errors.js';
import type { Host } from '../host/host.js';
import { hostPath } from '../host/hostPath.js';
import { temporaryName } from '../host/temporaryName.js';
import { writeAll } from '../host/writeAll.js';
import { orLocalError, requireWritable } from '../transfer/localFile.js';
import { existsError, statTarget } from '../transfer/wholeFile.js';
import type { SourceDaxdev } from './sources.js';

export interface SaveOptions {
  /** an existing file is replaced */
  readonly force: boolean;
  /** nothing is written */
  readonly dryRun: boolean;
}

/**
 * Writes all pieces or no file, which only its owner may read: it has names. Returns its length in bytes. Throws EXISTS without
 * `force`, IN_THE_WAY, IS_THE_IMAGE, CANNOT_WRITE and BAD_HOST_PATH.
 */
export function saveImage(
  host: Host,
  name: string,
  pieces: Iterable<Buffer>,
  daxdevs: readonly SourceDaxdev[],
  { force, dryRun }: SaveOptions,
): number {
  const path = hostPath(host, name);
  const write = <T>(work: () => T) => orLocalError('write', Buffer.from(path), work);
  const stats = statTarget(path, path);
  if (stats !== undefined) refuseExisting(path, stats, daxdevs, force);
  if (dryRun) {
    requireWritable(Buffer.from(dirname(path)));
    return [...pieces].reduce((sum, piece) => sum + piece.length, 0);
  }
  // a new file takes the name only when it is whole
  const temporary = temporaryName(path);
  const fd = write(() => openSync(temporary, 'wx', 0o600));
  let length = 0;
  try {
    for (const piece of pieces) length = write(() => writeAll(fd, piece, length));
    write(() => {
      fsyncSync(fd);
      renameSync(temporary, path);
    });
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(fd);
  }
  return length;
}

function refuseExisting(
  path: string,
  stats: { dev: number; ino: number },
  daxdevs: readonly SourceDaxdev[],
  force: boolean,
): void {
  if (daxdevs.some(({ identity }) => identity === `file:${stats.dev}:${stats.ino}`))
    throw new FamfsError('IS_THE_IMAGE', `${path} is an image of the file system itself`, { details: { path } });
  if (!force) throw existsError(path, path, '--force replaces it');
}

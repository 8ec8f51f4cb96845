/** Writes a metadata image into a file of this host. */
import { closeSync, fsyncSync, lstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { FamfsError } from '../errors.js';
import type { Host } from '../host/host.js';
import { hostPath } from '../host/hostPath.js';
import { orLocalError } from '../transfer/localFile.js';
import type { SourceDaxdev } from './sources.js';

/**
 * Writes all pieces or no file, which only its owner may read: it has names. Returns its length in bytes. Throws EXISTS without
 * `force`, IN_THE_WAY, IS_THE_IMAGE, CANNOT_WRITE and BAD_HOST_PATH.
 */
export function saveImage(
  host: Host,
  name: string,
  pieces: Iterable<Buffer>,
  daxdevs: readonly SourceDaxdev[],
  force: boolean,
): number {
  const path = hostPath(host, name);
  const write = <T>(work: () => T) => orLocalError('write', Buffer.from(path), work);
  const stats = write(() => lstatSync(path, { throwIfNoEntry: false }));
  if (stats !== undefined) refuseExisting(path, stats, daxdevs, force);
  // a new file takes the name only when it is whole
  const temporary = `${path}.${process.pid}.new`;
  const fd = write(() => openSync(temporary, 'wx', 0o600));
  let length = 0;
  try {
    for (const piece of pieces) {
      for (let done = 0; done < piece.length; ) done += write(() => writeSync(fd, piece, done));
      length += piece.length;
    }
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
  stats: { isFile(): boolean; dev: number; ino: number },
  daxdevs: readonly SourceDaxdev[],
  force: boolean,
): void {
  const details = { path };
  if (!stats.isFile())
    throw new FamfsError('IN_THE_WAY', `${path} is not a regular file`, { hint: 'name another file', details });
  if (daxdevs.some(({ identity }) => identity === `file:${stats.dev}:${stats.ino}`))
    throw new FamfsError('IS_THE_IMAGE', `${path} is an image of the file system itself`, { details });
  if (!force) throw new FamfsError('EXISTS', `${path} exists`, { hint: '--force replaces it', details });
}

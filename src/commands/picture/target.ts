/** Files of this host that pictures are written to. */
import { lstatSync } from 'node:fs';
import { FamfsError } from '../../fs/errors.js';
import { hostPath } from '../../fs/host/hostPath.js';
import type { Volume } from '../../fs/pool/volume.js';
import { orLocalError, ownImages, refuseOwnImage } from '../../fs/transfer/localFile.js';
import { existsError, type WholeFile } from '../../fs/transfer/wholeFile.js';
import type { Context } from '../../ui/command.js';

/**
 * The file to write a picture to. Throws EXISTS without `force`, IN_THE_WAY if it is not a regular file, IS_THE_IMAGE for an
 * image of the pool, and BAD_HOST_PATH.
 */
export function pictureTarget(context: Context, volume: Volume, named: string, force: boolean): WholeFile {
  const path = hostPath(context, named);
  const stats = orLocalError('write', Buffer.from(path), () => lstatSync(path, { throwIfNoEntry: false }));
  if (stats === undefined) return { named, path, replace: force };
  if (!stats.isFile())
    throw new FamfsError('IN_THE_WAY', `${named} is not a regular file`, {
      hint: 'name another file',
      details: { path },
    });
  refuseOwnImage(ownImages(volume), Buffer.from(path), stats);
  if (!force) throw existsError(named, path, '--force replaces it');
  return { named, path, replace: force };
}

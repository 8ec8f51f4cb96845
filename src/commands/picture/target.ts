/** Files of this host that pictures are written to. */
import { hostPath } from '../../fs/host/hostPath.js';
import type { Volume } from '../../fs/pool/volume.js';
import { ownImages, refuseOwnImage } from '../../fs/transfer/localFile.js';
import { existsError, statTarget, type WholeFile } from '../../fs/transfer/wholeFile.js';
import type { Context } from '../../ui/command.js';

/**
 * The file to write a picture to. Throws EXISTS without `force`, IN_THE_WAY if it is not a regular file, IS_THE_IMAGE for an
 * image of the pool, and BAD_HOST_PATH.
 */
export function pictureTarget(
  context: Context,
  volume: Volume,
  named: string,
  force: boolean,
): Omit<WholeFile, 'dryRun'> {
  const path = hostPath(context, named);
  const stats = statTarget(named, path);
  if (stats === undefined) return { named, path, replace: force };
  refuseOwnImage(ownImages(volume), Buffer.from(path), stats);
  if (!force) throw existsError(named, path, '--force replaces it');
  return { named, path, replace: force };
}

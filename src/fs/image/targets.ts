/** The devices that hold the daxdevs of a metadata image: found by uuid, or by size where a named one has lost its superblock. */
import { listed } from '../../format/listed.js';
import type { Superblock } from '../../format/superblock.js';
import { FamfsError } from '../errors.js';
import type { Host } from '../host/host.js';
import { Finder, type ProbedDaxdev } from '../pool/finder.js';
import { namedOrConfigured, withOrigin } from '../pool/locate.js';
import type { SavedDaxdev } from './savedDaxdevs.js';

/** The path of the device for each daxdev. Throws MISSING_DAXDEV, AMBIGUOUS_DAXDEV and RESTORE_TARGET. */
export function findTargets(
  host: Host,
  named: readonly string[],
  image: string,
  saved: readonly SavedDaxdev[],
): string[] {
  const { paths, origin } = namedOrConfigured(host, named);
  return withOrigin(origin, () => {
    const finder = new Finder(host, paths);
    const byUuid = saved.map((daxdev) => only(holders(finder, daxdev), daxdev));
    const taken = new Set(byUuid.map((found) => found?.identity));
    const spare = finder.named().filter(({ identity }) => !taken.has(identity));
    for (const { path, reading } of spare)
      if (reading.state !== 'none')
        throw new FamfsError('RESTORE_TARGET', `${path} is not a daxdev of the file system in ${image}`, {
          hint: 'name only its daxdevs',
          details: { device: path, fsUuid: reading.superblock?.fsUuid },
        });
    return saved.map((daxdev, i) => (byUuid[i] ?? bySize(daxdev, i, byUuid, saved, spare)).path);
  });
}

/** The devices with the uuid; of named ones, a superblock that lacks its magic still tells whose it was. */
function holders(finder: Finder, { superblock: { deviceUuid, fsUuid } }: SavedDaxdev): readonly ProbedDaxdev[] {
  const isSame = (superblock: Superblock) => superblock.deviceUuid === deviceUuid && superblock.fsUuid === fsUuid;
  const sound = finder.find(isSame);
  if (sound.length > 0) return sound;
  return finder.named().filter(({ reading }) => reading.superblock !== undefined && isSame(reading.superblock));
}

function only(all: readonly ProbedDaxdev[], { superblock: { deviceUuid } }: SavedDaxdev): ProbedDaxdev | undefined {
  if (all.length <= 1) return all[0];
  const paths = all.map(({ path }) => path);
  throw new FamfsError('AMBIGUOUS_DAXDEV', `each of ${listed(paths)} has the uuid ${deviceUuid}`, {
    hint: 'take the copies away',
    details: { uuid: deviceUuid, paths },
  });
}

/** A named device without a superblock, if there is no doubt which daxdev it was. */
function bySize(
  { size, superblock: { deviceUuid } }: SavedDaxdev,
  index: number,
  byUuid: readonly (ProbedDaxdev | undefined)[],
  saved: readonly SavedDaxdev[],
  spare: readonly ProbedDaxdev[],
): ProbedDaxdev {
  const wanted = saved.filter((other, i) => byUuid[i] === undefined && other.size === size);
  const [found, ...others] = spare.filter((device) => device.size === size);
  if (found !== undefined && others.length === 0 && wanted.length === 1) return found;
  throw new FamfsError(
    'MISSING_DAXDEV',
    `no daxdev here is known as daxdev ${index} of the image, uuid ${deviceUuid}`,
    {
      hint: 'attach it, or name its image with --dev; one without a superblock is accepted if it alone has the right size',
      details: { daxdev: index, uuid: deviceUuid, size },
    },
  );
}

/** Finds the path of a daxdev on this host. */

import { listed } from '../../format/listed.js';
import { FamfsError } from '../errors.js';
import type { Host } from '../host/host.js';
import { Finder, famfsOn, type ProbedDaxdev } from './finder.js';
import { namedOrConfigured, withOrigin } from './locate.js';

export interface ResolvedUuid {
  /** in full */
  readonly uuid: string;
  readonly path: string;
  readonly fsUuid: string;
  /** bytes */
  readonly size: number;
}

/**
 * Finds a daxdev by its own uuid, or the beginning of it, in lower case. Throws MISSING_DAXDEV or AMBIGUOUS_DAXDEV, and what
 * opening the configured daxdevs throws.
 */
export function resolveUuid(host: Host, named: readonly string[], uuid: string): ResolvedUuid {
  const { paths, origin } = namedOrConfigured(host, named);
  const finder = new Finder(host, paths);
  const found = withOrigin(origin, () => finder.find(({ deviceUuid }) => deviceUuid.startsWith(uuid)));
  const [first, ...others] = found;
  if (first === undefined)
    throw new FamfsError('MISSING_DAXDEV', `no daxdev on this host has the uuid ${uuid}`, {
      hint: 'name one of the images of its pool with --dev, or attach the device',
      details: { uuid },
    });
  if (others.length > 0) throw ambiguous(uuid, found);
  const superblock = famfsOn(first);
  return {
    uuid: superblock?.deviceUuid ?? uuid,
    path: first.path,
    fsUuid: superblock?.fsUuid ?? '',
    size: first.size,
  };
}

function ambiguous(uuid: string, found: readonly ProbedDaxdev[]): FamfsError {
  const paths = found.map(({ path }) => path);
  const uuids = new Set(found.map((daxdev) => famfsOn(daxdev)?.deviceUuid));
  const details = { uuid, paths };
  if (uuids.size > 1)
    return new FamfsError('AMBIGUOUS_DAXDEV', `the uuids of ${listed(paths)} begin with ${uuid}`, {
      hint: 'give more of the uuid',
      details,
    });
  return new FamfsError('AMBIGUOUS_DAXDEV', `each of ${listed(paths)} has the uuid ${uuid}`, {
    hint: 'name the right one with --dev',
    details,
  });
}

/** Which path a daxdev has on this host. */

import { FamfsError } from '../errors.js';
import type { Host } from '../host/host.js';
import { Finder, famfsOn } from './finder.js';
import { namedOrConfigured, withOrigin } from './locate.js';

export interface Resolved {
  readonly path: string;
  readonly fsUuid: string;
  /** bytes */
  readonly size: number;
}

/** Finds a daxdev by its own uuid, in lower case. Throws MISSING_DAXDEV or AMBIGUOUS_DAXDEV. */
export function resolveUuid(host: Host, named: readonly string[], uuid: string): Resolved {
  const { paths, origin } = namedOrConfigured(host, named);
  const finder = new Finder(host, paths);
  const found = withOrigin(origin, () => finder.find((superblock) => superblock.deviceUuid === uuid));
  const [first, ...others] = found;
  if (first === undefined)
    throw new FamfsError('MISSING_DAXDEV', `no daxdev here has the uuid ${uuid}`, {
      hint: 'name one of the images of its pool with --dev, or attach the device',
      details: { uuid },
    });
  if (others.length > 0) {
    const list = found.map(({ path }) => path);
    throw new FamfsError('AMBIGUOUS_DAXDEV', `each of ${list.join(', ')} has the uuid ${uuid}`, {
      hint: 'say with --dev where to look',
      details: { uuid, paths: list },
    });
  }
  return { path: first.path, fsUuid: famfsOn(first)?.fsUuid ?? '', size: first.size };
}

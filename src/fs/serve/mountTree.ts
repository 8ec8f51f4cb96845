/** Mount points, from /proc/self/mountinfo, including those of dead mounts. */
import { readFileSync, statfsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { decodePath } from '../../format/path.js';
import { FamfsError } from '../errors.js';
import { type Host, systemPath } from '../host/host.js';
import { hostPath, realPath } from '../host/hostPath.js';
import { unescapeOctal } from '../host/mountTable.js';

/** The source name of our own mounts. */
export const MOUNT_TYPE = 'fuse.famfs';

export interface MountedPlace {
  readonly mountPoint: string;
  readonly type: string;
  /** the mounted device */
  readonly source: string;
  /** MAJOR:MINOR of the file system */
  readonly device: string;
  readonly options: readonly string[];
}

/** All mounts that this process sees; the latest of each mount point comes last. */
export function mountedPlaces(host: Host): MountedPlace[] {
  const table = decodePath(readFileSync(systemPath(host, '/proc/self/mountinfo')));
  return table.split('\n').flatMap((line) => parsePlace(line) ?? []);
}

function parsePlace(line: string): MountedPlace | undefined {
  const [left = '', right] = line.split(' - ');
  const [, , device, , mountPoint, options] = left.split(' ');
  const [type, source, superOptions = ''] = right?.split(' ') ?? [];
  if (device === undefined || mountPoint === undefined || type === undefined || source === undefined) return undefined;
  const all = `${options},${superOptions}`.split(',');
  return { mountPoint: unescapeOctal(mountPoint), type, source: unescapeOctal(source), device, options: all };
}

/** The mount on an absolute path, on top of all others there. */
export function placeAt(host: Host, path: string): MountedPlace | undefined {
  return mountedPlaces(host).findLast(({ mountPoint }) => mountPoint === path);
}

/**
 * Whether the server of the mount at a path is gone: "Transport endpoint is not connected". Names and attributes are cached;
 * statfs is not.
 */
export function isDead(path: string): boolean {
  try {
    statfsSync(path);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOTCONN';
  }
}

/** The absolute path of a directory without links, even if a dead mount covers it. */
export function resolvedPlace(host: Host, given: string): string {
  const path = hostPath(host, given);
  try {
    return realPath(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTCONN') return join(realPath(dirname(path)), basename(path));
    const hint = code === 'ENOENT' ? `make it: mkdir ${path}` : 'name a directory that you can reach';
    throw new FamfsError('MOUNT_POINT', `${path}: ${(error as Error).message}`, { hint, cause: error });
  }
}

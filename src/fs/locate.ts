/** Which file system is meant: --dev, else FAMFS_DEV, else the only famfs among the host's daxdevs. */
import { daxNodes } from './devices.js';
import { FamfsError } from './errors.js';
import { probe, secondaryOn } from './finder.js';
import type { Host } from './host.js';

/**
 * Paths of the daxdevs of the file system that is meant; the primary may be anywhere among them, and members that are
 * not named are looked for later. Throws NO_FAMFS or AMBIGUOUS with the list of what was found.
 */
export function locate(host: Host, named: readonly string[]): string[] {
  if (named.length > 0) return [...named];
  const fromEnv = (host.env.FAMFS_DEV ?? '').split(':').filter((path) => path !== '');
  if (fromEnv.length > 0) return fromEnv;
  return [findOnlyPrimary(host)];
}

function findOnlyPrimary(host: Host): string {
  const found = daxNodes(host).map((path) => ({ path, what: describe(host, path) }));
  const primaries = found.filter(({ what }) => what === 'primary');
  if (primaries.length === 1) return (primaries[0] as { path: string }).path;
  const list = found.map(({ path, what }) => `${path}: ${what}`).join(', ');
  const details = { devices: found };
  if (primaries.length === 0) {
    const message =
      found.length === 0 ? 'no famfs: this host has no /dev/dax*' : `no famfs on any daxdev of this host (${list})`;
    throw new FamfsError('NO_FAMFS', message, {
      hint: 'make one with famfs mkfs, or name a device or image with --dev',
      details,
    });
  }
  throw new FamfsError('AMBIGUOUS', `several famfs file systems on this host (${list})`, {
    hint: 'say which one with --dev or FAMFS_DEV',
    details,
  });
}

function describe(host: Host, path: string): string {
  try {
    const found = probe(host, path);
    const { state } = found.reading;
    if (state === 'none') return 'no famfs';
    if (state !== 'valid') return state === 'damaged' ? 'damaged superblock' : 'famfs of another version';
    return secondaryOn(found) === undefined ? 'primary' : 'secondary';
  } catch (error) {
    return (error as Error).message;
  }
}

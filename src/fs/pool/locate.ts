/** Which file system is meant: --dev, else FAMFS_DEV or the configuration, else the only famfs among the host's daxdevs. */

import { FamfsError } from '../errors.js';
import { settingOf } from '../host/config.js';
import type { Host } from '../host/host.js';
import { daxNodes, whyUnopened } from '../host/openDevice.js';
import { probe, secondaryOn } from './finder.js';

/**
 * Paths of the daxdevs of the file system that is meant; the primary may be anywhere among them, and members that are
 * not named are looked for later. Throws BAD_CONFIG, or NO_FAMFS or AMBIGUOUS with the list of what was found.
 */
export function locate(host: Host, named: readonly string[]): string[] {
  if (named.length > 0) return [...named];
  const configured = settingOf(host, 'devices.dev')?.values;
  return configured === undefined ? [findOnlyPrimary(host)] : [...configured];
}

function findOnlyPrimary(host: Host): string {
  const found = daxNodes(host).map((path) => ({ path, ...describe(host, path) }));
  const primaries = found.filter(({ what }) => what === 'primary');
  if (primaries.length === 1) return (primaries[0] as Found).path;
  const list = found.map(({ path, what }) => `${path}: ${what}`).join(', ');
  const details = { devices: found.map(({ path, what }) => ({ path, what })) };
  if (primaries.length === 0) {
    const message =
      found.length === 0 ? 'no famfs: this host has no /dev/dax*' : `no famfs on any daxdev of this host (${list})`;
    throw new FamfsError('NO_FAMFS', message, { hint: hintFor(found), details });
  }
  throw new FamfsError('AMBIGUOUS', `several famfs file systems on this host (${list})`, {
    hint: 'say which one with --dev or FAMFS_DEV',
    details,
  });
}

interface Found {
  readonly path: string;
  /** what is on it, or why it cannot be opened */
  readonly what: string;
  /** how to open it, where it could not be */
  readonly hint?: string | undefined;
}

/** A daxdev that cannot be opened may well have the famfs that is wanted. */
function hintFor(found: readonly Found[]): string {
  const closed = found.find(({ hint }) => hint !== undefined);
  if (closed !== undefined) return `for ${closed.path}, ${closed.hint}`;
  return 'make one with famfs mkfs, or name a device or image with --dev';
}

function describe(host: Host, path: string): Omit<Found, 'path'> {
  try {
    const found = probe(host, path);
    const { state } = found.reading;
    if (state === 'none') return { what: 'no famfs' };
    if (state !== 'valid') return { what: state === 'damaged' ? 'damaged superblock' : 'famfs of another version' };
    return { what: secondaryOn(found) === undefined ? 'primary' : 'secondary' };
  } catch (error) {
    return { what: whyUnopened(error), hint: error instanceof FamfsError ? error.hint : undefined };
  }
}

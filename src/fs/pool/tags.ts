/** Daxdevs named by what is on them: UUID=... or LABEL=... in place of a path. */
import { dirname, resolve } from 'node:path';
import { listed } from '../../format/listed.js';
import type { Superblock } from '../../format/superblock.js';
import { isUuidPrefix } from '../../format/uuid.js';
import { FamfsError } from '../errors.js';
import { settingOf } from '../host/config.js';
import type { Host } from '../host/host.js';
import { openDevice } from '../host/openDevice.js';
import { parseTag } from '../host/tag.js';
import { readPoolLabel } from '../media/poolLabel.js';
import { isSecondary } from '../media/superblockReader.js';
import { Finder, famfsOn, imagesIn, type ProbedDaxdev } from './finder.js';

/**
 * The paths that are meant; those that are no tags stay. A tag is looked for among the other daxdevs that are named, then among
 * /dev/dax*, then among the images beside the named ones, then among those in the working directory, and last among those in the
 * folders of the daxdevs that FAMFS_DEV or the configuration names. Throws NO_FAMFS, AMBIGUOUS, BAD_TAG and BAD_CONFIG.
 */
export function untagged(host: Host, named: readonly string[]): readonly string[] {
  const paths = named.filter((text) => parseTag(text) === undefined);
  if (paths.length === named.length) return named;
  const finder = new Finder(host, paths);
  return named.map((text) => {
    const tag = parseTag(text);
    if (tag === undefined) return text;
    return tag.kind === 'UUID' ? byUuid(finder, tag.value.toLowerCase()) : pathByLabel(finder, tag.value);
  });
}

/** LABEL= and UUID= of every file system that `untagged` finds beside daxdevs of these names. Throws what probe throws. */
export function tagsOf(host: Host, named: readonly string[]): string[] {
  const finder = new Finder(host, named);
  const tags = new Set<string>();
  for (const daxdev of [...finder.all(), ...imagesIn(host, host.cwd)]) {
    const label = labelOn(host, daxdev);
    const superblock = famfsOn(daxdev);
    if (label !== undefined) tags.add(`LABEL=${label}`);
    if (superblock !== undefined) tags.add(`UUID=${superblock.fsUuid}`);
  }
  return [...tags].sort();
}

/** The label of the file system whose primary this is; undefined for a secondary, and where there is none. */
export function labelOn(host: Host, daxdev: ProbedDaxdev): string | undefined {
  const superblock = famfsOn(daxdev);
  if (superblock === undefined || isSecondary(superblock)) return undefined;
  const device = openDevice(host, daxdev.path, false);
  try {
    return readPoolLabel(device, superblock.fsUuid);
  } finally {
    device.close();
  }
}

function byUuid(finder: Finder, uuid: string): string {
  if (!isUuidPrefix(uuid))
    throw new FamfsError('BAD_TAG', `UUID=${uuid}: that is no uuid, and not the beginning of one`, {
      hint: 'famfs list prints the uuids of all that is here',
    });
  const isIt = ({ deviceUuid, fsUuid }: Superblock) => deviceUuid.startsWith(uuid) || fsUuid.startsWith(uuid);
  return onlyOne(
    `UUID=${uuid}`,
    everywhere(finder, (daxdev) => matches(daxdev, isIt)),
    finder,
  );
}

/**
 * The primary of the file system with a label. `folder` is searched last, for images. Throws NO_FAMFS and AMBIGUOUS.
 */
export function pathByLabel(finder: Finder, label: string, folder = finder.host.cwd): string {
  const isIt = (daxdev: ProbedDaxdev) => labelOn(finder.host, daxdev) === label;
  return onlyOne(`LABEL=${label}`, everywhere(finder, isIt, folder), finder);
}

function matches(daxdev: ProbedDaxdev, isIt: (superblock: Superblock) => boolean): boolean {
  const superblock = famfsOn(daxdev);
  return superblock !== undefined && isIt(superblock);
}

function everywhere(
  finder: Finder,
  isIt: (daxdev: ProbedDaxdev) => boolean,
  folder = finder.host.cwd,
): readonly ProbedDaxdev[] {
  const { host } = finder;
  const found = finder.all().filter(isIt);
  if (found.length > 0) return found;
  const inFolder = imagesIn(host, folder).filter(isIt);
  return inFolder.length > 0
    ? inFolder
    : configuredFolders(host).flatMap((other) => imagesIn(host, other).filter(isIt));
}

/** The folders of the daxdevs that are named for all commands, besides those of /dev, which were searched. */
function configuredFolders(host: Host): string[] {
  const paths = settingOf(host, 'devices.dev')?.values ?? [];
  const folders = paths.filter((path) => parseTag(path) === undefined).map((path) => dirname(resolve(host.cwd, path)));
  return [...new Set(folders)].filter((path) => path !== '/dev');
}

/** Of one file system, the primary, or any daxdev where that is not here: it leads to the others. */
function onlyOne(tag: string, found: readonly ProbedDaxdev[], finder: Finder): string {
  const primaries = found.filter((daxdev) => matches(daxdev, (superblock) => !isSecondary(superblock)));
  const [first, ...others] = primaries.length > 0 ? primaries : found;
  if (first === undefined) throw notFound(tag, finder);
  const fsUuids = new Set(found.map((daxdev) => famfsOn(daxdev)?.fsUuid));
  if (fsUuids.size === 1 && (others.length === 0 || primaries.length === 0)) return first.path;
  const paths = [first, ...others].map(({ path }) => path);
  throw new FamfsError('AMBIGUOUS', `${tag} is each of ${listed(paths)}`, {
    hint: 'name the right one by its path',
    details: { primaries: paths },
  });
}

function notFound(tag: string, { unopened }: Finder): FamfsError {
  const closed = unopened.length === 0 ? '' : `; ${listed(unopened.map(({ path }) => path))} could not be opened`;
  return new FamfsError('NO_FAMFS', `no famfs here is ${tag}${closed}`, {
    hint: 'famfs list prints what is here; an image elsewhere is found if it, or one beside it, is named by --dev or FAMFS_DEV, too',
  });
}

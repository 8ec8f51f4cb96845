/**
 * Finds daxdevs by what their superblocks say, never by their names: those that were named, then the host's /dev/dax*,
 * then, where a named one is an image, the files beside it (docs/pools.md, "How members are found").
 */
import { readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Superblock } from '../../format/superblock.js';
import type { Host } from '../host/host.js';
import { daxNodes, openDevice } from '../host/openDevice.js';
import { superblockInFile } from '../media/superblockFile.js';
import { isSecondary, readSuperblock, type SuperblockReading } from '../media/superblockReader.js';

/** A daxdev or image that was looked at. */
export interface FoundDaxdev {
  /** absolute */
  readonly path: string;
  /** equal for the same device by another path or a hard link */
  readonly identity: string;
  /** bytes */
  readonly size: number;
  readonly reading: SuperblockReading;
}

/** Opens a daxdev or image, reads its superblock and closes it. Throws DEVICE_OPEN, or DeviceError on a memory fault. */
export function probe(host: Host, path: string): FoundDaxdev {
  const device = openDevice(host, path, false);
  try {
    return { path: device.path, identity: device.identity, size: device.size, reading: readSuperblock(device) };
  } finally {
    device.close();
  }
}

/** The superblock of a daxdev as it stands, sound or not; undefined where the magic is not there. */
export function famfsOn({ reading }: FoundDaxdev): Superblock | undefined {
  return reading.state === 'none' ? undefined : reading.superblock;
}

/** The superblock of a secondary of a pool. */
export function secondaryOn(found: FoundDaxdev): Superblock | undefined {
  const superblock = famfsOn(found);
  return superblock !== undefined && isSecondary(superblock) ? superblock : undefined;
}

/** Each place is searched once, in full, and only when the ones before it did not have what is wanted. */
export class Finder {
  readonly #places: readonly (() => FoundDaxdev[])[];
  readonly #searched: FoundDaxdev[][] = [];
  readonly #seen = new Set<string>();

  /** @param paths daxdevs and images that were named, one or more */
  constructor(
    readonly host: Host,
    paths: readonly string[],
  ) {
    this.#places = [
      () => paths.map((path) => probe(host, path)),
      () => daxNodes(host).flatMap((path) => tryProbe(host, path)),
      () => this.named().flatMap((found) => besideImage(host, found)),
    ];
  }

  /** What was named, each device once. Throws DEVICE_OPEN for one that cannot be opened. */
  named(): readonly FoundDaxdev[] {
    return this.#place(0);
  }

  /** The daxdevs with a wanted superblock in the first place that has any; several where copies lie about. */
  find(wanted: (superblock: Superblock) => boolean): readonly FoundDaxdev[] {
    for (let place = 0; place < this.#places.length; place++) {
      const hits = this.#place(place).filter((found) => {
        const superblock = famfsOn(found);
        return superblock !== undefined && wanted(superblock);
      });
      if (hits.length > 0) return hits;
    }
    return [];
  }

  /** All that the places have, each device once. */
  all(): readonly FoundDaxdev[] {
    return this.#places.flatMap((_, place) => this.#place(place));
  }

  #place(place: number): FoundDaxdev[] {
    const known = this.#searched[place];
    if (known !== undefined) return known;
    const search = this.#places[place] as () => FoundDaxdev[];
    const found = search().filter(({ identity }) => !this.#seen.has(identity) && this.#seen.add(identity));
    this.#searched[place] = found;
    return found;
  }
}

/** A daxdev that nobody named may be anything, and cannot always be opened. */
function tryProbe(host: Host, path: string): FoundDaxdev[] {
  try {
    return [probe(host, path)];
  } catch {
    return [];
  }
}

function besideImage(host: Host, { path, identity }: FoundDaxdev): FoundDaxdev[] {
  if (!identity.startsWith('file:')) return [];
  const image = resolve(host.cwd, path);
  // where the name is a symbolic link, its own folder and the one it leads to
  const folders = new Set([dirname(image), dirname(realpathSync(image))]);
  return [...folders].flatMap((folder) =>
    readNames(folder)
      .map((name) => join(folder, name))
      .filter(mayBeFamfs)
      .flatMap((file) => tryProbe(host, file)),
  );
}

function readNames(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** Whether a path is a regular file that begins with the magic: cheaper than mapping all that lies in a folder. */
function mayBeFamfs(path: string): boolean {
  try {
    // asked first: opening a fifo waits
    return statSync(path).isFile() && superblockInFile(path) !== undefined;
  } catch {
    return false;
  }
}

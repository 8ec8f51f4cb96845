/**
 * Finds daxdevs by their superblocks, never by their names: first the named ones, then the host's /dev/dax*, then the files
 * beside each named image (docs/pools.md, "How members are found").
 */
import { readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { decodePath, pathBytes } from '../../format/path.js';
import { SUPERBLOCK_REGION, type Superblock } from '../../format/superblock.js';
import type { Host } from '../host/host.js';
import { realPath } from '../host/hostPath.js';
import { daxNodes, openDevice } from '../host/openDevice.js';
import { soundLogAt } from '../log/logOfHeader.js';
import { superblockInFile } from '../media/superblockFile.js';
import { isSecondary, readSuperblock, type SuperblockReading } from '../media/superblockReader.js';

/** A daxdev or image whose superblock was read. */
export interface ProbedDaxdev {
  /** absolute */
  readonly path: string;
  /** equal for the same device by another path or a hard link */
  readonly identity: string;
  /** bytes */
  readonly size: number;
  readonly reading: SuperblockReading;
  /** it has no superblock, but a sound log at the place of a primary's log */
  readonly hasLostLog: boolean;
}

/** Opens a daxdev or image, reads its superblock and closes it. Throws DEVICE_OPEN, or DeviceError on a memory fault. */
export function probe(host: Host, path: string): ProbedDaxdev {
  const device = openDevice(host, path, false);
  try {
    const { identity, size } = device;
    const reading = readSuperblock(device);
    const hasLostLog = reading.state === 'none' && soundLogAt(device, SUPERBLOCK_REGION) !== undefined;
    return { path: device.path, identity, size, reading, hasLostLog };
  } finally {
    device.close();
  }
}

/** Whether a daxdev has a sound log at the place of a primary's log. Throws as probe does. */
export function hasLog(host: Host, { path }: ProbedDaxdev): boolean {
  const device = openDevice(host, path, false);
  try {
    return soundLogAt(device, SUPERBLOCK_REGION) !== undefined;
  } finally {
    device.close();
  }
}

/** The superblock of a daxdev as stored, sound or not; undefined if the magic is missing. */
export function famfsOn({ reading }: ProbedDaxdev): Superblock | undefined {
  return reading.state === 'none' ? undefined : reading.superblock;
}

/** The superblock of a secondary of a pool. */
export function secondaryOn(daxdev: ProbedDaxdev): Superblock | undefined {
  const superblock = famfsOn(daxdev);
  return superblock !== undefined && isSecondary(superblock) ? superblock : undefined;
}

/** A daxdev of this host that nobody named and that could not be opened. */
export interface UnopenedDaxdev {
  readonly path: string;
  readonly error: unknown;
}

/** Searches each place once, in full, and only if the places before it did not have what is wanted. */
export class Finder {
  readonly #places: readonly (() => ProbedDaxdev[])[];
  readonly #searched: ProbedDaxdev[][] = [];
  readonly #identities = new Set<string>();
  readonly #unopened: UnopenedDaxdev[] = [];

  /** @param paths the named daxdevs and images */
  constructor(
    readonly host: Host,
    private readonly paths: readonly string[],
  ) {
    this.#places = [
      () => paths.map((path) => probe(host, path)),
      () => daxNodes(host).flatMap((path) => tryProbe(host, path, (error) => this.#unopened.push({ path, error }))),
      () => this.named().flatMap((daxdev) => besideImage(host, daxdev)),
    ];
  }

  /** A finder that has not searched yet: after a repair, superblocks must be read again. */
  fresh(): Finder {
    return new Finder(this.host, this.paths);
  }

  /** The named devices, each once. Throws DEVICE_OPEN for one that cannot be opened. */
  named(): readonly ProbedDaxdev[] {
    return this.#place(0);
  }

  /** The daxdevs in the first place that has any with a matching superblock; several if there are copies of an image. */
  find(matches: (superblock: Superblock) => boolean): readonly ProbedDaxdev[] {
    for (let place = 0; place < this.#places.length; place++) {
      const daxdevs = this.#place(place).filter((daxdev) => {
        const superblock = famfsOn(daxdev);
        return superblock !== undefined && matches(superblock);
      });
      if (daxdevs.length > 0) return daxdevs;
    }
    return [];
  }

  /** Every daxdev and image in all places, each device once. */
  all(): readonly ProbedDaxdev[] {
    return this.#places.flatMap((_, place) => this.#place(place));
  }

  /** The /dev/dax* that could not be opened, as far as that was tried: a missing member may be one of them. */
  get unopened(): readonly UnopenedDaxdev[] {
    return this.#unopened;
  }

  #place(place: number): ProbedDaxdev[] {
    const known = this.#searched[place];
    if (known !== undefined) return known;
    const search = this.#places[place] as () => ProbedDaxdev[];
    const daxdevs = search().filter(
      ({ identity }) => !this.#identities.has(identity) && this.#identities.add(identity),
    );
    this.#searched[place] = daxdevs;
    return daxdevs;
  }
}

/** As probe; none for a daxdev that cannot be opened, since a path that nobody named may be anything. */
export function tryProbe(host: Host, path: string, onError?: (error: unknown) => void): ProbedDaxdev[] {
  try {
    return [probe(host, path)];
  } catch (error) {
    onError?.(error);
    return [];
  }
}

function besideImage(host: Host, { path, identity }: ProbedDaxdev): ProbedDaxdev[] {
  if (!identity.startsWith('file:')) return [];
  const image = resolve(host.cwd, path);
  // for a symbolic link: its own folder, and the folder of its target
  const folders = new Set([dirname(image), dirname(realPath(image))]);
  return [...folders].flatMap((folder) => imagesIn(host, folder));
}

/** The images in a folder that begin as a famfs does, by name; none if it cannot be read. */
export function imagesIn(host: Host, folder: string): ProbedDaxdev[] {
  return readNames(folder)
    .map((name) => join(folder, name))
    .filter(mayBeFamfs)
    .flatMap((file) => tryProbe(host, file));
}

function readNames(folder: string): string[] {
  try {
    return readdirSync(pathBytes(folder), { encoding: 'buffer' }).map(decodePath).sort();
  } catch {
    return [];
  }
}

/** Whether a path is a regular file that begins with the magic. This is cheaper than mapping every file in a folder. */
function mayBeFamfs(path: string): boolean {
  try {
    // before it is opened, because opening a FIFO waits for its other end
    return statSync(pathBytes(path)).isFile() && superblockInFile(path) !== undefined;
  } catch {
    return false;
  }
}

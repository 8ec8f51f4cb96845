/** The space left in the pool, for statfs and for closing files. */
import { FreeSpace } from '../allocate/freeSpace.js';
import { type MemberSpace, memberSpaces } from '../allocate/memberSpace.js';
import { type Layout, Placer } from '../allocate/placement.js';
import type { Random } from '../allocate/random.js';
import { FamfsError } from '../errors.js';
import { readPoolDefaults } from '../media/poolDefaults.js';
import type { Volume } from '../pool/volume.js';

/** bytes */
export const BLOCK = 4096;

/** All in bytes, except the counts. */
export interface Totals {
  readonly capacity: number;
  readonly free: number;
  readonly files: number;
  readonly slots: number;
}

/** A file that must be placed. */
export interface Claimant {
  readonly path: string;
  /** bytes */
  readonly size: number;
  readonly layout: Layout;
}

export class Space {
  readonly #volume: Volume;
  readonly #capacity: number;
  #free: number;
  #largestHole: number;
  /** bytes that files have taken since #largestHole was determined */
  #takenSince = 0;
  #daxdevs: number;

  constructor(volume: Volume) {
    this.#volume = volume;
    const spaces = memberSpaces(volume);
    this.#capacity = spaces.reduce((sum, { capacity }) => sum + capacity, 0);
    this.#free = spaces.reduce((sum, { free }) => sum + free, 0);
    this.#largestHole = largestHoleOf(spaces);
    this.#daxdevs = spaces.length;
  }

  /** The space after new files have taken so many bytes. */
  take(bytes: number): void {
    this.#free = Math.max(this.#free - bytes, 0);
    this.#takenSince += bytes;
  }

  /** Whether daxdevs have joined since, so that this must be made again. */
  get isOutdated(): boolean {
    return this.#volume.replay.daxdevs.length !== this.#daxdevs;
  }

  get totals(): Totals {
    const { namespace } = this.#volume.replay;
    const files = namespace.fileCount + namespace.directoryCount;
    return { capacity: this.#capacity, free: this.#free, files, slots: this.#volume.log.capacity };
  }

  /** Throws LOG_FULL unless that many slots of the log are free. */
  requireSlots(count: number): void {
    const { log, replay } = this.#volume;
    if (count > log.capacity - replay.next)
      throw new FamfsError('LOG_FULL', `all ${log.capacity} slots of the log are used`);
  }

  /** Whether files with so many bytes in total can be placed in any case: strips on several daxdevs take a little more. */
  hasPlenty(bytes: number, files: number): boolean {
    const needed = (bytes + files * this.#volume.replay.unit) * 2;
    if (needed <= this.#largestHole - this.#takenSince) return true;
    this.#largestHole = largestHoleOf(memberSpaces(this.#volume));
    this.#takenSince = 0;
    return needed <= this.#largestHole;
  }

  /** Throws NO_SPACE if the last of these files could not be placed after the others. */
  require(claimants: readonly Claimant[], random: Random): void {
    const last = claimants.at(-1);
    if (last === undefined) return;
    const { replay, members, primary, superblock } = this.#volume;
    const here = replay.daxdevs.filter(({ index }) => members.member(index).state === 'present');
    const byDefault = readPoolDefaults(primary, superblock);
    const placer = new Placer(
      here.map((daxdev) => new FreeSpace(daxdev)),
      byDefault,
      random,
      replay.unit,
    );
    for (const { path, size, layout } of claimants.slice(0, -1)) {
      try {
        placer.place(path, size, layout);
      } catch {
        // that file was refused when it was closed
      }
    }
    placer.place(last.path, last.size, last.layout);
  }
}

function largestHoleOf(spaces: readonly MemberSpace[]): number {
  return spaces.reduce((most, { largestHole }) => Math.max(most, largestHole), 0);
}

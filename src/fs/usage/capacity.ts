/** How a pool that does not exist yet would fill up: daxdevs and files are numbers, and files are placed as creat places them. */

import { lastIndexOf } from '../../format/logHeader.js';
import { SUPERBLOCK_REGION } from '../../format/superblock.js';
import type { Layout } from '../allocate/placement.js';
import { PoolLoad } from './load.js';
import { FILES_AT_A_TIME, nextTurn } from './nextTurn.js';
import { TrialPool } from './trial.js';

/** All sizes in bytes. */
export interface CapacityQuestion {
  /** sizes of the daxdevs, the primary first */
  readonly daxdevs: readonly number[];
  readonly logLength: number;
  /** allocation unit */
  readonly unit: number;
  /** sizes of the files, in the order in which they are made; iterated once for each seed */
  readonly files: Iterable<number>;
  readonly layout: Layout;
  /** of the random policy, as --alloc-seed gives it */
  readonly seed: number;
}

/** How full the pool is at one point. */
export interface FillPoint {
  /** files placed so far */
  readonly files: number;
  /** bytes allocated to them */
  readonly bytes: number;
  /** used share of the emptiest daxdev, 0..1 */
  readonly least: number;
  /** used share of the fullest daxdev, 0..1 */
  readonly most: number;
}

/** The first file that cannot be made; creat refuses it, so nothing is placed after it. */
export interface Refusal {
  /** its number, from 0 */
  readonly file: number;
  /** bytes */
  readonly size: number;
  readonly code: 'NO_SPACE' | 'LOG_FULL';
}

export interface CapacityAnswer {
  /** of each daxdev, by index */
  readonly load: PoolLoad;
  /** bytes for files of each daxdev, by index */
  readonly capacities: readonly number[];
  /** undefined when all files fit */
  readonly refusal: Refusal | undefined;
  /** ascending; the last one is the end */
  readonly curve: readonly FillPoint[];
}

/** Slots for files and directories in a log of `logLength` bytes, for a pool of `daxdevs` daxdevs. */
export function slotsFor(logLength: number, daxdevs: number): number {
  return Math.max(lastIndexOf(logLength) + 1 - (daxdevs - 1), 0);
}

/** Places the files until one has no room. Throws BAD_LAYOUT as the placer does, and the reason of `signal`. */
export async function answerCapacity(question: CapacityQuestion, signal: AbortSignal): Promise<CapacityAnswer> {
  const { daxdevs, logLength, unit, files, layout, seed } = question;
  const pool = new TrialPool(seed, unit);
  for (const [i, size] of daxdevs.entries())
    pool.addDaxdev(size, i === 0 ? SUPERBLOCK_REGION + logLength : SUPERBLOCK_REGION);
  const capacities = pool.spaces.map((space) => space.free);
  const load = new PoolLoad(daxdevs.length);
  const curve = new FillCurve(load, capacities);
  const slots = slotsFor(logLength, daxdevs.length);
  let refusal: Refusal | undefined;
  for (const size of files) {
    if (load.files % FILES_AT_A_TIME === 0) await nextTurn(signal);
    const fmap = load.files < slots ? pool.place(size, layout) : undefined;
    if (fmap === undefined) {
      refusal = { file: load.files, size, code: load.files < slots ? 'NO_SPACE' : 'LOG_FULL' };
      break;
    }
    load.add(size, fmap);
    curve.grow();
  }
  return { load, capacities, refusal, curve: curve.points() };
}

const MOST_POINTS = 32;

/** Evenly spaced points for any number of files: every other point is dropped when there are too many. */
class FillCurve {
  #points: FillPoint[] = [];
  #step = 1;

  constructor(
    private readonly load: PoolLoad,
    private readonly capacities: readonly number[],
  ) {}

  grow(): void {
    if (this.load.files % this.#step !== 0) return;
    this.#points.push(this.#now());
    if (this.#points.length < MOST_POINTS) return;
    this.#points = this.#points.filter((_, i) => i % 2 === 1);
    this.#step *= 2;
  }

  points(): FillPoint[] {
    const last = this.#points.at(-1)?.files ?? 0;
    return last === this.load.files ? this.#points : [...this.#points, this.#now()];
  }

  #now(): FillPoint {
    const { files, bytes, daxdevs } = this.load;
    let least = 1;
    let most = 0;
    for (const [i, { bytes: used }] of daxdevs.entries()) {
      const share = used / (this.capacities[i] || 1);
      least = Math.min(least, share);
      most = Math.max(most, share);
    }
    return { files, bytes, least, most };
  }
}

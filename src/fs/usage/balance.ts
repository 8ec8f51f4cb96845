/** How evenly a pool is filled, and how evenly its policy should have filled it. */

import type { Layout, Policy } from '../allocate/placement.js';
import type { FileInLog } from '../pool/fileBlock.js';
import type { Volume } from '../pool/volume.js';
import { PoolLoad } from './load.js';
import { FILES_AT_A_TIME, nextTurn } from './nextTurn.js';
import { type Spread, spreadOf } from './spread.js';
import { TrialPool } from './trial.js';

/** A file, as a request to place it again. */
interface Request {
  readonly slot: number;
  /** bytes */
  readonly size: number;
  readonly layout: Layout;
}

/** The result of placing the same files again, over several runs. */
export interface Expectation {
  readonly runs: number;
  /** bytes used of each daxdev, by index */
  readonly daxdevs: readonly Spread[];
  /** standard deviation of the bytes used of the daxdevs, bytes */
  readonly deviation: Spread;
  /** files that had no room in at least one run; each run leaves them out */
  readonly unplaced: number;
}

export interface Balance {
  readonly load: PoolLoad;
  /** of the bytes used on the daxdevs */
  readonly actual: Spread;
  readonly expected: Expectation;
}

/**
 * Measures what is on each daxdev, and places all files again by `policy`, in log order, on empty daxdevs: `runs` times, with the
 * seeds 0, 1, ... Throws the reason of `signal`.
 */
export async function balanceOf(volume: Volume, policy: Policy, runs: number, signal: AbortSignal): Promise<Balance> {
  const load = new PoolLoad(volume.replay.daxdevs.length);
  const requests: Request[] = [];
  for (const file of volume.fileEntries()) {
    load.add(file.entry.size, file.entry.fmap);
    requests.push(requestOf(file, policy));
  }
  const actual = spreadOf(load.daxdevs.map(({ bytes }) => bytes));
  return { load, actual, expected: await expect(volume, requests, runs, signal) };
}

function requestOf({ slot, entry: { size, fmap } }: FileInLog, policy: Policy): Request {
  const shape =
    fmap.layout === 'interleaved'
      ? { stripes: fmap.extents.length, chunkSize: fmap.chunkSize }
      : { stripes: 0, chunkSize: undefined };
  return { slot, size, layout: { ...shape, policy, contiguous: false } };
}

async function expect(
  { replay: { daxdevs, unit } }: Volume,
  requests: readonly Request[],
  runs: number,
  signal: AbortSignal,
): Promise<Expectation> {
  const used: number[][] = daxdevs.map(() => []);
  const deviations: number[] = [];
  let unplaced = 0;
  for (let seed = 0; seed < runs; seed++) {
    const load = new PoolLoad(daxdevs.length);
    const pool = new TrialPool(seed, unit);
    let joined = 0;
    for (const [i, { slot, size, layout }] of requests.entries()) {
      if (i % FILES_AT_A_TIME === 0) await nextTurn(signal);
      // a file could go only to daxdevs that had joined before it
      for (let next = daxdevs[joined]; next !== undefined && next.slot < slot; next = daxdevs[++joined])
        pool.addDaxdev(next.size, next.reserved);
      const fmap = pool.place(size, layout);
      if (fmap === undefined) unplaced++;
      else load.add(size, fmap);
    }
    for (const [i, { bytes }] of load.daxdevs.entries()) used[i]?.push(bytes);
    deviations.push(spreadOf(load.daxdevs.map(({ bytes }) => bytes)).deviation);
  }
  return { runs, daxdevs: used.map(spreadOf), deviation: spreadOf(deviations), unplaced };
}

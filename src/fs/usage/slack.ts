/** How much of what is allocated to files is beyond their ends, by their sizes. */
import { allocatedBytes } from '../../format/fmap.js';
import type { Volume } from '../pool/volume.js';

/** Files of a range of sizes. Sizes in bytes. */
export interface SlackClass {
  /** every file of the class is larger; 0 in the first class */
  readonly over: number;
  /** no file of the class is larger; undefined in the last class */
  readonly upTo: number | undefined;
  readonly files: number;
  /** sum of their sizes */
  readonly bytes: number;
  /** sum of their extents */
  readonly allocated: number;
}

const KIB = 1024;
/** from the smallest allocation unit to sizes for which the largest no longer matters */
const BOUNDS = [4 * KIB, 64 * KIB, KIB ** 2, 2 * KIB ** 2, 64 * KIB ** 2];

/** The files by size, without classes that have none. Reads the map of each file once; throws ENTRY_GONE as fileEntries does. */
export function slackBySize(volume: Volume): SlackClass[] {
  const sums = [...BOUNDS, undefined].map((upTo, i) => {
    return { over: BOUNDS[i - 1] ?? 0, upTo, files: 0, bytes: 0, allocated: 0 };
  });
  for (const { entry } of volume.fileEntries()) {
    const sum = sums.find(({ upTo }) => upTo === undefined || entry.size <= upTo) as (typeof sums)[number];
    sum.files++;
    sum.bytes += entry.size;
    sum.allocated += allocatedBytes(entry.fmap);
  }
  return sums.filter(({ files }) => files > 0);
}

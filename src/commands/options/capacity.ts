/** Daxdevs and files in numbers, as people write them: 24x64G, 5000x1M-4G. */

import { makeRandom } from '../../fs/allocate/random.js';
import { named, UsageError } from '../../ui/errors.js';
import { parseSize } from '../../ui/size.js';

/** A number of things of one size; with different bounds, sizes are drawn between them, evenly over their logarithm. */
export interface Group {
  readonly count: number;
  /** bytes, 1 or more */
  readonly least: number;
  /** bytes */
  readonly most: number;
}

/** Reads `COUNTxSIZE`, `SIZE` or, with `ranges`, `COUNTxSIZE-SIZE`. `what` names the option or argument in errors. */
export function parseGroup(what: string, text: string, ranges: boolean): Group {
  const [, count = '1', least = '', most = least] = /^(?:(\d{1,9})x)?([^-]+)(?:-(.+))?$/i.exec(text) ?? [];
  const form = ranges ? '24x64G, 64G or 24x1G-64G' : '24x64G or 64G';
  if (least === '' || (most !== least && !ranges)) throw new UsageError(`${what}: '${text}' is not ${form}`);
  const group = { count: Number(count), ...named(what, () => ({ least: parseSize(least), most: parseSize(most) })) };
  if (group.count === 0 || group.least === 0)
    throw new UsageError(`${what}: '${text}' has a count or size of 0`, 'both are at least 1');
  if (group.most < group.least) throw new UsageError(`${what}: the bounds of '${text}' are in the wrong order`);
  return group;
}

/** The sum of all counts; Infinity is never reached, because a count has at most nine digits. */
export function countOf(groups: readonly Group[]): number {
  return groups.reduce((sum, { count }) => sum + count, 0);
}

/** The sizes in all groups, in order; the same each time they are iterated. */
export function sizesOf(groups: readonly Group[], seed: number): Iterable<number> {
  return {
    *[Symbol.iterator]() {
      const random = makeRandom(seed);
      for (const { count, least, most } of groups) {
        for (let i = 0; i < count; i++) yield least === most ? least : Math.floor(least * (most / least) ** random());
      }
    },
  };
}

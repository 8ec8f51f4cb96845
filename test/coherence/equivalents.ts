/** Operations that no schedule shows left out, because something else does the same; rows of the table say so. */
import type { LeftOut } from './world.js';

const EQUIVALENTS: readonly (readonly [name: RegExp, why: string])[] = [
  [
    /^(fence|writeBack) fs\/fsck\/runner\.ts checkAndRepair(: (log header|slots|superblock))?$/,
    'the inspection after each repair invalidates the lines that it reads, which writes them back, and fences',
  ],
  [
    /^(fence|invalidate) fs\/fsck\/repairs\//,
    'the inspection has just read the same bytes past the cache, and nobody else may write meanwhile',
  ],
  [
    /^fence cpp\/small_files\.cc isStored, before it reads$/,
    'the fence after the invalidation of each piece completes the stores too',
  ],
  [
    /^(fence|invalidate) fs\/fsck\/undo\/undoWriter\.ts/,
    'the inspection has just read the same bytes past the cache, and nobody else may write meanwhile',
  ],
];

/** Why nothing shows it left out; undefined where something should. */
export function equivalenceOf({ operation, site }: LeftOut): string | undefined {
  return EQUIVALENTS.find(([name]) => name.test(`${operation} ${site}`))?.[1];
}

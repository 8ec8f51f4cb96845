/**
 * Many new files planned as columns, without an object for each: where nothing is wrong with any of them. A CreationPlan, which knows
 * what to say, does the rest.
 */
import { FILE_FLAG_READ_WRITE } from '../../format/entries/file.js';
import { HUGE_PAGE } from '../../format/superblock.js';
import type { AppliedBlock } from '../../native/logTable.js';
import { FamfsError } from '../errors.js';
import { BlockBuilder } from '../log/blockBuilder.js';
import { isPlainAt } from '../log/givenPath.js';
import type { CreationPlan, Owner, PlanTarget } from './creationPlan.js';
import type { Layout, Placer } from './placement.js';

/** Paths of files to be made. */
export interface PathColumns {
  /** the paths one after the other */
  readonly paths: Uint8Array;
  /** where in `paths` each ends */
  readonly pathEnds: Uint32Array;
}

/** Files to be made. */
export interface FileColumns extends PathColumns {
  /** bytes */
  readonly sizes: Float64Array;
  /** permission bits as they are stored */
  readonly modes: Uint16Array;
}

export interface PlannedBlock {
  /** for WriteSession.appendBlock; its slots are those that the files get after what was planned before */
  readonly block: AppliedBlock;
  /** as in CreationPlan */
  readonly unaligned: readonly string[];
}

/**
 * Plans and places files that are all new; undefined where each must be planned by itself: something is wrong with one of them, or its
 * path is not plain ASCII. Then `plan` cannot be used any more, for it may have given away space.
 * @param plan has the directories that are to be made before; the files are not added to it
 * @param unproven those whose names may be taken, or lack a parent: not those in directories of the plan
 */
export function planBlock(
  { volume }: PlanTarget,
  plan: CreationPlan,
  files: FileColumns,
  owner: Owner,
  layout: Layout,
  unproven: PathColumns = files,
): PlannedBlock | undefined {
  const { replay } = volume;
  if (!arePlain(files) || !replay.namespace.canAddFiles(unproven.paths, unproven.pathEnds)) return undefined;
  try {
    return placed(files, owner, layout, plan.placerOf(layout), replay.next + plan.length);
  } catch (error) {
    if (error instanceof FamfsError) return undefined;
    throw error;
  }
}

function arePlain({ paths, pathEnds, sizes }: FileColumns): boolean {
  let start = 0;
  for (let i = 0; i < sizes.length; i++) {
    const size = sizes[i] as number;
    const end = pathEnds[i] as number;
    if (!Number.isSafeInteger(size) || size < 1 || !isPlainAt(paths, start, end)) return false;
    start = end;
  }
  return true;
}

/** Throws what Placer.place throws. */
function placed(
  { paths, pathEnds, sizes, modes }: FileColumns,
  { uid, gid }: Owner,
  layout: Layout,
  placer: Placer,
  slot: number,
): PlannedBlock {
  const block = new BlockBuilder(sizes.length);
  const unaligned: string[] = [];
  let start = 0;
  for (let i = 0; i < sizes.length; i++) {
    const size = sizes[i] as number;
    const end = pathEnds[i] as number;
    const fmap = placer.place('', size, layout);
    if (fmap.extents.some(({ deviceOffset, length }) => length >= HUGE_PAGE && deviceOffset % HUGE_PAGE !== 0))
      unaligned.push(String.fromCharCode(...paths.subarray(start, end)));
    block.add({ flags: FILE_FLAG_READ_WRITE, mode: modes[i] as number, uid, gid, size, fmap }, end - start);
    start = end;
  }
  return { block: block.block(paths.subarray(0, start), slot), unaligned };
}

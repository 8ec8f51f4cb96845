/** A rewrite of the log, planned and judged: nothing is written. */

import { roundUp } from '../../format/fmap.js';
import { journalSize } from '../../format/rewriteJournal.js';
import { FreeSpace } from '../allocate/freeSpace.js';
import { FamfsError } from '../errors.js';
import { Replay } from '../log/replay.js';
import { primaryFacts, type Volume } from '../pool/volume.js';
import { EditedTree } from './editedTree.js';
import { NewLog } from './newLog.js';

export interface RewritePlan<T = unknown> {
  /** what the edit returned */
  readonly edited: T;
  readonly wanted: NewLog;
  /** what the new log says, replayed */
  readonly replay: Replay;
  /** bytes that are free with the new log, and were not with the old one */
  readonly freed: number;
  /** slots of the old log that were skipped, and are not in the new one */
  readonly dropped: number;
  /** whether the new log is the old one: there is nothing to do */
  readonly isOld: boolean;
}

/**
 * Plans the log that a tree makes after `edit` has changed it. Throws what `edit` throws, and LOG_DAMAGED where the log has entries
 * that cannot be used, unless those may be dropped.
 */
export function planRewrite<T>(volume: Volume, edit: (tree: EditedTree) => T, dropSkipped = false): RewritePlan<T> {
  const { log, replay: old, superblock, primarySize, primary } = volume;
  if (old.skipped > 0 && !dropSkipped)
    throw new FamfsError(
      'LOG_DAMAGED',
      `${old.skipped} log entries of ${primary.path} cannot be used; a rewrite drops them`,
      {
        hint: `repair them with famfs fsck -y ${primary.path}, or give them and their space up with: famfs log compact --drop-skipped`,
        details: { skipped: old.skipped },
      },
    );
  const tree = new EditedTree(old);
  const edited = edit(tree);
  const wanted = new NewLog(log, tree);
  const replay = new Replay(primaryFacts(primarySize, superblock));
  let slot = 0;
  for (const entry of wanted.entries()) replay.applyOwn(slot++, entry);
  if (replay.skipped > 0) throw new Error(`${replay.skipped} entries of the new log cannot be used`);
  const freed = freeBytes(replay) - freeBytes(old);
  return { edited, wanted, replay, freed, dropped: old.skipped, isOld: wanted.isLog(old.next) };
}

/** Bytes of whole allocation units that a journal for the new log takes. */
export function journalLength({ wanted, replay }: RewritePlan): number {
  return roundUp(journalSize(wanted.length), replay.unit);
}

function freeBytes({ daxdevs }: Replay): number {
  return daxdevs.reduce((sum, daxdev) => sum + new FreeSpace(daxdev).free, 0);
}

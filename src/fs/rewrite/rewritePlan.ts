/** Plans and checks a rewrite of the log. Writes nothing. */

import { FreeSpace } from '../allocate/freeSpace.js';
import { FamfsError } from '../errors.js';
import { Replay } from '../log/replay.js';
import { primaryFacts, type Volume } from '../pool/volume.js';
import { EditedTree } from './editedTree.js';
import { NewLog } from './newLog.js';

export interface RewritePlan<T = unknown> {
  /** the return value of the edit */
  readonly edited: T;
  readonly wanted: NewLog;
  /** replay of the new log */
  readonly replay: Replay;
  /** bytes that become free with the new log */
  readonly freed: number;
  /** slots of the old log that were skipped, and are dropped from the new one */
  readonly dropped: number;
  /** whether the new log equals the old one, so that there is nothing to do */
  readonly isOld: boolean;
}

/**
 * Plans the log of the tree that `edit` has changed. Throws what `edit` throws, and LOG_DAMAGED if the log has unusable entries
 * that must not be dropped.
 */
export function planRewrite<T>(volume: Volume, edit: (tree: EditedTree) => T, dropSkipped = false): RewritePlan<T> {
  const { log, replay: old, superblock, primarySize } = volume;
  if (!dropSkipped) refuseSkipped(volume);
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

/** Throws LOG_DAMAGED if the log has unusable entries, which a rewrite would drop. */
export function refuseSkipped({ replay: { skipped }, primary: { path } }: Volume): void {
  if (skipped === 0) return;
  throw new FamfsError('LOG_DAMAGED', `${skipped} log entries of ${path} cannot be used; a rewrite drops them`, {
    hint: `repair them with famfs fsck -y ${path}, or give up their files with: famfs log compact --drop-skipped`,
    details: { skipped },
  });
}

function freeBytes({ daxdevs }: Replay): number {
  return daxdevs.reduce((sum, daxdev) => sum + new FreeSpace(daxdev).free, 0);
}

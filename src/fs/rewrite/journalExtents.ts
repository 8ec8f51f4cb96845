/** Space for the journal of a rewrite: one piece where there is one, else the largest holes. */
import { roundUp } from '../../format/fmap.js';
import { LOG_ENTRY_SIZE } from '../../format/logEntry.js';
import { JOURNAL_HEAD, type JournalExtent, journalSize, MOST_JOURNAL_EXTENTS } from '../../format/rewriteJournal.js';
import type { FreeSpace } from '../allocate/freeSpace.js';

/** Where a journal goes; offsets in bytes from the start of its device. */
export interface JournalSpace {
  readonly offset: number;
  readonly extents: readonly JournalExtent[];
}

/** One extent after the beginning of a journal at `offset`. */
export function inOnePiece(offset: number, entries: number): JournalSpace {
  return { offset, extents: entries === 0 ? [] : [{ offset: offset + JOURNAL_HEAD, entries }] };
}

/** Takes space for a journal with `entries` entries, in whole allocation units; undefined if there is not enough, or in too many pieces. */
export function takeJournal(space: FreeSpace, entries: number): JournalSpace | undefined {
  const { unit } = space.daxdev;
  const offset = space.take(roundUp(journalSize(entries), unit));
  if (offset !== undefined) return inOnePiece(offset, entries);
  const taken: Piece[] = [];
  let left = entries;
  for (const hole of space.largestHoles(MOST_JOURNAL_EXTENTS)) {
    const head = taken.length === 0 ? JOURNAL_HEAD : 0;
    const length = Math.min(hole, roundUp(head + left * LOG_ENTRY_SIZE, unit));
    const start = space.take(length);
    if (start === undefined) break;
    const count = Math.min(left, Math.floor((length - head) / LOG_ENTRY_SIZE));
    taken.push({ start, length, extent: { offset: start + head, entries: count } });
    left -= count;
    if (left === 0) return spaceOf(taken);
  }
  for (const { start, length } of taken) space.giveBack(start, length);
  return undefined;
}

interface Piece {
  readonly start: number;
  readonly length: number;
  readonly extent: JournalExtent;
}

/** The smallest holes have no room for more than the beginning. */
function spaceOf(taken: readonly Piece[]): JournalSpace {
  const extents = taken.map(({ extent }) => extent).filter(({ entries }) => entries > 0);
  return { offset: taken[0]?.start as number, extents };
}

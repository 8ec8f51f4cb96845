/** Facts about the files and daxdevs of a pool, for the rules of kernels (docs/kernel-maps.md). */
import type { MapFacts, PoolDaxdev } from '../../format/kernel/facts.js';
import type { Log } from '../log/log.js';
import type { Replay } from '../log/replay.js';
import type { Members } from './members.js';

/** The part of the pool that is judged. */
interface Pool {
  readonly log: Log;
  readonly replay: Replay;
  readonly members: Members;
}

/** files to name for one that shares pages with many */
const MOST_NAMED = 4;

/**
 * The facts about the file of a log slot, as a function of the slot, with the revision given. Facts that all files share are
 * gathered once, and are one object for all files that share no pages.
 */
export function kernelFactsOf({ log, replay, members }: Pool, revision?: string): (slot: number) => MapFacts {
  const daxdevs = replay.daxdevs.map(({ index, size }): PoolDaxdev => {
    return { size, present: members.member(index).state === 'present' };
  });
  const sharing = slotsThatShare(replay);
  const common: MapFacts = { revision, daxdevs };
  return (slot) => {
    const others = sharing.get(slot);
    return others === undefined ? common : { ...common, sharedWith: others.map((other) => pathOf(log, other)) };
  };
}

/** For each slot whose file shares pages with others, the slots of the first few of those. */
function slotsThatShare({ daxdevs }: Replay): Map<number, number[]> {
  const sharing = new Map<number, number[]>();
  const add = (slot: number, other: number) => {
    const others = sharing.get(slot) ?? [];
    sharing.set(slot, others);
    if (slot !== other && others.length < MOST_NAMED && !others.includes(other)) others.push(other);
  };
  for (const { ledger } of daxdevs)
    ledger.overlaps((earlier, later) => {
      // claims of the superblock and the log have no slot
      if (earlier.owner < 0 || later.owner < 0) return;
      add(earlier.owner, later.owner);
      add(later.owner, earlier.owner);
    });
  return sharing;
}

function pathOf(log: Log, slot: number): string {
  const { entry } = log.readSlot(slot);
  return entry !== undefined && 'path' in entry ? entry.path : `log entry ${slot}`;
}

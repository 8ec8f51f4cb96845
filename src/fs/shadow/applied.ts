/** The entries of a log that took effect in its replay. */
import type { LogEntry } from '../../format/entries/entryTypes.js';
import { unreachable } from '../../format/unreachable.js';
import type { Replay } from '../log/replay.js';
import type { Volume } from '../pool/volume.js';

/** Reads the log again and calls `visit` with each entry that replay applied, in order. */
export function eachApplied({ log, replay }: Volume, visit: (entry: LogEntry, slot: number) => void): void {
  const slots = replay.namespace.slots();
  let next = 0;
  log.scan(0, replay.next, (slot, { entry }) => {
    while ((slots[next] ?? slot) < slot) next++;
    if (entry === undefined) return;
    // a look-up of the name would take longer than all else here
    const applied = entry.type === 'ADD_DAXDEV' ? slotThatApplied(entry, replay) : slots[next];
    if (applied === slot) visit(entry, slot);
  });
}

/** The slot of the entry that made the file, directory or daxdev that this entry names. */
export function slotThatApplied(entry: LogEntry, { namespace, daxdevs }: Replay): number | undefined {
  switch (entry.type) {
    case 'FILE':
    case 'MKDIR':
      return namespace.get(entry.path)?.slot;
    case 'ADD_DAXDEV':
      return daxdevs[entry.daxdev]?.slot;
    default:
      return unreachable(entry);
  }
}

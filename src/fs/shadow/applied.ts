/** The entries of a replayed log that took effect. */
import type { LogEntry } from '../../format/entries/logEntry.js';
import type { Volume } from '../pool/volume.js';

/** Reads the log once more and calls `visit` with each entry that replay applied, in order. */
export function eachApplied({ log, replay }: Volume, visit: (entry: LogEntry, slot: number) => void): void {
  log.scan(0, replay.next, (slot, { entry }) => {
    if (entry === undefined) return;
    const owner = entry.type === 'ADD_DAXDEV' ? replay.daxdevs[entry.daxdev] : replay.namespace.get(entry.path);
    if (owner?.slot === slot) visit(entry, slot);
  });
}

/** How the operations of log entries are printed. */

import type { LogEntry } from '../../format/entries/logEntry.js';
import { allocatedBytes } from '../../format/fmap.js';
import type { Replayed } from '../../fs/log/replay.js';
import type { ResultEvent, Style } from '../../ui/command.js';
import { octal } from '../../ui/units.js';

/** One operation for JSON. `mode` is octal text; sizes, offsets and lengths are bytes. */
export function operationData({ slot, entry, applied }: Replayed): object {
  if (entry === undefined) return { slot, type: null, applied };
  if (entry.type === 'ADD_DAXDEV') return { slot, applied, ...entry };
  return { slot, applied, ...entry, mode: octal(entry.mode) };
}

/** One operation as a line. */
export function operationLine({ slot, entry, applied }: Replayed, style: Style): string {
  const text = `${String(slot).padStart(6)}  ${entry === undefined ? 'unreadable' : describe(entry)}`;
  return applied ? text : style.red(`${text}  (skipped: run famfs fsck)`);
}

/** One operation that came while the log was followed. */
export function operationEvent(replayed: Replayed): ResultEvent {
  return { data: operationData(replayed), line: (style) => operationLine(replayed, style) };
}

function describe(entry: LogEntry): string {
  if (entry.type === 'ADD_DAXDEV')
    return `daxdev  index ${entry.daxdev} uuid ${entry.deviceUuid} size ${entry.deviceSize}`;
  const owner = `${octal(entry.mode)} ${entry.uid}:${entry.gid}`;
  if (entry.type === 'MKDIR') return `mkdir   ${owner} ${entry.path}`;
  const { fmap, size, path } = entry;
  const layout =
    fmap.layout === 'simple'
      ? `${fmap.extents.length} extents`
      : `${fmap.extents.length} strips of chunk ${fmap.chunkSize}`;
  return `creat   ${owner} ${path} size ${size} in ${layout}, ${allocatedBytes(fmap)} bytes`;
}

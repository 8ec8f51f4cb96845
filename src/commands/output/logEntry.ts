/** Log entries in JSON and text. */

import { counted } from '../../format/counted.js';
import type { LogEntry } from '../../format/entries/entryTypes.js';
import { allocatedBytes } from '../../format/fmap.js';
import type { Replayed } from '../../fs/log/replay.js';
import type { ResultEvent, Streamed, Style } from '../../ui/command.js';
import { octal } from '../../ui/units.js';
import { type FmapRow, fmapRow, type Unchecked } from './extent.js';

/** A log entry. Nothing has checked the values of one that is not applied. */
export type LogEntryRow = FileEntryRow | MkdirEntryRow | AddDaxdevEntryRow | UnreadableEntryRow;

interface EntryPlace {
  readonly slot: number;
  /** false: replay skips it, as it cannot be used */
  readonly applied: boolean;
}

interface Owned {
  /** relative to the root */
  readonly path: string;
  /** permission bits, octal: 0644 */
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
}

interface FileEntryRow extends EntryPlace, Owned, FmapRow<Unchecked> {
  readonly type: 'FILE';
  /** bytes */
  readonly size: Unchecked;
  readonly flags: number;
}

interface MkdirEntryRow extends EntryPlace, Owned {
  readonly type: 'MKDIR';
}

interface AddDaxdevEntryRow extends EntryPlace {
  readonly type: 'ADD_DAXDEV';
  /** index in the pool */
  readonly daxdev: number;
  readonly uuid: string;
  /** bytes */
  readonly size: Unchecked;
}

interface UnreadableEntryRow extends EntryPlace {
  readonly type: null;
}

export function logEntryRow({ slot, entry, applied }: Replayed): Streamed<LogEntryRow> {
  if (entry === undefined) return { slot, applied, type: null };
  if (entry.type === 'ADD_DAXDEV') {
    const { type, daxdev, deviceUuid, deviceSize } = entry;
    return { slot, applied, type, daxdev, uuid: deviceUuid, size: deviceSize };
  }
  const { path, uid, gid } = entry;
  const owned = { path, mode: octal(entry.mode), uid, gid };
  if (entry.type === 'MKDIR') return { slot, applied, type: 'MKDIR', ...owned };
  const { size, flags } = entry;
  return { slot, applied, type: 'FILE', ...owned, size, flags, ...fmapRow(entry) };
}

export function logEntryLine({ slot, entry, applied }: Replayed, style: Style): string {
  const text = `${String(slot).padStart(6)}  ${entry === undefined ? 'unreadable' : operationText(entry)}`;
  return applied ? text : style.red(`${text}  (skipped: run famfs fsck)`);
}

/** An entry that was appended while the log was followed. */
export function logEntryEvent(replayed: Replayed): ResultEvent {
  return { data: logEntryRow(replayed), line: (style) => logEntryLine(replayed, style) };
}

function operationText(entry: LogEntry): string {
  if (entry.type === 'ADD_DAXDEV') return `daxdev  ${entry.daxdev} uuid ${entry.deviceUuid} size ${entry.deviceSize}`;
  const owner = `${octal(entry.mode)} ${entry.uid}:${entry.gid}`;
  if (entry.type === 'MKDIR') return `mkdir   ${owner} ${entry.path}`;
  const { fmap, size, path } = entry;
  const { length } = fmap.extents;
  const layout =
    fmap.layout === 'simple' ? counted(length, 'extent') : `${counted(length, 'strip')} of chunk ${fmap.chunkSize}`;
  return `creat   ${owner} ${path} size ${size} in ${layout}, ${allocatedBytes(fmap)} bytes`;
}

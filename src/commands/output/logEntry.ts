/** Log entries in JSON and text. */

import { typeOf } from '../../format/entries/entryTypes.js';
import type { FileEntry } from '../../format/entries/file.js';
import type { MkdirEntry } from '../../format/entries/mkdir.js';
import { unreachable } from '../../format/unreachable.js';
import type { ReplayedEntry } from '../../fs/log/replay.js';
import type { ResultEvent, Streamed, Style } from '../../ui/command.js';
import { octal } from '../../ui/units.js';
import { type FmapRow, fmapRow, type Unchecked } from './extent.js';

/** A log entry. The values of one that is not applied are unchecked. */
export type LogEntryRow = FileEntryRow | MkdirEntryRow | AddDaxdevEntryRow | UnreadableEntryRow;

interface EntryPlace {
  readonly slot: number;
  /** false: it is unusable, and replay skips it */
  readonly applied: boolean;
}

interface NodeFields {
  /** relative to the root */
  readonly path: string;
  /** permission bits, octal: 0644 */
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
}

interface FileEntryRow extends EntryPlace, NodeFields, FmapRow<Unchecked> {
  readonly type: 'FILE';
  /** bytes */
  readonly size: Unchecked;
  readonly flags: number;
}

interface MkdirEntryRow extends EntryPlace, NodeFields {
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

export function logEntryRow({ slot, entry, applied }: ReplayedEntry): Streamed<LogEntryRow> {
  if (entry === undefined) return { slot, applied, type: null };
  switch (entry.type) {
    case 'FILE': {
      const { type, size, flags } = entry;
      return { slot, applied, type, ...owned(entry), size, flags, ...fmapRow(entry) };
    }
    case 'MKDIR':
      return { slot, applied, type: entry.type, ...owned(entry) };
    case 'ADD_DAXDEV': {
      const { type, daxdev, deviceUuid, deviceSize } = entry;
      return { slot, applied, type, daxdev, uuid: deviceUuid, size: deviceSize };
    }
    default:
      return unreachable(entry);
  }
}

function owned({ path, mode, uid, gid }: FileEntry | MkdirEntry): NodeFields {
  return { path, mode: octal(mode), uid, gid };
}

/** columns of a slot in text */
export const SLOT_WIDTH = 6;

export function logEntryLine({ slot, entry, applied }: ReplayedEntry, style: Style): string {
  const text = `${String(slot).padStart(SLOT_WIDTH)}  ${entry === undefined ? 'unreadable' : typeOf(entry).text(entry)}`;
  return applied ? text : style.red(`${text}  (skipped: run famfs fsck)`);
}

/** An entry that was appended while the log was followed. */
export function logEntryEvent(replayed: ReplayedEntry): ResultEvent {
  return { data: logEntryRow(replayed), line: (style) => logEntryLine(replayed, style) };
}

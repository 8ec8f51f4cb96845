/** Log entries, as a caller sees them. */
import type { LogEntry as Logged } from '../format/entries/entryTypes.js';
import { unreachable } from '../format/unreachable.js';
import type { ReplayedEntry } from '../fs/log/replay.js';
import { type FileMap, fileMapOf } from './fileMap.js';

/** What every entry has. */
export interface LogEntryPlace {
  /** number of the entry in the log, from 0 */
  readonly slot: number;
  /** false: it is unusable, and replay skips it; its values are unchecked then, and a number over 2^53-1 is Infinity */
  readonly applied: boolean;
}

/** Name and owner of what an entry makes. */
export interface LogEntryOwner {
  /** relative to the root */
  readonly path: string;
  /** permission bits: 0o644 */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** A file was made. */
export interface FileLogEntry extends LogEntryPlace, LogEntryOwner, FileMap {
  readonly type: 'FILE';
}

/** A directory was made. */
export interface MkdirLogEntry extends LogEntryPlace, LogEntryOwner {
  readonly type: 'MKDIR';
}

/** A daxdev joined the pool. */
export interface AddDaxdevLogEntry extends LogEntryPlace {
  readonly type: 'ADD_DAXDEV';
  /** index in the pool */
  readonly daxdev: number;
  readonly uuid: string;
  /** bytes */
  readonly size: number;
}

/** Nothing can be read from the slot. */
export interface UnreadableLogEntry extends LogEntryPlace {
  readonly type: null;
}

/** An entry of the log. A later minor version may add types; have a default case. */
export type LogEntry = FileLogEntry | MkdirLogEntry | AddDaxdevLogEntry | UnreadableLogEntry;

export function logEntryOf({ slot, entry, applied }: ReplayedEntry): LogEntry {
  return { slot, applied, ...fieldsOf(entry) };
}

type Fields = LogEntry extends infer E ? (E extends LogEntry ? Omit<E, keyof LogEntryPlace> : never) : never;

function fieldsOf(entry: Logged | undefined): Fields {
  if (entry === undefined) return { type: null };
  switch (entry.type) {
    case 'FILE': {
      const { type, mode, uid, gid } = entry;
      return { type, ...fileMapOf(entry), mode, uid, gid };
    }
    case 'MKDIR': {
      const { type, path, mode, uid, gid } = entry;
      return { type, path, mode, uid, gid };
    }
    case 'ADD_DAXDEV': {
      const { type, daxdev, deviceUuid: uuid, deviceSize: size } = entry;
      return { type, daxdev, uuid, size };
    }
    default:
      return unreachable(entry);
  }
}

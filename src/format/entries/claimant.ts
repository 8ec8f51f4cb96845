import { unreachable } from '../unreachable.js';
import type { LogEntry } from './entryTypes.js';
import type { FileEntry } from './file.js';

/** The file for which an entry claims space; undefined for an entry that claims none. */
export function claimant(entry: LogEntry): FileEntry | undefined {
  switch (entry.type) {
    case 'FILE':
      return entry;
    case 'MKDIR':
    case 'ADD_DAXDEV':
      return undefined;
    default:
      return unreachable(entry);
  }
}

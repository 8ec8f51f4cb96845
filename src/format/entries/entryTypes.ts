/**
 * Every entry type of the log. A new type is one file and a line here; the compiler then names each place that must handle it.
 */
import { addDaxdevType } from './addDaxdev.js';
import type { EntryType } from './entryType.js';
import { fileType } from './file.js';
import { mkdirType } from './mkdir.js';

export const ENTRY_TYPES = {
  FILE: fileType,
  MKDIR: mkdirType,
  ADD_DAXDEV: addDaxdevType,
} as const;

export type EntryTypeName = keyof typeof ENTRY_TYPES;

type EntryOf<Type> = Type extends EntryType<infer Entry> ? Entry : never;

/** An entry of any type, as an object. */
export type LogEntry = EntryOf<(typeof ENTRY_TYPES)[EntryTypeName]>;

/** The type of an entry. Pass only that entry to its functions. */
export function typeOf(entry: LogEntry): EntryType<LogEntry> {
  return ENTRY_TYPES[entry.type] as unknown as EntryType<LogEntry>;
}

const BY_CODE: readonly (EntryType<LogEntry> | undefined)[] = Object.values(ENTRY_TYPES).reduce(
  (types, type) => {
    types[type.code] = type as unknown as EntryType<LogEntry>;
    return types;
  },
  [] as (EntryType<LogEntry> | undefined)[],
);

/** The type with this number in the log, or undefined. */
export function typeOfCode(code: number): EntryType<LogEntry> | undefined {
  return BY_CODE[code];
}

/** All types, for messages: 0 (FILE), 1 (MKDIR) or 3 (ADD_DAXDEV). */
export function knownTypes(): string {
  const names = Object.entries(ENTRY_TYPES).map(([name, { code }]) => `${code} (${name})`);
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

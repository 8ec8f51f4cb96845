/** Listings of log entries: most as text that the addon makes of many at once. */
import type { EntryRecord } from '../../fs/log/entryRecord.js';
import { textOfEntries } from '../../fs/pool/entryText.js';
import type { ResultEvent, Streamed, Style } from '../../ui/command.js';
import { Indented } from '../../ui/json.js';
import { type LogEntryRow, logEntryEvent, logEntryLine, logEntryRow } from './logEntry.js';
import { manyEntryElements, manyEntryJsonLines, manyEntryLines } from './manyEntries.js';

/** Rows for the entries, or elements of a JSON array for many of them. */
export function* entryElements(record: EntryRecord, indented = false): Generator<Streamed<LogEntryRow> | Uint8Array> {
  for (const piece of textOfEntries(record, manyEntryElements(indented)))
    yield piece instanceof Uint8Array ? piece : logEntryRow(piece);
}

/** The same, to be written on several lines each. */
export function indentedEntries(record: EntryRecord): Indented<Streamed<LogEntryRow> | Uint8Array> {
  return new Indented({ [Symbol.iterator]: () => entryElements(record, true) });
}

/** The lines of the entries, and then one more. */
export function* entryLines(record: EntryRecord, style: Style, last: string): Generator<string | Uint8Array> {
  for (const piece of textOfEntries(record, manyEntryLines()))
    yield piece instanceof Uint8Array ? piece : logEntryLine(piece, style);
  yield last;
}

/** Events for the entries, or the text of many. */
export function* entryEvents(record: EntryRecord, json: boolean): Generator<ResultEvent | Uint8Array> {
  for (const piece of textOfEntries(record, json ? manyEntryJsonLines() : manyEntryLines()))
    yield piece instanceof Uint8Array ? piece : logEntryEvent(piece);
}

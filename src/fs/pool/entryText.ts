/** The text of many log entries, made by the addon straight from their columns. */
import type { FileEntry } from '../../format/entries/file.js';
import type { MkdirEntry } from '../../format/entries/mkdir.js';
import { EntryText } from '../../native/entryText.js';
import { APPLIED, NUMBERS_PER_APPLIED } from '../../native/logTable.js';
import { EntryRun } from '../log/entryColumns.js';
import type { EntryRecord } from '../log/entryRecord.js';
import type { FileInLog } from './fileBlock.js';
import { ofRecord, ofRow, type Part, TextTemplates } from './textTemplate.js';

/** Numbers of an entry for templates. */
export const OF_ENTRY = {
  slot: ofRecord(APPLIED.slot),
  flags: ofRecord(APPLIED.flags),
  mode: ofRecord(APPLIED.mode),
  uid: ofRecord(APPLIED.uid),
  gid: ofRecord(APPLIED.gid),
  size: ofRecord(APPLIED.size),
  chunkSize: ofRecord(APPLIED.chunkSize),
  extents: ofRecord(APPLIED.extents),
  /** bytes of all extents */
  allocated: ofRecord(NUMBERS_PER_APPLIED),
  slack: ofRecord(NUMBERS_PER_APPLIED + 1),
  /** bytes of one stripe */
  stripeSize: ofRecord(NUMBERS_PER_APPLIED + 2),
} as const;

/** Numbers of an extent, which is a row. */
export const OF_EXTENT = { daxdev: ofRow(0), deviceOffset: ofRow(1), length: ofRow(2) } as const;

/** Templates for the kinds of entries; those without one are passed over. */
export interface EntryTemplates {
  readonly directory?: readonly Part[];
  readonly simple: readonly Part[];
  readonly interleaved: readonly Part[];
}

/** How entries are printed many at a time. */
export interface ManyEntries {
  readonly templates: EntryTemplates;
  /** text between two entries */
  readonly between: string;
  /** whether a path that has this character can be printed as it is */
  isPlain(char: string): boolean;
}

/** An entry that took effect. */
export interface AppliedEntry {
  readonly slot: number;
  readonly entry: FileEntry | MkdirEntry;
  readonly applied: true;
}

/**
 * The text of entries that follow each other and that templates can print, in pieces of some size, each valid until the next is drawn;
 * everything else as it is.
 */
export function* textOfEntries<Other extends object>(
  pieces: Iterable<EntryRun | Other>,
  { templates: given, between, isPlain }: ManyEntries,
): Generator<Buffer | AppliedEntry | Other> {
  const templates = new TextTemplates<string>({ ...given }, { between, ...EntryText.SHAPE });
  const { directory, simple, interleaved } = templates.starts;
  const text = new EntryText(templates.programs, { directory, simple: simple!, interleaved: interleaved! }, isPlain);
  for (const piece of pieces) {
    if (!(piece instanceof EntryRun)) {
      yield piece;
      continue;
    }
    const { columns, from, end } = piece;
    for (let place = from; place.numbers < end; ) {
      const printed = text.print(columns.block, place, end);
      if (printed.text.length > 0) yield printed.text;
      place = printed.place;
      if (!printed.stopped) continue;
      yield { slot: columns.slot(place), entry: columns.entry(place), applied: true };
      place = columns.after(place);
    }
  }
}

/** The same of the files that were made; there is no template for directories. */
export function* textOfFiles(record: EntryRecord, many: ManyEntries): Generator<Uint8Array | FileInLog> {
  for (const piece of textOfEntries(record, many)) {
    if (piece instanceof Uint8Array) yield piece;
    else if (piece.applied && piece.entry?.type === 'FILE') yield { entry: piece.entry, slot: piece.slot };
  }
}

/** All files that were made, as objects. */
export function* filesOf(record: EntryRecord): Generator<FileInLog> {
  for (const piece of record) {
    if (piece instanceof EntryRun) yield* piece.files();
    else if (piece.applied && piece.entry?.type === 'FILE') yield { entry: piece.entry, slot: piece.slot };
  }
}

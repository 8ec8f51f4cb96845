/** The maps of files that were named, or of all files of a log: most of these as text that the addon makes of many at once. */
import { EntryRecord } from '../../fs/log/entryRecord.js';
import { filesOf, textOfFiles } from '../../fs/pool/entryText.js';
import type { FileInLog } from '../../fs/pool/fileBlock.js';
import type { Context, Style } from '../../ui/command.js';
import { PLAIN } from '../../ui/style.js';
import { borderedMaps, type FileMap, fileMap, plainMap } from './fmapTable.js';
import { manyMapElements, manyMapTables } from './manyMaps.js';

/** Named files, or what the entries of a log did. */
export type MappedFiles = readonly FileInLog[] | EntryRecord;

/** A row for each file, or elements of a JSON array for many. */
export function mapRows(files: MappedFiles): Iterable<FileMap | Uint8Array> {
  return files instanceof EntryRecord ? elements(files) : files.map(toMap);
}

function* elements(record: EntryRecord): Generator<FileMap | Uint8Array> {
  for (const piece of textOfFiles(record, manyMapElements())) yield piece instanceof Uint8Array ? piece : toMap(piece);
}

/** Tables, and a blank line between two; with borders where a terminal is given. */
export async function mapTables(
  files: MappedFiles,
  style: Style,
  terminal: Context | undefined,
): Promise<Iterable<string | Uint8Array>> {
  if (terminal !== undefined) return borderedMaps(terminal, style, Array.from(oneByOne(files), toMap));
  return plainTables(files, style);
}

function* plainTables(files: MappedFiles, style: Style): Generator<string | Uint8Array> {
  const fast = files instanceof EntryRecord && style === PLAIN;
  let isFirst = true;
  for (const piece of fast ? textOfFiles(files, manyMapTables()) : oneByOne(files)) {
    if (!isFirst) yield '';
    isFirst = false;
    if (piece instanceof Uint8Array) yield piece;
    else yield* plainMap(style, toMap(piece));
  }
}

function oneByOne(files: MappedFiles): Iterable<FileInLog> {
  return files instanceof EntryRecord ? filesOf(files) : files;
}

function toMap({ entry }: FileInLog): FileMap {
  return fileMap(entry);
}

/** Listings of many files: text that the addon makes for most of them, and what the form prints of a single file for the rest. */
import { FileBlock, type FileInLog } from '../../fs/pool/fileBlock.js';
import { type ManyFiles, textOfMany } from '../../fs/pool/fileText.js';
import type { Style } from '../../ui/command.js';
import { PLAIN } from '../../ui/style.js';

/** Files that were named, in an array, or all files of a file system, to be read as they are drawn. */
export type Files = readonly FileInLog[] | Iterable<FileBlock | FileInLog>;

/**
 * A row for each file, or elements of a JSON array for many. An array stays an array, so that it is complete before the file
 * system is closed.
 */
export function rowsOf<Row, Name extends string>(
  files: Files,
  many: (() => ManyFiles<Name>) | undefined,
  toRow: (file: FileInLog) => Row,
): Iterable<Row | Uint8Array> {
  if (isArray(files)) return files.map(toRow);
  return many === undefined ? lazily(oneByOne(files), toRow) : elements(files, many(), toRow);
}

function* elements<Row, Name extends string>(
  files: Iterable<FileBlock | FileInLog>,
  many: ManyFiles<Name>,
  toRow: (file: FileInLog) => Row,
): Generator<Row | Uint8Array> {
  for (const piece of textOfMany(files, many)) yield piece instanceof Uint8Array ? piece : toRow(piece);
}

/**
 * The lines of all files.
 * @param many for text without colour
 */
export function* linesOf<Name extends string>(
  files: Files,
  style: Style,
  many: (() => ManyFiles<Name>) | undefined,
  toLines: (file: FileInLog) => Iterable<string>,
): Generator<string | Uint8Array> {
  const fast = many !== undefined && style === PLAIN && !isArray(files);
  for (const piece of fast ? textOfMany(files, many()) : oneByOne(files)) {
    if (piece instanceof Uint8Array) yield piece;
    // faster than yield*
    else for (const line of toLines(piece)) yield line;
  }
}

/** The files of blocks as objects. */
export function* oneByOne(files: Files): Generator<FileInLog> {
  for (const block of files)
    if (block instanceof FileBlock) for (let i = 0; i < block.count; i++) yield block.file(i);
    else yield block;
}

function* lazily<T, Row>(items: Iterable<T>, toRow: (item: T) => Row): Generator<Row> {
  for (const item of items) yield toRow(item);
}

function isArray(files: Files): files is readonly FileInLog[] {
  return Array.isArray(files);
}

/** Lists of pieces of daxdevs, as resolve and showfmap print them. */
import type { Piece } from '../../format/fmap.js';
import type { Context, Style } from '../../ui/command.js';
import { type Column, table } from '../../ui/table.js';
import { hex } from '../../ui/units.js';
import { numberTable } from './numberTable.js';

/** Rows that are computed again for each pass, so that a long list is never in memory. */
export function again<T, Row>(make: () => Iterable<T>, toRow: (item: T) => Row): Iterable<Row> {
  return {
    *[Symbol.iterator]() {
      for (const item of make()) yield toRow(item);
    },
  };
}

/** A piece as it is printed. Offsets and lengths in bytes. */
export interface PieceRow {
  readonly daxdev: number;
  readonly deviceOffset: number;
  readonly length: number;
  readonly fileOffset: number;
}

export function pieceRow({ daxdev, deviceOffset, length, fileOffset }: Piece): PieceRow {
  return { daxdev, deviceOffset, length, fileOffset };
}

const PIECE_COLUMNS: readonly Column<PieceRow>[] = [
  { key: 'daxdev', label: 'daxdev', align: 'right' },
  { key: 'deviceOffset', label: 'device offset', align: 'right', format: hex },
  { key: 'length', label: 'length', align: 'right', format: hex },
  { key: 'fileOffset', label: 'file offset', align: 'right', format: hex },
];

export const PIECE_LABELS = PIECE_COLUMNS.map(({ label }) => label);

/** The pieces as a table. */
export async function renderPieces(
  context: Context,
  style: Style,
  pieces: Iterable<PieceRow>,
): Promise<Iterable<string>> {
  return table(context, style, PIECE_COLUMNS, pieces);
}

/** pieces of a file to keep in memory; those of a file with more are computed again for each pass */
const MOST_KEPT = 1000;

/** The same without borders, for many files. */
export function pieceLines(style: Style, pieces: Iterable<PieceRow>): Iterable<string> {
  const first = firstOf(pieces, MOST_KEPT);
  const rows = first.length < MOST_KEPT ? first.map(pieceTexts) : again(() => pieces, pieceTexts);
  return numberTable(style, PIECE_LABELS, rows);
}

function pieceTexts({ daxdev, deviceOffset, length, fileOffset }: PieceRow): string[] {
  return [String(daxdev), hex(deviceOffset), hex(length), hex(fileOffset)];
}

function firstOf<T>(items: Iterable<T>, count: number): T[] {
  const first: T[] = [];
  for (const item of items) if (first.push(item) === count) break;
  return first;
}

import type { FileEntry } from '../format/entries/file.js';
import { joinPieces, resolveRange } from '../format/fmap.js';
import { planWindow, type WindowOperation } from '../fs/allocate/daxWindow.js';
import { FamfsError } from '../fs/errors.js';
import { findFile } from '../fs/log/findNode.js';
import { defineCommand, type Result } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { type Column, table } from '../ui/table.js';
import { hex } from '../ui/units.js';
import { deviceOptions, withVolume } from './options/device.js';
import { again, type PieceRow, pieceRow, renderPieces } from './output/piece.js';

const PAGE = 4096;

/** With --window: the operations that map the range; otherwise its pieces. */
export type ResolveDocument = (FileRange & Pieces) | (FileRange & Mappings);

interface FileRange {
  /** relative to the root */
  readonly path: string;
  /** bytes of the file */
  readonly size: number;
  /** start of the range, bytes from the start of the file */
  readonly fileOffset: number;
  /** bytes of the range */
  readonly length: number;
}

interface Pieces {
  /** in file order; adjacent pieces on one daxdev are joined */
  readonly pieces: readonly PieceRow[];
}

interface Mappings {
  /** bytes of the DAX window */
  readonly window: number;
  /** bytes that are mapped at once */
  readonly granularity: number;
  readonly operations: readonly (SetupRow | RemoveRow)[];
}

/** SETUPMAPPING */
interface SetupRow extends PieceRow {
  readonly operation: 'setup';
  /** bytes from the start of the window */
  readonly windowOffset: number;
}

/** REMOVEMAPPING */
interface RemoveRow {
  readonly operation: 'remove';
  /** bytes from the start of the window */
  readonly windowOffset: number;
  /** bytes */
  readonly length: number;
}

export const command = defineCommand({
  name: 'resolve',
  group: 'Kernel',
  summary: 'print where a range of a file lies',
  details: [
    'Prints, in file order, the pieces of daxdevs that hold a range of a file, as the mapping operations of FUSE need them. ' +
      'Adjacent pieces on one daxdev are joined.',
    'With --window, prints the operations that map the range through a DAX window of this size, piece by piece: ' +
      'SETUPMAPPING, and REMOVEMAPPING of the oldest granule when the window is full. The range is first widened to whole ' +
      'granules.',
  ],
  examples: [
    { command: 'famfs resolve data/weights --offset 1G --length 16M', explains: 'where 16 MiB of a file lie' },
    { command: 'famfs resolve data/weights --window 64M', explains: 'the whole file through a window of 64 MiB' },
  ],
  args: [{ name: 'FILE', summary: 'path in the file system', completes: 'path', required: true }],
  options: {
    offset: { type: 'size', short: 'o', value: 'BYTES', default: 0, summary: 'start of the range in the file' },
    length: {
      type: 'size',
      short: 'l',
      value: 'BYTES',
      min: 1,
      summary: 'length of the range; the default is the rest of the file',
    },
    window: {
      type: 'size',
      value: 'SIZE',
      min: PAGE,
      summary: 'size of the DAX window through which the range is mapped',
    },
    granularity: {
      type: 'size',
      value: 'SIZE',
      min: PAGE,
      summary: 'with --window: size of a granule, which is mapped at once; a power of two, by default 2M',
    },
    ...deviceOptions,
  },
  seeAlso: ['whois', 'showfmap'],
  async run(context, [path = ''], { offset, length, window, granularity, dev }): Promise<Result<ResolveDocument>> {
    if (window === undefined && granularity !== undefined)
      throw new UsageError('--granularity is for --window', 'give --window too');
    const layout = window === undefined ? undefined : { size: window, granularity: granularity ?? 0x200000 };
    if (layout !== undefined) checkWindow(layout.size, layout.granularity);
    const entry = await withVolume(
      context,
      dev,
      (volume) => volume.fileEntry(findFile(volume.replay.namespace, path)),
      [path],
    );
    const range = rangeOf(entry, offset, length);
    const head = { path: entry.path, size: entry.size, fileOffset: range.offset, length: range.length };
    if (layout === undefined) {
      const pieces = again(() => joinPieces(resolveRange(entry.fmap, range.offset, range.length)), pieceRow);
      return { data: { ...head, pieces }, text: (style) => renderPieces(context, style, pieces) };
    }
    const operations = again(() => planWindow(entry.fmap, range.offset, range.length, layout), operationRow);
    return {
      data: { ...head, window: layout.size, granularity: layout.granularity, operations },
      text: (style) => table<ShownOperation>(context, style, OPERATION_COLUMNS, operations),
    };
  },
});

function checkWindow(size: number, granularity: number): void {
  if (!Number.isInteger(Math.log2(granularity)))
    throw new UsageError(`--granularity: ${granularity} is not a power of two`, 'give a power of two from 4096');
  if (size % granularity !== 0)
    throw new UsageError(
      `--window: ${size} is not a multiple of the granularity ${granularity}`,
      'give whole granules',
    );
}

function rangeOf(
  { path, size }: FileEntry,
  offset: number,
  given: number | undefined,
): { offset: number; length: number } {
  const length = given ?? size - offset;
  if (offset < size && length <= size - offset) return { offset, length };
  const range = given === undefined ? `offset ${offset}` : `${given} bytes at offset ${offset}`;
  throw new FamfsError('BAD_RANGE', `${path}: no ${range} in its ${size} bytes`, {
    details: { path, size, offset, length: given },
  });
}

type OperationRow = RemoveRow | SetupRow;

function operationRow(operation: WindowOperation): OperationRow {
  const { windowOffset, length } = operation;
  if (operation.operation === 'remove') return { operation: 'remove', windowOffset, length };
  return { operation: 'setup', windowOffset, ...pieceRow(operation) };
}

const optionalHex = (value: number | undefined) => (value === undefined ? '' : hex(value));

type ShownOperation = Omit<RemoveRow, 'operation'> &
  Partial<Omit<SetupRow, 'operation'>> &
  Pick<OperationRow, 'operation'>;

const OPERATION_COLUMNS: readonly Column<ShownOperation>[] = [
  { key: 'operation', label: 'operation' },
  { key: 'windowOffset', label: 'window offset', align: 'right', format: hex },
  { key: 'length', label: 'length', align: 'right', format: hex },
  { key: 'fileOffset', label: 'file offset', align: 'right', format: optionalHex },
  { key: 'daxdev', label: 'daxdev', align: 'right' },
  { key: 'deviceOffset', label: 'device offset', align: 'right', format: optionalHex },
];

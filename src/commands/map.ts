import { counted } from '../format/counted.js';
import type { FileEntry } from '../format/entries/file.js';
import { findFile } from '../fs/log/findNode.js';
import type { Volume } from '../fs/pool/volume.js';
import { cellLength } from '../fs/usage/cells.js';
import { holeClasses } from '../fs/usage/holeSizes.js';
import { usageOf } from '../fs/usage/usage.js';
import { defineCommand, type Result, type Streamed, type Style } from '../ui/command.js';
import { humanBytes } from '../ui/units.js';
import { deviceArgument, deviceOptions, withVolume } from './options/device.js';
import { type FmapRow, fmapRow } from './output/extent.js';
import { type MappedDaxdevRow, mappedDaxdevRow } from './picture/cellRow.js';
import { cellsPerRow, holeBars, mapRows } from './picture/terminal.js';

const WIDEST = 10_000;

export interface MapDocument {
  readonly fsUuid: string;
  /** bytes of a cell: the largest daxdev has as many as fit the width */
  readonly cellLength: number;
  /** the file of --file; null without */
  readonly file: MarkedFile | null;
  readonly daxdevs: readonly MappedDaxdevRow[];
  /** holes of all daxdevs by their length, ascending; classes that are empty at both ends are left out */
  readonly holes: readonly HoleRow[];
}

interface MarkedFile extends FmapRow {
  /** relative to the root */
  readonly path: string;
  /** bytes */
  readonly size: number;
}

interface HoleRow {
  /** bytes, a power of two: the holes are at least as long */
  readonly least: number;
  /** bytes: the holes are shorter */
  readonly below: number;
  readonly count: number;
  /** bytes of all these holes */
  readonly bytes: number;
}

export const command = defineCommand({
  name: 'map',
  group: 'Look',
  summary: 'draw where files and holes lie on the daxdevs',
  details: [
    'Draws one row for each daxdev, to scale: the largest fills the width. Each character is a cell of as many bytes as the ' +
      'last line says: superblock and log, files, partly free, or free. The percentage is of the space for files. Below, ' +
      'a histogram counts the holes by size, which tells how long a strip or a simple file can still be.',
    'With --file, the cells of that file show the number of its extent or strip in hex, in the order of its bytes.',
    'With --json, each cell says how many of its bytes are used for what.',
  ],
  examples: [
    { command: 'famfs map', explains: 'the pool as it is' },
    { command: 'famfs map --file data/weights', explains: 'where the strips of a file lie' },
  ],
  args: [deviceArgument],
  options: {
    file: { type: 'string', value: 'FILE', summary: 'show where the extents of this file lie' },
    width: {
      type: 'integer',
      value: 'N',
      min: 20,
      max: WIDEST,
      summary: 'columns to draw in, in place of those of the terminal (80 without one)',
    },
    ...deviceOptions,
  },
  seeAlso: ['df', 'showfmap', 'whois'],
  async run(context, devices, { file, width, dev }): Promise<Result<MapDocument>> {
    const draw = (volume: Volume) => {
      const entry = file === undefined ? undefined : fileNamed(volume, file);
      const cells = cellsPerRow(context, width, volume.replay.daxdevs.length);
      return mapOf(volume, cells, entry);
    };
    const data = await withVolume(context, [...devices, ...dev], draw, file === undefined ? [] : [file]);
    return { data: { ...data, daxdevs: data.daxdevs.map(withCellsByLine) }, text: (style) => mapLines(style, data) };
  },
});

/** With cells that JSON writes a line each: there are hundreds. */
function withCellsByLine(row: MappedDaxdevRow): Streamed<MappedDaxdevRow> {
  return { ...row, cells: row.cells.values() };
}

function fileNamed(volume: Volume, path: string): FileEntry {
  return volume.fileEntry(findFile(volume.replay.namespace, path));
}

function mapOf(volume: Volume, cells: number, file: FileEntry | undefined): MapDocument {
  const usage = usageOf(volume);
  const length = cellLength(usage, cells);
  return {
    fsUuid: volume.superblock.fsUuid,
    cellLength: length,
    file: file === undefined ? null : { path: file.path, size: file.size, ...fmapRow(file) },
    daxdevs: usage.map((daxdev) =>
      mappedDaxdevRow(volume.members.member(daxdev.index), daxdev, length, file?.fmap.extents ?? []),
    ),
    holes: holeClasses(usage.flatMap(({ holes }) => holes)),
  };
}

function* mapLines(style: Style, { daxdevs, cellLength, file, holes }: MapDocument): Generator<string> {
  yield* mapRows(style, daxdevs, cellLength, file?.path);
  const total = (key: 'files' | 'free' | 'shared') => daxdevs.reduce((sum, row) => sum + row[key], 0);
  const count = holes.reduce((sum, row) => sum + row.count, 0);
  yield `${humanBytes(total('files'))} used, ${humanBytes(total('free'))} free in ${counted(count, 'hole')}`;
  if (total('shared') > 0) yield style.red(`${total('shared')} bytes belong to more than one file: run famfs fsck`);
  yield* holeBars(style, holes);
}

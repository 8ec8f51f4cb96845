import { counted } from '../format/counted.js';
import type { FileEntry } from '../format/entries/file.js';
import { findFile } from '../fs/log/findNode.js';
import type { FileInLog, Volume } from '../fs/pool/volume.js';
import { cellLength } from '../fs/usage/cells.js';
import { holeClasses } from '../fs/usage/holeSizes.js';
import { type DaxdevUsage, usageOf } from '../fs/usage/usage.js';
import { type Context, defineCommand, type Result, type Streamed, type Style } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { humanBytes } from '../ui/units.js';
import { deviceArgument, deviceOptions, withVolume } from './options/device.js';
import { type FmapRow, fmapRow } from './output/extent.js';
import type { HoleSizeRow } from './output/hole.js';
import { type MappedDaxdevRow, mappedDaxdevRow } from './picture/cellRow.js';
import { cellsPerRow, holeBars, mapRows } from './picture/terminal.js';

const WIDEST = 10_000;

export interface MapDocument {
  readonly fsUuid: string;
  /** bytes of a cell: the cells of the largest daxdev fit the width */
  readonly cellLength: number;
  /** the file of --file; null without */
  readonly file: MarkedFile | null;
  readonly daxdevs: readonly MappedDaxdevRow[];
  /** holes of all daxdevs by their length, ascending; classes that are empty at both ends are left out */
  readonly holes: readonly HoleSizeRow[];
  /** written for --svg and --html */
  readonly pictures: readonly PictureRow[];
}

interface PictureRow {
  /** as named */
  readonly path: string;
  readonly format: PictureFormat;
  /** bytes */
  readonly size: number;
}

type PictureFormat = 'svg' | 'html';

interface MarkedFile extends FmapRow {
  /** relative to the root */
  readonly path: string;
  /** bytes */
  readonly size: number;
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
    'With --svg or --html, the map becomes a picture and is not printed. The page of --html needs no network and no other file: ' +
      'it shows each strip, finds paths and addresses, zooms from the pool to an allocation unit, and goes back through the log. ' +
      'Names of files are shown in it, so treat it as you treat them.',
    'With --json, each cell says how many of its bytes are used for what.',
  ],
  examples: [
    { command: 'famfs map', explains: 'the pool as it is' },
    { command: 'famfs map --file data/weights', explains: 'where the strips of a file lie' },
    { command: 'famfs map --html pool.html', explains: 'a page to look around in' },
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
    svg: { type: 'string', value: 'PATH', summary: 'write the map to PATH on this host, as an SVG image' },
    html: { type: 'string', value: 'PATH', summary: 'write the map to PATH on this host, as a page for browsers' },
    force: { type: 'boolean', summary: 'replace the files of --svg and --html' },
    ...deviceOptions,
  },
  seeAlso: ['df', 'showfmap', 'whois'],
  async run(context, devices, { file, width, svg, html, force = false, dev }): Promise<Result<MapDocument>> {
    if (force && svg === undefined && html === undefined)
      throw new UsageError('--force is for --svg and --html', 'name a file with one of them');
    if (svg !== undefined && svg === html)
      throw new UsageError('--svg and --html name the same file', 'name two files');
    const named: Named = { svg, html, force };
    const draw = async (volume: Volume) => {
      const entry = file === undefined ? undefined : fileNamed(volume, file);
      const sketches = await sketchesFor(context, volume, named);
      const usage = usageOf(volume, (one) => {
        for (const { builder } of sketches) builder.add(one);
      });
      const pictures = sketches.map((sketch) => sketch.write(usage));
      return { ...mapOf(volume, usage, cellsPerRow(context, width, usage.length), entry), pictures };
    };
    const data = await withVolume(context, [...devices, ...dev], draw, file === undefined ? [] : [file]);
    return { data: { ...data, daxdevs: data.daxdevs.map(withCellsByLine) }, text: (style) => mapLines(style, data) };
  },
});

interface Named {
  readonly svg: string | undefined;
  readonly html: string | undefined;
  readonly force: boolean;
}

/** Collects what a picture shows, file by file; `finish` returns its text. */
interface Builder {
  add(file: FileInLog): void;
  finish(volume: Volume, usage: readonly DaxdevUsage[]): string;
}

/** A picture that is being made. */
interface Sketch {
  readonly builder: Builder;
  /** draws and writes the picture */
  write(usage: readonly DaxdevUsage[]): PictureRow;
}

/** The requested pictures; the code that makes them is loaded only for them. */
async function sketchesFor(context: Context, volume: Volume, { svg, html, force }: Named): Promise<Sketch[]> {
  if (svg === undefined && html === undefined) return [];
  const { pictureTarget, writePicture } = await import('./picture/target.js');
  const sketch = (format: PictureFormat, path: string, builder: Builder): Sketch => {
    const target = pictureTarget(context, volume, path, force);
    const write = (usage: readonly DaxdevUsage[]) => {
      return { path, format, size: writePicture(target, builder.finish(volume, usage)) };
    };
    return { builder, write };
  };
  const sketches: Sketch[] = [];
  if (svg !== undefined) sketches.push(sketch('svg', svg, new (await import('./picture/svg.js')).SvgBuilder()));
  if (html !== undefined) sketches.push(sketch('html', html, new (await import('./picture/page.js')).PageBuilder()));
  return sketches;
}

/** With cells that JSON writes a line each: there are hundreds. */
function withCellsByLine(row: MappedDaxdevRow): Streamed<MappedDaxdevRow> {
  return { ...row, cells: row.cells.values() };
}

function fileNamed(volume: Volume, path: string): FileEntry {
  return volume.fileEntry(findFile(volume.replay.namespace, path));
}

function mapOf(
  volume: Volume,
  usage: readonly DaxdevUsage[],
  cells: number,
  file: FileEntry | undefined,
): Omit<MapDocument, 'pictures'> {
  const length = cellLength(usage, cells, volume.superblock.allocationUnit);
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

function* mapLines(style: Style, { daxdevs, cellLength, file, holes, pictures }: MapDocument): Generator<string> {
  for (const { path, size } of pictures) yield `${path}: ${humanBytes(size)} written`;
  if (pictures.length > 0) return;
  yield* mapRows(style, daxdevs, cellLength, file?.path);
  const total = (key: 'files' | 'free' | 'shared') => daxdevs.reduce((sum, row) => sum + row[key], 0);
  const count = holes.reduce((sum, row) => sum + row.count, 0);
  yield `${humanBytes(total('files'))} used, ${humanBytes(total('free'))} free in ${counted(count, 'hole')}`;
  if (total('shared') > 0) yield style.red(`${total('shared')} bytes belong to more than one file: run famfs fsck`);
  yield* holeBars(style, holes);
}

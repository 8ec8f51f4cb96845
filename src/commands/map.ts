import { counted } from '../format/counted.js';
import type { FileEntry } from '../format/entries/file.js';
import { findFile } from '../fs/log/findNode.js';
import type { Volume } from '../fs/pool/volume.js';
import { cellLength } from '../fs/usage/cells.js';
import { holeClasses } from '../fs/usage/holeSizes.js';
import type { PoisonCheck } from '../fs/usage/poison.js';
import { type DaxdevUsage, usageOf } from '../fs/usage/usage.js';
import { type Context, defineCommand, type Result, type Streamed, type Style } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { humanBytes } from '../ui/units.js';
import { atOption } from './options/at.js';
import { deviceArgument, deviceOptions, withVolume } from './options/device.js';
import { dryRunOption } from './options/dryRun.js';
import { policyOf } from './options/layout.js';
import { runsOf } from './options/runs.js';
import { type FmapRow, fmapRow } from './output/extent.js';
import type { HoleSizeRow } from './output/hole.js';
import { type MappedDaxdevRow, mappedDaxdevRow } from './picture/cellRow.js';
import { type PoisonRow, poisonLines, poisonRow } from './picture/poison.js';
import { type PictureRow, type PolicyBalance, sketchesFor } from './picture/sketches.js';
import { cellsPerRow, holeBars, mapRows } from './picture/terminal.js';
import { poisonOf, poisonOptions, refuseIdleThreads } from './transfer/poisonCheck.js';

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
  /** what --check-poison has found; null without it */
  readonly poison: PoisonRow | null;
  /** of --svg and --html */
  readonly pictures: readonly PictureRow[];
}

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
    'Draws one row for each daxdev, to scale: the largest fills the width. Each character is a cell, whose size is in the ' +
      'last line: superblock and log, files, partly free, or free. The percentage is of the space for files. Below, ' +
      'a histogram counts the holes by size, which shows how long a new strip or simple file can be.',
    'With --file, the cells of that file show the number of its extent or strip in hex, in the order of its bytes.',
    'With --svg or --html, the map becomes a picture and is not printed. The page of --html needs no network and no other file: ' +
      'it shows each strip, finds paths and addresses, zooms from the pool to an allocation unit, and goes back through the log. ' +
      'It shows the names of files, so treat it as confidentially as these.',
    'With --check-poison, reads the memory, which takes time, and marks cells with memory that cannot be read by an X. --json lists ' +
      'such ranges. The exit code stays 0.',
    'With --json, each cell says how many of its bytes are used for what.',
  ],
  examples: [
    { command: 'famfs map', explains: 'the whole pool' },
    { command: 'famfs map --file data/weights', explains: 'where the strips of a file lie' },
    { command: 'famfs map --html pool.html', explains: 'a page to explore' },
    { command: 'famfs map --check-poison files', explains: 'find unreadable memory in files' },
  ],
  args: [deviceArgument],
  options: {
    file: { type: 'string', value: 'FILE', completes: 'path', summary: 'show where the extents of this file lie' },
    width: {
      type: 'integer',
      value: 'N',
      min: 20,
      max: WIDEST,
      summary: 'columns to draw in, instead of those of the terminal (80 without one)',
    },
    svg: { type: 'string', value: 'PATH', summary: 'write the map to PATH on this host, as an SVG image' },
    html: { type: 'string', value: 'PATH', summary: 'write the map to PATH on this host, as a page for browsers' },
    force: { type: 'boolean', summary: 'replace the files of --svg and --html' },
    ...dryRunOption,
    ...poisonOptions,
    ...atOption,
    ...deviceOptions,
  },
  seeAlso: ['df', 'showfmap', 'whois'],
  async run(context, devices, options): Promise<Result<MapDocument>> {
    const { file, width, svg, html, force = false, dryRun = false, checkPoison: scope, threads, at, dev } = options;
    if (force && svg === undefined && html === undefined)
      throw new UsageError('--force is for --svg and --html', 'name a file with one of them');
    if (dryRun && svg === undefined && html === undefined)
      throw new UsageError('--dry-run is for --svg and --html', 'leave it out: nothing else is written');
    if (svg !== undefined && svg === html)
      throw new UsageError('--svg and --html name the same file', 'name two files');
    if (width !== undefined && !context.json && (svg ?? html) !== undefined)
      throw new UsageError(
        '--width is for the picture in characters, and --svg and --html write others',
        'leave it out',
      );
    refuseIdleThreads(scope, threads);
    const draw = async (volume: Volume): Promise<MapDocument> => {
      const entry = file === undefined ? undefined : fileNamed(volume, file);
      const sketches = await sketchesFor(context, volume, { svg, html, force, dryRun });
      const usage = usageOf(volume, (one) => {
        for (const { builder } of sketches) builder.add(one);
      });
      const poison = scope && (await poisonOf(context, volume, usage, scope, threads));
      const balance = html === undefined ? undefined : await configuredBalance(context, volume);
      const pictures = sketches.map((sketch) => sketch.write({ usage, poison, balance }));
      return {
        ...mapOf(volume, usage, cellsPerRow(context, width, usage.length), entry, poison),
        poison: poison === undefined ? null : poisonRow(volume, poison),
        pictures,
      };
    };
    const data = await withVolume(context, [...devices, ...dev], draw, file === undefined ? [] : [file], at);
    return { data: { ...data, daxdevs: data.daxdevs.map(withCellsByLine) }, text: (style) => mapLines(style, data) };
  },
});

/** How evenly the configured policy would fill the pool; the code is loaded only for a page. */
async function configuredBalance(context: Context, volume: Volume): Promise<PolicyBalance> {
  const { balanceOf } = await import('../fs/usage/balance.js');
  const policy = policyOf(context);
  return { policy, ...(await balanceOf(volume, policy, runsOf(undefined, policy), context.signal)) };
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
  poison: PoisonCheck | undefined,
): Omit<MapDocument, 'poison' | 'pictures'> {
  const length = cellLength(usage, cells, volume.superblock.allocationUnit);
  return {
    fsUuid: volume.superblock.fsUuid,
    cellLength: length,
    file: file === undefined ? null : { path: file.path, size: file.size, ...fmapRow(file) },
    daxdevs: usage.map((daxdev) =>
      mappedDaxdevRow(
        volume.members.member(daxdev.index),
        daxdev,
        length,
        file?.fmap.extents ?? [],
        poison?.ranges[daxdev.index] ?? [],
      ),
    ),
    holes: holeClasses(usage.flatMap(({ holes }) => holes)),
  };
}

function* mapLines(style: Style, data: MapDocument): Generator<string> {
  const { poison, pictures } = data;
  for (const { path, size, written } of pictures)
    yield `${path}: ${humanBytes(size)} ${written ? 'written' : 'would be written'}`;
  if (pictures.length === 0) yield* drawnLines(style, data);
  if (poison !== null) yield* poisonLines(style, poison);
}

function* drawnLines(style: Style, { daxdevs, cellLength, file, holes }: MapDocument): Generator<string> {
  yield* mapRows(style, daxdevs, cellLength, file?.path);
  const total = (key: 'files' | 'free' | 'shared') => daxdevs.reduce((sum, row) => sum + row[key], 0);
  const count = holes.reduce((sum, row) => sum + row.count, 0);
  yield `${humanBytes(total('files'))} used, ${humanBytes(total('free'))} free in ${counted(count, 'hole')}`;
  if (total('shared') > 0) yield style.red(`${total('shared')} bytes belong to more than one file: run famfs fsck`);
  yield* holeBars(style, holes);
}

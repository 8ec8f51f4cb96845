import { FreeSpace } from '../fs/allocate/freeSpace.js';
import { memberSpaces } from '../fs/allocate/memberSpace.js';
import type { Volume } from '../fs/pool/volume.js';
import { holeClasses } from '../fs/usage/holeSizes.js';
import { defineCommand, type Result } from '../ui/command.js';
import { table } from '../ui/table.js';
import { humanBytes } from '../ui/units.js';
import { atOption } from './options/at.js';
import { deviceArgument, deviceOptions, withVolume } from './options/device.js';
import { type FreeExtentRow, freeExtentColumns, type HoleSizeRow } from './output/hole.js';
import { byteColumns, indexColumn, type MemberRow, memberRow, pathColumn, stateColumn } from './output/member.js';
import { holeBars } from './picture/terminal.js';

export interface DfDocument {
  /** bytes for files on all daxdevs */
  readonly capacity: number;
  /** bytes */
  readonly used: number;
  /** bytes */
  readonly free: number;
  /** bytes, on any one daxdev */
  readonly largestHole: number;
  readonly files: number;
  /** sum of the sizes of the files, bytes */
  readonly fileBytes: number;
  readonly daxdevs: readonly MemberRow[];
  /** with --holes; null without */
  readonly holes: HolesRow | null;
}

interface HolesRow {
  /** by daxdev and offset */
  readonly extents: readonly FreeExtentRow[];
  /** the same holes by length, ascending; classes that are empty at both ends are left out */
  readonly sizes: readonly HoleSizeRow[];
}

export const command = defineCommand({
  name: 'df',
  group: 'Look',
  summary: 'print space used and free',
  details: [
    'Capacity is the space for files: the device without superblock, log and a last part shorter than an allocation ' +
      'unit. A simple file needs one hole of its size, and each strip of an interleaved file a hole of its own.',
    'With --holes, lists every free extent too, and counts them by size.',
  ],
  examples: [{ command: 'famfs df -h', explains: 'with readable units' }],
  args: [deviceArgument],
  options: {
    human: { type: 'boolean', short: 'h', long: 'human-readable', summary: 'sizes as 1.5G' },
    holes: { type: 'boolean', summary: 'list the free extents too, and count them by size' },
    ...atOption,
    ...deviceOptions,
  },
  seeAlso: ['du', 'info', 'map', 'showfmap'],
  async run(context, devices, { human = false, holes: wanted, at, dev }): Promise<Result<DfDocument>> {
    const measure = (volume: Volume) => ({ ...spaceOf(volume), holes: wanted ? holesOf(volume) : null });
    const { rows, files, fileBytes, holes } = await withVolume(context, [...devices, ...dev], measure, [], at);
    const total = (key: 'capacity' | 'used' | 'free') => rows.reduce((sum, row) => sum + row[key], 0);
    const largestHole = rows.reduce((most, row) => Math.max(most, row.largestHole), 0);
    const sum = { capacity: total('capacity'), used: total('used'), free: total('free'), largestHole };
    const show = human ? humanBytes : String;
    const columns = [indexColumn, ...byteColumns(['capacity', 'used', 'free', 'largestHole'], human)];
    // one daxdev is where it was said to be
    if (rows.length > 1) columns.push(stateColumn, pathColumn);
    return {
      data: { ...sum, files, fileBytes, daxdevs: rows, holes },
      text: async (style) => [
        ...(await table(context, style, columns, rows)),
        `${files} files of ${show(fileBytes)} bytes; ${percent(sum.used, sum.capacity)} of ${show(sum.capacity)} used`,
        ...(holes === null ? [] : await table(context, style, freeExtentColumns(human), holes.extents)),
        ...(holes === null ? [] : holeBars(style, holes.sizes)),
      ],
    };
  },
});

function spaceOf(volume: Volume) {
  const { fileCount, fileBytes } = volume.replay.namespace;
  return { rows: memberSpaces(volume).map(memberRow), files: fileCount, fileBytes };
}

function holesOf({ replay: { daxdevs } }: Volume): HolesRow {
  const extents = daxdevs.flatMap((daxdev) =>
    new FreeSpace(daxdev)
      .holes()
      .map(({ start, end }): FreeExtentRow => ({ daxdev: daxdev.index, deviceOffset: start, length: end - start })),
  );
  const ranges = extents.map(({ deviceOffset, length }) => ({ start: deviceOffset, end: deviceOffset + length }));
  return { extents, sizes: holeClasses(ranges) };
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '0%' : `${((part / whole) * 100).toFixed(1)}%`;
}

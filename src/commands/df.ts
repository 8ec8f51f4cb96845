import { memberSpaces } from '../fs/allocate/memberSpace.js';
import type { Volume } from '../fs/pool/volume.js';
import { defineCommand, type Result } from '../ui/command.js';
import { table } from '../ui/table.js';
import { humanBytes } from '../ui/units.js';
import { atOption } from './options/at.js';
import { deviceArgument, deviceOptions, withVolume } from './options/device.js';
import { byteColumns, indexColumn, type MemberRow, memberRow, pathColumn, stateColumn } from './output/member.js';

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
}

export const command = defineCommand({
  name: 'df',
  group: 'Look',
  summary: 'print space used and free',
  details: [
    'Capacity is what files can have: the device without superblock, log and a last part that is no whole allocation ' +
      'unit. A simple file needs one hole of its size, and each strip of an interleaved file one of its own.',
  ],
  examples: [{ command: 'famfs df -h', explains: 'in units that are easy to read' }],
  args: [deviceArgument],
  options: {
    human: { type: 'boolean', short: 'h', long: 'human-readable', summary: 'sizes as 1.5G' },
    ...atOption,
    ...deviceOptions,
  },
  seeAlso: ['info', 'showfmap'],
  async run(context, devices, { human = false, at, dev }): Promise<Result<DfDocument>> {
    const { rows, files, fileBytes } = await withVolume(context, [...devices, ...dev], spaceOf, [], at);
    const total = (key: 'capacity' | 'used' | 'free') => rows.reduce((sum, row) => sum + row[key], 0);
    const largestHole = rows.reduce((most, row) => Math.max(most, row.largestHole), 0);
    const sum = { capacity: total('capacity'), used: total('used'), free: total('free'), largestHole };
    const show = human ? humanBytes : String;
    const columns = [indexColumn, ...byteColumns(['capacity', 'used', 'free', 'largestHole'], human)];
    // one daxdev is where it was said to be
    if (rows.length > 1) columns.push(stateColumn, pathColumn);
    return {
      data: { ...sum, files, fileBytes, daxdevs: rows },
      text: async (style) => [
        ...(await table(context, style, columns, rows)),
        `${files} files of ${show(fileBytes)} bytes; ${percent(sum.used, sum.capacity)} of ${show(sum.capacity)} used`,
      ],
    };
  },
});

function spaceOf(volume: Volume) {
  const { fileCount, fileBytes } = volume.replay.namespace;
  return { rows: memberSpaces(volume).map(memberRow), files: fileCount, fileBytes };
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '0%' : `${((part / whole) * 100).toFixed(1)}%`;
}

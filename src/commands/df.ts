import { FreeSpace } from '../fs/space.js';
import { defineCommand } from '../ui/command.js';
import { type Column, table } from '../ui/table.js';
import { humanBytes } from '../ui/units.js';
import { deviceOptions, withVolume } from './shared.js';

interface SpaceRow {
  readonly daxdev: number;
  readonly capacity: number;
  readonly used: number;
  readonly free: number;
  readonly largestHole: number;
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
  args: [],
  options: {
    human: { type: 'boolean', short: 'h', long: 'human-readable', summary: 'sizes as 1.5G' },
    ...deviceOptions,
  },
  seeAlso: ['info', 'showfmap'],
  async run(context, _args, { human = false, dev }) {
    const { rows, files, fileBytes } = await withVolume(context, dev, ({ replay }) => ({
      rows: replay.daxdevs.map((daxdev) => rowOf(new FreeSpace(daxdev))),
      files: replay.namespace.fileCount,
      fileBytes: replay.namespace.fileBytes,
    }));
    const total = (key: 'capacity' | 'used' | 'free') => rows.reduce((sum, row) => sum + row[key], 0);
    const largestHole = rows.reduce((most, row) => Math.max(most, row.largestHole), 0);
    const sum = { capacity: total('capacity'), used: total('used'), free: total('free'), largestHole };
    const show = human ? humanBytes : String;
    const columns: readonly Column<SpaceRow>[] = [
      { key: 'daxdev', label: 'daxdev', align: 'right' },
      { key: 'capacity', label: 'capacity', align: 'right', format: show },
      { key: 'used', label: 'used', align: 'right', format: show },
      { key: 'free', label: 'free', align: 'right', format: show },
      { key: 'largestHole', label: 'largest hole', align: 'right', format: show },
    ];
    return {
      data: { ...sum, files, fileBytes, daxdevs: rows },
      text: async (style) => [
        ...(await table(context, style, columns, rows)),
        `${files} files of ${show(fileBytes)} bytes; ${percent(sum.used, sum.capacity)} of ${show(sum.capacity)} used`,
      ],
    };
  },
});

function rowOf(space: FreeSpace): SpaceRow {
  const capacity = Math.max(space.end - space.begin, 0);
  const { free, largestHole } = space;
  return { daxdev: space.daxdev.index, capacity, used: capacity - free, free, largestHole };
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '0%' : `${((part / whole) * 100).toFixed(1)}%`;
}

import { counted } from '../format/counted.js';
import { unitText } from '../format/superblock.js';
import { FreeSpace } from '../fs/allocate/freeSpace.js';
import { memberSpaces } from '../fs/allocate/memberSpace.js';
import type { Volume } from '../fs/pool/volume.js';
import { holeClasses } from '../fs/usage/holeSizes.js';
import { type SlackClass, slackBySize } from '../fs/usage/slack.js';
import { type Context, defineCommand, type Result, type Style } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { type Column, table } from '../ui/table.js';
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
  /** bytes */
  readonly allocationUnit: number;
  /** bytes allocated to files beyond their ends */
  readonly slack: number;
  readonly slots: SlotsRow;
  readonly daxdevs: readonly MemberRow[];
  /** files by size, with --slack; null without */
  readonly slackBySize: readonly SlackRow[] | null;
  /** with --holes; null without */
  readonly holes: HolesRow | null;
}

/** Slots of the log: each file, directory and daxdev but the primary takes one, and no slot is used again. */
interface SlotsRow {
  readonly capacity: number;
  readonly used: number;
  readonly free: number;
}

interface SlackRow {
  /** bytes; the files are larger than this */
  readonly over: number;
  /** bytes; none of them is larger than this; null for the largest files */
  readonly upTo: number | null;
  readonly files: number;
  /** sum of their sizes, bytes */
  readonly bytes: number;
  /** sum of their extents, bytes */
  readonly allocated: number;
  /** bytes */
  readonly slack: number;
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
    'Slack is the space that files have beyond their ends: files take whole allocation units, and interleaved files whole chunks.',
    'With --holes, lists every free extent too, and counts them by size.',
  ],
  examples: [
    { command: 'famfs df -h', explains: 'with readable units' },
    { command: 'famfs df -i', explains: 'how many more files the log can hold' },
    { command: 'famfs df -h --slack', explains: 'which files waste space' },
  ],
  args: [deviceArgument],
  options: {
    human: { type: 'boolean', short: 'h', long: 'human-readable', summary: 'sizes as 1.5G' },
    inodes: {
      type: 'boolean',
      short: 'i',
      summary: 'print the slots of the log in place of the space: each file takes one',
    },
    slack: { type: 'boolean', summary: 'print the slack of small and large files, too' },
    holes: { type: 'boolean', summary: 'list the free extents too, and count them by size' },
    ...atOption,
    ...deviceOptions,
  },
  seeAlso: ['du', 'info', 'map', 'showfmap'],
  async run(
    context,
    devices,
    { human = false, inodes = false, slack = false, holes: wanted, at, dev },
  ): Promise<Result<DfDocument>> {
    if (inodes && (slack || wanted))
      throw new UsageError('-i prints no space, so --slack and --holes do not go with it', 'give them without -i');
    const measure = (volume: Volume) => ({
      ...spaceOf(volume),
      slackBySize: slack ? slackBySize(volume).map(slackRow) : null,
      holes: wanted ? holesOf(volume) : null,
    });
    const measured = await withVolume(context, [...devices, ...dev], measure, [], at);
    const { rows, files, fileBytes, holes, ...others } = measured;
    const total = (key: 'capacity' | 'used' | 'free') => rows.reduce((sum, row) => sum + row[key], 0);
    const largestHole = rows.reduce((most, row) => Math.max(most, row.largestHole), 0);
    const sum = { capacity: total('capacity'), used: total('used'), free: total('free'), largestHole };
    const show = human ? humanBytes : String;
    const bytes = (count: number) => (human ? humanBytes(count) : `${count} bytes`);
    const columns = [indexColumn, ...byteColumns(['capacity', 'used', 'free', 'largestHole'], human)];
    // one daxdev is where it was said to be
    if (rows.length > 1) columns.push(stateColumn, pathColumn);
    return {
      data: { ...sum, files, fileBytes, daxdevs: rows, holes, ...others },
      text: async (style) => {
        if (inodes) return slotLines(context, style, others.slots, sum.free);
        return [
          ...(await table(context, style, columns, rows)),
          `${counted(files, 'file')} of ${bytes(fileBytes)}; ${percent(sum.used, sum.capacity)} of ${show(sum.capacity)} used`,
          `${bytes(others.slack)} of slack in units of ${unitText(others.allocationUnit)}, ${percent(others.slack, sum.used)} of what is used`,
          ...(others.slackBySize === null ? [] : await table(context, style, slackColumns(show), others.slackBySize)),
          ...(holes === null ? [] : await table(context, style, freeExtentColumns(human), holes.extents)),
          ...(holes === null ? [] : holeBars(style, holes.sizes)),
        ];
      },
    };
  },
});

function spaceOf(volume: Volume) {
  const { log, replay } = volume;
  const { fileCount, fileBytes } = replay.namespace;
  const allocated = replay.daxdevs.reduce((sum, { ledger }) => sum + ledger.claimedByFiles, 0);
  const used = Math.min(replay.next, log.capacity);
  return {
    rows: memberSpaces(volume).map(memberRow),
    files: fileCount,
    fileBytes,
    allocationUnit: replay.unit,
    // bad entries may claim less than the files have
    slack: Math.max(allocated - fileBytes, 0),
    slots: { capacity: log.capacity, used, free: log.capacity - used },
  };
}

function slackRow({ over, upTo, files, bytes, allocated }: SlackClass): SlackRow {
  return { over, upTo: upTo ?? null, files, bytes, allocated, slack: allocated - bytes };
}

function slackColumns(show: (bytes: number) => string): Column<SlackRow>[] {
  return [
    {
      key: 'upTo',
      label: 'files',
      format: (upTo, { over }) => (upTo === null ? `over ${humanBytes(over)}` : `to ${humanBytes(upTo)}`),
    },
    { key: 'files', label: 'number', align: 'right' },
    { key: 'bytes', label: 'bytes', align: 'right', format: show },
    { key: 'allocated', label: 'allocated', align: 'right', format: show },
    { key: 'slack', label: 'slack', align: 'right', format: show },
    { key: 'slack', label: 'of them', align: 'right', format: (slack, { allocated }) => percent(slack, allocated) },
  ];
}

const SLOT_COLUMNS: readonly Column<SlotsRow>[] = [
  { key: 'capacity', label: 'slots', align: 'right' },
  { key: 'used', label: 'used', align: 'right' },
  { key: 'free', label: 'free', align: 'right' },
  { key: 'used', label: 'used%', align: 'right', format: (used, { capacity }) => percent(used, capacity) },
];

/** @param room free bytes */
async function slotLines(context: Context, style: Style, slots: SlotsRow, room: number): Promise<string[]> {
  const last =
    slots.free === 0
      ? 'the log is full: no file can be made'
      : `with ${humanBytes(room)} free, space and log are full together if new files take ${humanBytes(room / slots.free)} on average`;
  return [...(await table(context, style, SLOT_COLUMNS, [slots])), last];
}

function holesOf({ replay: { daxdevs } }: Volume): HolesRow {
  const spaces = daxdevs.map((daxdev) => ({ daxdev: daxdev.index, holes: new FreeSpace(daxdev).holes() }));
  return {
    extents: spaces.flatMap(({ daxdev, holes }) =>
      holes.map(({ start, end }): FreeExtentRow => ({ daxdev, deviceOffset: start, length: end - start })),
    ),
    sizes: holeClasses(spaces.flatMap(({ holes }) => holes)),
  };
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '0%' : `${((part / whole) * 100).toFixed(1)}%`;
}

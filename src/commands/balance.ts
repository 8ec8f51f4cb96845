import { counted } from '../format/counted.js';
import { memberSpaces } from '../fs/allocate/memberSpace.js';
import { checkLayout, type Layout, refuseIdleChunk } from '../fs/allocate/placement.js';
import type { Volume } from '../fs/pool/volume.js';
import { type Balance, balanceOf } from '../fs/usage/balance.js';
import { MOST_COUNTED, type Room, roomFor } from '../fs/usage/room.js';
import type { Spread } from '../fs/usage/spread.js';
import { type Context, defineCommand, type Result, type Style } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { type Column, table } from '../ui/table.js';
import { humanBytes } from '../ui/units.js';
import { deviceArgument, deviceOptions, withVolume } from './options/device.js';
import { layoutOf, layoutOptions } from './options/layout.js';
import { runsOf, runsOption } from './options/runs.js';
import { indexColumn, type MemberRow, memberRow, pathColumn } from './output/member.js';

export interface BalanceDocument {
  readonly files: number;
  /** the expected distribution of the same files under the policy */
  readonly policy: Layout['policy'];
  /** number of runs in which the files were placed again */
  readonly runs: number;
  /** number of times that a file had no room in a run; it was left out of that run */
  readonly unplaced: number;
  readonly spread: {
    /** bytes used of the daxdevs */
    readonly actual: SpreadRow;
    /** their standard deviation in the runs, bytes */
    readonly expectedDeviation: SpreadRow;
  };
  readonly daxdevs: readonly BalanceRow[];
  /** files of --size that still fit; null without */
  readonly room: RoomRow | null;
}

/** Whole bytes. */
interface SpreadRow {
  readonly least: number;
  readonly most: number;
  readonly mean: number;
  /** standard deviation */
  readonly deviation: number;
}

interface BalanceRow extends MemberRow {
  /** extents and strips */
  readonly extents: number;
  /** files with an extent there, which a loss of the daxdev would affect */
  readonly files: number;
  /** sum of the sizes of these files, bytes */
  readonly fileBytes: number;
  /** bytes used in the runs */
  readonly expected: SpreadRow;
}

interface RoomRow extends Room {
  /** bytes of each file */
  readonly size: number;
}

const COLUMNS: readonly Column<BalanceRow>[] = [
  indexColumn,
  { key: 'used', label: 'used', align: 'right', format: humanBytes },
  { key: 'expected', label: 'expected', align: 'right', format: ({ mean }) => humanBytes(mean) },
  {
    key: 'expected',
    label: 'range',
    format: ({ least, most }) => `${humanBytes(least)} to ${humanBytes(most)}`,
  },
  { key: 'used', label: 'differs by', align: 'right', format: (used, { expected }) => difference(used, expected.mean) },
  { key: 'extents', label: 'extents', align: 'right' },
  { key: 'files', label: 'files lost', align: 'right' },
  { key: 'fileBytes', label: 'of bytes', align: 'right', format: humanBytes },
  pathColumn,
];

export const command = defineCommand({
  name: 'balance',
  group: 'Look',
  summary: 'compare how full the daxdevs are with what the policy would produce',
  details: [
    'Prints for each daxdev the bytes and extents on it, and the files with a part on it: those that would be damaged if the ' +
      'daxdev were lost, with the sum of their sizes.',
    'The expected values come from placing all files again, in the order of the log and with the code that places new ones, on ' +
      'empty daxdevs in memory: several times for the random policy, with the seeds 0, 1 and so on. The range covers these ' +
      'runs. Daxdevs that were added later are expected to be emptier.',
    'With --size, new files of that size and layout are placed, also in memory, until space or log entries run out; at most ' +
      `${MOST_COUNTED} are counted. Nothing is written.`,
  ],
  examples: [
    { command: 'famfs balance', explains: 'whether the pool is filled evenly, and what each daxdev puts at risk' },
    { command: 'famfs balance -s 64G --stripes 16', explains: 'also, how many such files still fit' },
  ],
  args: [deviceArgument],
  options: {
    size: { type: 'size', short: 's', value: 'SIZE', min: 1, summary: 'count how many files of SIZE still fit' },
    runs: runsOption('place the files N times for the expected values'),
    ...layoutOptions,
    ...deviceOptions,
  },
  seeAlso: ['map', 'df', 'creat'],
  async run(context, devices, options): Promise<Result<BalanceDocument>> {
    const { size, allocSeed, dev } = options;
    const layout = layoutOf(context, options);
    checkLayout(layout);
    const forSize = [options.stripes, options.chunk, allocSeed, options.daxdevs, options.simple, options.contiguous];
    if (size === undefined && forSize.some((value) => value !== undefined))
      throw new UsageError('a layout is for the files of --size', 'give -s SIZE too');
    const runs = runsOf(options.runs, layout.policy);
    const data = await withVolume(context, [...devices, ...dev], async (volume): Promise<BalanceDocument> => {
      refuseIdleChunk(layout, volume.defaultInterleave);
      const balance = await balanceOf(volume, layout.policy, runs, context.signal);
      const room = size === undefined ? null : await roomFor(volume, size, layout, allocSeed, context.signal);
      return documentOf(volume, balance, layout.policy, room && { size: size ?? 0, ...room });
    });
    return { data, text: (style) => balanceLines(context, style, data) };
  },
});

function documentOf(
  volume: Volume,
  { load, actual, expected }: Balance,
  policy: Layout['policy'],
  room: RoomRow | null,
): BalanceDocument {
  const daxdevs = memberSpaces(volume).map((member, i): BalanceRow => {
    const { extents = 0, files = 0, fileBytes = 0 } = load.daxdevs[i] ?? {};
    return { ...memberRow(member), extents, files, fileBytes, expected: spreadRow(expected.daxdevs[i] as Spread) };
  });
  const { runs, unplaced, deviation } = expected;
  const spread = { actual: spreadRow(actual), expectedDeviation: spreadRow(deviation) };
  return { files: load.files, policy, runs, unplaced, spread, daxdevs, room };
}

function spreadRow({ least, most, mean, deviation }: Spread): SpreadRow {
  const { round } = Math;
  return { least: round(least), most: round(most), mean: round(mean), deviation: round(deviation) };
}

async function balanceLines(context: Context, style: Style, data: BalanceDocument): Promise<string[]> {
  const { spread, daxdevs, files, policy, runs, unplaced, room } = data;
  const { actual, expectedDeviation } = spread;
  const most = daxdevs.reduce((count, row) => Math.max(count, row.files), 0);
  const lines = [
    ...(await table(context, style, COLUMNS, daxdevs)),
    `used: ${humanBytes(actual.least)} to ${humanBytes(actual.most)}, standard deviation ${humanBytes(actual.deviation)}; ` +
      `${policy} would give ${humanBytes(expectedDeviation.mean)}` +
      (runs > 1
        ? ` (${humanBytes(expectedDeviation.least)} to ${humanBytes(expectedDeviation.most)} in ${runs} runs)`
        : ''),
    `the loss of one daxdev costs at most ${most} of ${files} files`,
  ];
  if (unplaced > 0) lines.push(`a file had no room when it was placed again: ${unplaced} times`);
  if (room !== null) lines.push(roomLine(room));
  return lines;
}

function difference(used: number, expected: number): string {
  if (expected === 0) return used === 0 ? '0%' : '-';
  const percent = (used / expected - 1) * 100;
  return `${percent < 0 ? '' : '+'}${percent.toFixed(1)}%`;
}

const LIMITS: Readonly<Record<Room['limit'], string>> = {
  space: 'then the space is used up',
  log: 'then the log is full',
  count: 'and maybe more: counting stops there',
};

function roomLine({ files, size, limit }: RoomRow): string {
  return `room for ${counted(files, 'more file')} of ${humanBytes(size)}; ${LIMITS[limit]}`;
}

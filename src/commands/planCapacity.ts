import { counted } from '../format/counted.js';
import { MIN_LOG_LENGTH } from '../format/logHeader.js';
import { DEFAULT_ALLOCATION_UNIT, MAX_DAXDEVS } from '../format/superblock.js';
import { checkLayout, type Policy, refuseIdleChunk } from '../fs/allocate/placement.js';
import { isLogLength } from '../fs/media/superblockReader.js';
import { refuseUnit } from '../fs/mkfs/newDaxdevs.js';
import { answerCapacity, type CapacityAnswer, type FillPoint, slotsFor } from '../fs/usage/capacity.js';
import { spreadOf } from '../fs/usage/spread.js';
import { type Context, defineCommand, type Result, type Style } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { type Column, table } from '../ui/table.js';
import { exactBytes, humanBytes } from '../ui/units.js';
import { allocUnitOption } from './options/allocUnit.js';
import { countOf, type Group, parseGroup, sizesOf } from './options/capacity.js';
import { layoutOf, layoutOptions } from './options/layout.js';
import { runsOf, runsOption } from './options/runs.js';

/** more must be a mistake, and would take hours */
const MOST_FILES = 10_000_000;
const MOST_DAXDEVS = 10_000;
/** points of the fill curve that the text shows */
const POINTS_SHOWN = 10;

export interface PlanCapacityDocument {
  readonly daxdevs: number;
  /** daxdevs that a pool can have: with more, the plan is for more than one pool */
  readonly mostDaxdevs: number;
  /** number of requested files */
  readonly files: number;
  readonly policy: Policy;
  readonly log: {
    /** bytes */
    readonly length: number;
    /** entries that fit */
    readonly slots: number;
    /** entries needed for all files and for all daxdevs but the primary */
    readonly needed: number;
    /** bytes: the shortest log that holds these entries */
    readonly lengthNeeded: number;
  };
  readonly runs: readonly RunRow[];
}

interface RunRow {
  /** as creat --alloc-seed takes it */
  readonly seed: number;
  /** number of files placed before one was refused */
  readonly placed: number;
  /** bytes allocated to them */
  readonly bytes: number;
  /** bytes for files on all daxdevs */
  readonly capacity: number;
  /** the first file that could not be made; null: all could be made */
  readonly refused: RefusedRow | null;
  readonly curve: readonly FillRow[];
  readonly daxdevs: readonly LoadRow[];
}

interface RefusedRow {
  /** its number, from 0 */
  readonly file: number;
  /** bytes */
  readonly size: number;
  readonly code: 'NO_SPACE' | 'LOG_FULL';
}

interface FillRow {
  /** files placed so far */
  readonly files: number;
  /** bytes allocated to them */
  readonly bytes: number;
  /** used share of the emptiest daxdev, in thousandths of its space for files */
  readonly emptiest: number;
  /** the same of the fullest daxdev */
  readonly fullest: number;
}

interface LoadRow {
  /** bytes for files */
  readonly capacity: number;
  /** bytes allocated */
  readonly bytes: number;
  /** extents and strips */
  readonly extents: number;
  /** files with an extent there, which a loss of the daxdev would affect */
  readonly files: number;
  /** sum of the sizes of these files, bytes */
  readonly fileBytes: number;
}

const { daxdevs: _, ...layoutWithoutDaxdevs } = layoutOptions;

export const command = defineCommand({
  name: 'plan-capacity',
  group: 'Look',
  summary: 'predict how a pool would fill, before it exists',
  details: [
    'Places files on daxdevs that exist only as numbers, with the code that places real ones, until one has no room or the log ' +
      'is full. With the same seed, sizes and order, mkfs and creat do exactly what is predicted. No device is opened.',
    `Each DAXDEVS is a size, or a count and a size (24x64G); the first one is the primary. A pool has at most ${MAX_DAXDEVS} daxdevs; more ` +
      'can be planned for, as if they were one pool.',
    'Each --files is a count and a size (5000x1G), or a count and two sizes: then sizes between them are drawn, evenly over ' +
      'their logarithm. Files are made in the order given.',
    'The random policy is tried with several seeds: --alloc-seed gives the first (default 0), --runs how many.',
  ],
  examples: [
    {
      command: 'famfs plan-capacity 24x64G --files 5000x1M-1G --stripes 16',
      explains: 'how evenly 24 daxdevs fill, and what the loss of one costs',
    },
    { command: 'famfs plan-capacity 4x1T --files 100000x16M', explains: 'how long the log must be' },
  ],
  args: [{ name: 'DAXDEVS', summary: 'daxdevs by size: 64G, 24x64G', required: true, repeat: true }],
  options: {
    files: {
      type: 'string',
      value: 'GROUP',
      repeat: true,
      summary: 'files to make: 5000x1G, or 5000x1M-4G for sizes between',
    },
    loglen: {
      type: 'size',
      short: 'l',
      value: 'SIZE',
      default: MIN_LOG_LENGTH,
      summary: 'length of the log, a power of two from 8M',
    },
    ...allocUnitOption,
    runs: runsOption('how many seeds to try'),
    ...layoutWithoutDaxdevs,
  },
  seeAlso: ['balance', 'mkfs', 'creat'],
  async run(context, args, options): Promise<Result<PlanCapacityDocument>> {
    const { loglen, allocUnit: unit = DEFAULT_ALLOCATION_UNIT, allocSeed = 0 } = options;
    const layout = layoutOf(context, { ...options, daxdevs: undefined });
    refuseUnit(unit);
    checkLayout(layout, unit);
    refuseIdleChunk(layout, undefined);
    const daxdevs = args.map((text) => parseGroup('argument DAXDEVS', text, false));
    const files = options.files.map((text) => parseGroup('option --files', text, true));
    checkAmounts(daxdevs, files, loglen);
    const sizes = [...sizesOf(daxdevs, 0)];
    const runs = runsOf(options.runs, layout.policy);
    const rows: RunRow[] = [];
    for (let seed = allocSeed; seed < allocSeed + runs; seed++) {
      const question = { daxdevs: sizes, logLength: loglen, unit, files: sizesOf(files, allocSeed), layout, seed };
      rows.push(runRow(seed, await answerCapacity(question, context.signal)));
    }
    const log = logRow(loglen, countOf(files), sizes.length);
    const counts = { daxdevs: sizes.length, mostDaxdevs: MAX_DAXDEVS, files: countOf(files) };
    const data = { ...counts, policy: layout.policy, log, runs: rows };
    return { data, text: (style) => planLines(context, style, data) };
  },
});

function checkAmounts(daxdevs: readonly Group[], files: readonly Group[], logLength: number): void {
  if (files.length === 0) throw new UsageError('no files are planned', 'give --files, such as 5000x1G');
  if (countOf(files) > MOST_FILES)
    throw new UsageError(`option --files: ${countOf(files)} files are too many`, `at most ${MOST_FILES} are placed`);
  if (countOf(daxdevs) > MOST_DAXDEVS)
    throw new UsageError(`argument DAXDEVS: ${countOf(daxdevs)} are too many`, `at most ${MOST_DAXDEVS} are planned`);
  if (!isLogLength(logLength, Number.MAX_SAFE_INTEGER))
    throw new UsageError(`option --loglen: ${logLength} is not a power of two from 8M`);
}

function logRow(length: number, files: number, daxdevs: number): PlanCapacityDocument['log'] {
  const needed = files + daxdevs - 1;
  let lengthNeeded = MIN_LOG_LENGTH;
  while (slotsFor(lengthNeeded, daxdevs) < files) lengthNeeded *= 2;
  return { length, slots: slotsFor(length, 1), needed, lengthNeeded };
}

function runRow(seed: number, { load, capacities, refusal, curve }: CapacityAnswer): RunRow {
  const daxdevs = load.daxdevs.map((row, i) => ({ capacity: capacities[i] ?? 0, ...row }));
  const capacity = capacities.reduce((sum, bytes) => sum + bytes, 0);
  const rows = curve.map(fillRow);
  return { seed, placed: load.files, bytes: load.bytes, capacity, refused: refusal ?? null, curve: rows, daxdevs };
}

function fillRow({ files, bytes, least, most }: FillPoint): FillRow {
  return { files, bytes, emptiest: Math.round(least * 1000), fullest: Math.round(most * 1000) };
}

const RUN_COLUMNS: readonly Column<RunRow>[] = [
  { key: 'seed', label: 'seed', align: 'right' },
  { key: 'placed', label: 'files', align: 'right' },
  { key: 'bytes', label: 'used', align: 'right', format: (bytes, { capacity }) => percent(bytes / (capacity || 1)) },
  { key: 'daxdevs', label: 'emptiest', align: 'right', format: (rows) => percent(Math.min(...shares(rows))) },
  { key: 'daxdevs', label: 'fullest', align: 'right', format: (rows) => percent(Math.max(...shares(rows))) },
  { key: 'daxdevs', label: 'deviation', align: 'right', format: (rows) => percent(spreadOf(shares(rows)).deviation) },
  {
    key: 'daxdevs',
    label: 'one daxdev lost costs',
    format: (rows) => {
      const { mean, most } = spreadOf(rows.map(({ files }) => files));
      return `${Math.round(mean)} files, at most ${most}`;
    },
  },
  { key: 'refused', label: 'ends with', format: (refused) => (refused === null ? 'all placed' : refusedText(refused)) },
];

const FILL_COLUMNS: readonly Column<FillRow>[] = [
  { key: 'files', label: 'files', align: 'right' },
  { key: 'bytes', label: 'used', align: 'right', format: humanBytes },
  { key: 'emptiest', label: 'emptiest', align: 'right', format: (share) => percent(share / 1000) },
  { key: 'fullest', label: 'fullest', align: 'right', format: (share) => percent(share / 1000) },
];

function shares(rows: readonly LoadRow[]): number[] {
  return rows.map(({ bytes, capacity }) => bytes / (capacity || 1));
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

function refusedText({ code, file, size }: RefusedRow): string {
  return `${code} at file ${file} of ${humanBytes(size)}`;
}

async function planLines(context: Context, style: Style, data: PlanCapacityDocument): Promise<string[]> {
  const { daxdevs, mostDaxdevs, files, policy, log, runs } = data;
  const [first] = runs;
  const curve = first?.curve ?? [];
  const step = Math.ceil(curve.length / POINTS_SHOWN);
  const points = curve.filter((_, i) => i % step === 0 || i === curve.length - 1);
  const lines = [
    `${counted(daxdevs, 'daxdev')} with room for ${humanBytes(first?.capacity ?? 0)}, ${counted(files, 'file')}, policy ${policy}`,
    `log: ${log.needed} of ${log.slots} entries needed` +
      (log.needed > log.slots ? `: make it ${exactBytes(log.lengthNeeded)} long (mkfs --loglen)` : ''),
    ...(await table(context, style, RUN_COLUMNS, runs)),
    style.bold(`how it fills with seed ${first?.seed}`),
    ...(await table(context, style, FILL_COLUMNS, points)),
  ];
  if (daxdevs > mostDaxdevs)
    lines.push(`a pool has at most ${mostDaxdevs} daxdevs: this takes ${Math.ceil(daxdevs / mostDaxdevs)} pools`);
  return lines;
}

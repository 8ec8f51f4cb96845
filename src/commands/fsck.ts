import { FamfsError } from '../fs/errors.js';
import { checkMounted } from '../fs/fsck/mountedCheck.js';
import { checkAndRepair, type Mode, type RepairOptions, type RepairReport } from '../fs/fsck/runner.js';
import { groupByPool, primaryOf } from '../fs/fsck/samePool.js';
import { UndoWriter } from '../fs/fsck/undo/undoImage.js';
import { type Access, openTarget } from '../fs/pool/openTarget.js';
import { type Context, defineCommand, type OptionValues, type Result } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { confirm } from '../ui/prompt.js';
import { deviceOptions } from './options/device.js';
import { checkParagraphs, listChecks } from './output/check.js';
import { documentOf, render, sameLines } from './output/finding.js';
import { scanDevices } from './output/scannedLog.js';

const EXIT_REPAIRED = 1;
const EXIT_ERRORS_LEFT = 4;
const EXIT_UNCHECKED = 8;

const ACCESS: Readonly<Record<Mode, Access>> = { no: 'read', preen: 'repair', yes: 'salvage', ask: 'salvage' };

const KERNELS = { none: [], v2: ['v2'], d: ['d'], any: ['v2', 'd'] } as const;

const options = {
  no: { type: 'boolean', short: 'n', summary: 'repair nothing, which is what happens anyway without a terminal' },
  preen: {
    type: 'boolean',
    short: 'p',
    summary: 'repair what is safe, without asking',
    details: 'Safe is what follows from the rest of the media, and what gives nothing up that can be read.',
  },
  auto: { type: 'boolean', short: 'a', summary: 'the same as -p, as callers of fsck(8) have it' },
  yes: { type: 'boolean', short: 'y', summary: 'make every repair, without asking' },
  masterHere: {
    type: 'boolean',
    summary: 'with -y, this host is the Master of a file system of which nothing says who is',
    details:
      'Where superblock and secondaries are lost, nothing on the media names the Master. Only where this host was the ' +
      'Master, and no other host thinks that it is, may it be made that: two Masters destroy a file system.',
  },
  force: { type: 'boolean', short: 'f', summary: 'check although it seems clean, which is what happens anyway' },
  undo: {
    type: 'string',
    value: 'FILE',
    summary: 'keep what repairs overwrite in FILE, which must not exist',
    details: 'The default is a new file in the folder undo beside the system uuid; famfs undo restores it.',
  },
  noUndo: { type: 'boolean', summary: 'repair without an undo image' },
  kernel: {
    type: 'string',
    choices: ['v2', 'd', 'any'],
    summary: 'warn of files whose maps kernels reject: those that ask for maps, those that are sent them, either',
  },
  scan: {
    type: 'boolean',
    summary: 'only look for logs on each DEV, at every 2 MiB, by their magic and crc',
    details: 'For a device whose superblock is gone. Where the log lies as in a primary, -y makes the superblock anew.',
  },
  listChecks: { type: 'boolean', summary: 'print the catalogue of checks and exit' },
  maxFindings: {
    type: 'integer',
    value: 'N',
    default: 20,
    max: 10_000,
    summary: 'print at most N findings of each code, then a count',
  },
  ...deviceOptions,
} as const;

type Options = OptionValues<typeof options>;

export const command = defineCommand({
  name: 'fsck',
  group: 'Check',
  summary: 'check a file system, and repair it',
  details: [
    'Checks superblock, log header, every log entry, the names they make and the space they claim, and prints each ' +
      'finding with its code, where it is and what to do. It may run while the Master appends.',
    'Of a pool, any daxdev may be named: its primary and the others are looked for by uuid. Each is checked against the ' +
      'log: whether it is here, its size, and what its superblock says.',
    'A mounted file system is looked at through its mount point, or with -n on its device, and never repaired. Through ' +
      'the mount point its other daxdevs are not looked at, which the kernel has.',
    'On a terminal it asks before each repair; without one nothing is changed, unless -p or -y is given. Before a repair ' +
      'what it will overwrite is kept in an undo image. Only the Master repairs, and never a mounted file system.',
    'No repair drops an entry that can be read. An entry in the middle of the log that cannot be read is quarantined: ' +
      'it keeps its slot and, as far as it can be read, its space, and replay skips it and says so.',
    'These are the checks:',
    ...checkParagraphs(),
  ],
  examples: [
    { command: 'famfs fsck -n /dev/dax0.0', explains: 'check the file system on a daxdev' },
    { command: 'famfs fsck -p pool.img', explains: 'repair what a crash left' },
    { command: 'famfs fsck --json pool.img', explains: 'findings for a script' },
  ],
  args: [
    {
      name: 'DEV',
      summary: 'daxdev, image or mount point; several are checked one by one, each file system once',
      required: false,
      repeat: true,
    },
  ],
  options,
  exitCodes: {
    usage: 16,
    failed: 8,
    table: {
      0: 'no errors',
      1: 'errors were repaired',
      4: 'errors were left',
      8: 'the check could not be done: no famfs there, or it cannot be opened',
      16: 'usage error',
    },
  },
  seeAlso: ['info', 'logplay', 'undo'],
  async run(context, devices, given) {
    const mode = modeOf(context, given);
    if (given.listChecks) return listChecks();
    if (given.scan) return scanDevices(context, devices.length > 0 ? devices : given.dev);
    // `force` is for callers of fsck(8): there is no short way that it could force a full check instead of
    if (devices.length <= 1) return one(context, [...devices, ...given.dev], mode, given);
    if (given.dev.length > 0)
      throw new UsageError('--dev names the daxdevs of one file system, and several DEV are given', 'give either');
    if (given.undo !== undefined)
      throw new UsageError('--undo names one file, and several DEV are given', 'check them one by one');
    return several(context, devices, mode, given);
  },
});

function modeOf(context: Context, { no, preen: p, auto, yes, undo, noUndo, masterHere }: Options): Mode {
  const preen = p || auto;
  const chosen = [no && '-n', preen && '-p', yes && '-y'].filter(Boolean);
  if (chosen.length > 1) throw new UsageError(`${chosen.join(' and ')} exclude each other`, 'give one of them');
  if (undo !== undefined && noUndo) throw new UsageError('--undo and --no-undo exclude each other', 'give one of them');
  if (masterHere && !yes)
    throw new UsageError('--master-here is for -y', 'give both, or answer the question on a terminal');
  if (preen) return 'preen';
  if (yes) return 'yes';
  return no || context.json || !context.terminal || !context.stdin.isTTY ? 'no' : 'ask';
}

async function one(context: Context, named: readonly string[], mode: Mode, given: Options): Promise<Result> {
  const report = await check(context, named, mode, given);
  return { data: documentOf(report, named), text: (style) => render(report, style), exitCode: exitCodeOf(report) };
}

/** A file system that was checked, and the devices that led to it. */
interface Checked {
  /** identity of its primary */
  readonly primary: string | undefined;
  readonly named: string[];
  readonly report: RepairReport;
}

/** fsck(8) ors the exit codes of several file systems; one that cannot be checked does not stop the others. */
async function several(context: Context, devices: readonly string[], mode: Mode, given: Options): Promise<Result> {
  const checked: Checked[] = [];
  const failed: object[] = [];
  let exitCode = 0;
  for (const { paths, primary } of groupByPool(context, devices)) {
    const [device = ''] = paths;
    // what led to no primary may lead to one that has just been repaired
    const now = (primary ?? primaryOf(context, device))?.identity;
    const known = now === undefined ? undefined : checked.find((one) => one.primary === now);
    if (known !== undefined) {
      known.named.push(...paths);
      continue;
    }
    try {
      const report = await check(context, paths, mode, given);
      checked.push({ primary: now, named: paths, report });
      exitCode |= exitCodeOf(report);
    } catch (error) {
      if (!(error instanceof FamfsError)) throw error;
      context.warn(error.code, `${error.message}${error.hint === undefined ? '' : `; ${error.hint}`}`);
      failed.push(...paths.map((path) => ({ device: path, code: error.code, message: error.message })));
      exitCode |= EXIT_UNCHECKED;
    }
  }
  return {
    data: {
      clean: exitCode === 0,
      filesystems: checked.map(({ report, named }) => documentOf(report, named)),
      failed,
    },
    text: (style) => checked.flatMap(({ report, named }) => [...render(report, style), ...sameLines(named)]),
    exitCode,
  };
}

async function check(context: Context, named: readonly string[], mode: Mode, given: Options): Promise<RepairReport> {
  const options: RepairOptions = {
    mode,
    keep: given.maxFindings,
    masterHere: given.masterHere === true,
    kernels: KERNELS[given.kernel ?? 'none'],
    confirm: (question) => confirm(context, question, 'give -n, -p or -y'),
    openUndo: given.noUndo ? undefined : () => new UndoWriter(context, given.undo),
  };
  const target = openTarget(context, named, ACCESS[mode]);
  try {
    const { mount } = target;
    return mount === undefined ? await checkAndRepair(target, options) : checkMounted(target, mount, options);
  } finally {
    target.close();
  }
}

function exitCodeOf({ left, decisions }: RepairReport): number {
  const repaired = decisions.some(({ done }) => done) ? EXIT_REPAIRED : 0;
  return repaired | (left.errors > 0 ? EXIT_ERRORS_LEFT : 0);
}

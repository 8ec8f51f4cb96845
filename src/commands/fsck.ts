import { KERNEL_FORM_NAMES, type KernelFormName } from '../format/kernel/forms.js';
import type { Stage } from '../fs/fsck/checks/inspect.js';
import { checkFileSystem, checkFileSystems, type UncheckedFileSystem } from '../fs/fsck/fsck.js';
import type { Mode, RepairOptions, RepairReport } from '../fs/fsck/runner.js';
import { UndoWriter } from '../fs/fsck/undo/undoWriter.js';
import { type Context, defineCommand, type OptionValues, type Result } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { confirm, writeAbove } from '../ui/prompt.js';
import { PLAIN } from '../ui/style.js';
import { ABSENT_DAXMODE, absentOption } from './options/absent.js';
import { refuseOthers } from './options/alone.js';
import { atOption } from './options/at.js';
import { deviceOptions } from './options/device.js';
import { formSummaries } from './options/kernelForm.js';
import { type ChecksReport, checkParagraphs, listChecks } from './output/check.js';
import { type CheckProgress, checkProgress } from './output/checkProgress.js';
import { type FsckReport, findingLines, fsckReport, reportLines, sameLines } from './output/fsckReport.js';
import { type ScanReport, scanDevices } from './output/scannedLog.js';

/** For one file system, for several, for --scan, or for --list-checks. */
export type FsckDocument = FsckReport | SeveralReport | ScanReport | ChecksReport;

interface SeveralReport {
  /** all were checked, and had no errors and needed no repair */
  readonly clean: boolean;
  readonly filesystems: readonly FsckReport[];
  /** devices whose file systems could not be checked */
  readonly failed: readonly { readonly path: string; readonly code: string; readonly message: string }[];
}

const DEFAULT_FINDINGS = 20;

const EXIT_REPAIRED = 1;
const EXIT_ERRORS_LEFT = 4;
const EXIT_UNCHECKED = 8;

const options = {
  no: {
    type: 'boolean',
    short: 'n',
    aliases: ['dry-run', 'dryrun'],
    summary: 'repair nothing (the default without a terminal)',
  },
  preen: {
    type: 'boolean',
    short: 'p',
    summary: 'make the repairs that are safe, without asking',
    details: 'A repair is safe if the rest of the media proves what belongs there and nothing readable is given up.',
  },
  auto: { type: 'boolean', short: 'a', summary: 'the same as -p, for callers of fsck(8)' },
  yes: { type: 'boolean', short: 'y', summary: 'make every repair, without asking' },
  masterHere: {
    type: 'boolean',
    summary: 'with -y, make this host the Master if nothing on the media names one',
    details:
      'If the superblock and the secondaries are lost, nothing on the media names the Master. Give this only on the host ' +
      'that was the Master, and only if no other host acts as the Master: two Masters destroy a file system.',
  },
  force: { type: 'boolean', short: 'f', summary: 'check even if it seems clean; famfs always does' },
  interactive: {
    type: 'boolean',
    short: 'r',
    summary: 'ask before each repair (the default on a terminal)',
    details: 'Without a terminal, it ends with an error at the first question.',
  },
  progressFd: {
    type: 'integer',
    short: 'C',
    value: 'FD',
    bare: 0,
    min: -1024,
    max: 1024,
    summary: 'write progress to descriptor FD, or with 0 to the terminal, as e2fsck(8) does',
    details:
      'A line for each stage when it begins and when it is done: its number (1 superblock, 2 log, 3 space, 4 daxdevs, 5 kernels, ' +
      '6 reference tools), 0 or 1, 1, and the name of what is checked. A negative FD shows nothing.',
  },
  undo: {
    type: 'string',
    value: 'FILE',
    summary: 'save what repairs overwrite to FILE, which must not exist yet',
    details: 'The default is a new file in the folder undo next to the system uuid; famfs undo restores it.',
  },
  noUndo: { type: 'boolean', summary: 'repair without an undo image' },
  kernel: {
    type: 'string',
    choices: ['any', ...KERNEL_FORM_NAMES],
    summary: 'warn of files whose maps a kernel refuses, or must not get, in one form of map or in any',
    details: `${formSummaries()}. docs/kernel-maps.md has the rules.`,
  },
  reference: {
    type: 'boolean',
    summary: 'warn of what the reference tools (in C) cannot use, or use otherwise',
    details:
      'Extents on other daxdevs than the primary, a primary of less than 4 GiB, and set-id and sticky bits of directories. Names ' +
      'that are not UTF-8, at which their logplay aborts, are always reported (PATH_BYTES).',
  },
  journal: {
    type: 'string',
    value: 'FILE',
    summary: 'journal of an interrupted rewrite of the log, if it is in a file',
    details: 'The file that was given as --journal to the command that rewrote the log.',
  },
  scan: {
    type: 'boolean',
    summary: 'only look for logs on each DEV, at every 2 MiB, by their magic and CRC',
    details:
      'For a device that has lost its superblock. If the log is where a primary has it, -y rebuilds the superblock.',
  },
  listChecks: { type: 'boolean', summary: 'print the catalogue of checks and exit' },
  maxFindings: {
    type: 'integer',
    value: 'N',
    max: 10_000,
    summary: `print at most N findings of each code, then a count; the default is ${DEFAULT_FINDINGS}`,
  },
  at: {
    ...atOption.at,
    summary: 'check the log, names, space and maps as they were after the first N log entries',
    details:
      'Nothing is repaired. Superblock, log header and the superblocks of other daxdevs have no earlier states, so they are not ' +
      'checked, nor is what comes after the N entries.',
  },
  ...deviceOptions,
} as const;

type Options = OptionValues<typeof options>;

export const command = defineCommand({
  name: 'fsck',
  group: 'Check',
  summary: 'check a file system, and repair it',
  details: [
    'Checks the superblock, the log header, every log entry, the names they make and the space they claim. Each finding ' +
      'is printed with its code, its place and what to do about it. fsck may run while the Master appends.',
    'For a pool, any daxdev may be named; the primary and the others are found by uuid. Each is checked against the log: ' +
      'whether it is on this host, its size, and its superblock.',
    'A mounted file system is checked through its mount point, or with -n on its device, and never repaired. The kernel ' +
      'owns the other daxdevs of a mounted pool, so they are not checked.',
    'On a terminal it shows the findings and asks before each repair; otherwise nothing is changed without -p or -y. What ' +
      'a repair overwrites is saved in an undo image first. Only the Master repairs.',
    'fsck(8) runs it as fsck.famfs, but passes on only names that begin with /: fsck -t famfs pool.img checks nothing, while ' +
      'fsck -t famfs /srv/pool.img works. Options for fsck.famfs go after --, as in fsck -t famfs /srv/pool.img -- -C0.',
    'No repair drops an entry that can be read. An unreadable entry in the middle of the log is quarantined: it keeps its ' +
      'slot and any space that can be read from it, and replay skips it with a warning.',
    'These are the checks:',
    ...checkParagraphs(),
  ],
  examples: [
    { command: 'famfs fsck -n /dev/dax0.0', explains: 'check the file system on a daxdev' },
    { command: 'famfs fsck -p pool.img', explains: 'repair what a crash has left' },
    { command: 'famfs fsck --json pool.img', explains: 'findings for a script' },
  ],
  args: [
    {
      name: 'DEV',
      completes: 'fileSystem',
      summary: 'daxdev, image or mount point; several are checked one by one, each file system once',
      required: false,
      repeat: true,
    },
  ],
  options,
  absentOptions: {
    ...absentOption('h', 'human', 'famfs df -h prints sizes for people'),
    ...absentOption('B', 'nbuckets', 'famfs map and famfs df show where the files are'),
    ...ABSENT_DAXMODE,
    '-m': 'leave it out: the log is always mapped',
    '--mmap': 'leave it out: the log is always mapped',
    '--read': 'leave it out: the log is always mapped; -r asks before each repair',
  },
  exitCodes: {
    usage: 16,
    failed: 8,
    table: {
      0: 'no errors',
      1: 'errors were repaired; added to 4 or 8 if others were not',
      4: 'errors remain',
      8: 'there is no famfs, its superblock is still lost, or it cannot be opened',
      16: 'usage error',
    },
  },
  seeAlso: ['info', 'logplay', 'undo'],
  changes: true,
  async run(context, devices, given): Promise<Result<FsckDocument>> {
    const repairs = repairOptions(context, given);
    const progress = checkProgress(context, given.progressFd);
    if (given.listChecks) {
      refuseOthers(options, given, 'listChecks');
      if (devices.length > 0) throw new UsageError('--list-checks takes no DEV', 'leave it out');
      return listChecks();
    }
    if (given.scan) {
      refuseOthers(options, given, 'scan', ['dev', 'no', 'force']);
      return scanDevices(context, [...devices, ...given.dev]);
    }
    // `force` is for callers of fsck(8): every check is a full one
    if (devices.length <= 1) return checkOne(context, [...devices, ...given.dev], repairs, progress);
    if (given.at !== undefined)
      throw new UsageError('--at counts the entries of one log, but several DEV are given', 'check them one by one');
    if (given.dev.length > 0)
      throw new UsageError(
        '--dev names the daxdevs of one file system, but several DEV are given',
        'give one or the other',
      );
    if (given.undo !== undefined)
      throw new UsageError('--undo names one file, but several DEV are given', 'check them one by one');
    return checkSeveral(context, devices, repairs, progress);
  },
});

function repairOptions(context: Context, given: Options): RepairOptions {
  return {
    mode: modeOf(context, given),
    at: given.at,
    keep: given.maxFindings ?? DEFAULT_FINDINGS,
    masterHere: given.masterHere === true,
    journal: given.journal,
    kernels: kernelsOf(given.kernel),
    reference: given.reference === true,
    show: (found) => writeAbove(context, findingLines(found, PLAIN)),
    confirm: (question) => confirm(context, question, 'give -n, -p or -y'),
    openUndo: given.noUndo ? undefined : () => new UndoWriter(context, given.undo),
  };
}

function modeOf(context: Context, options: Options): Mode {
  const { no, preen: p, auto, yes, interactive, undo, noUndo, masterHere, at } = options;
  const preen = p || auto;
  const chosen = [no && '-n', preen && '-p', yes && '-y', interactive && '-r'].filter(Boolean);
  if (chosen.length > 1) throw new UsageError(`${chosen.join(' and ')} exclude each other`, 'give one of them');
  if (undo !== undefined && noUndo) throw new UsageError('--undo and --no-undo exclude each other', 'give one of them');
  if (masterHere && !yes)
    throw new UsageError('--master-here needs -y', 'give both, or answer the question on a terminal');
  if (at !== undefined) refuseRepairsAt(options);
  if (preen) return 'preen';
  if (yes) return 'yes';
  if (interactive) return 'ask';
  const mode = no || at !== undefined || context.json || !context.terminal || !context.stdin.isTTY ? 'no' : 'ask';
  const undoOption = undo !== undefined ? '--undo' : noUndo ? '--no-undo' : undefined;
  if (mode === 'no' && undoOption !== undefined)
    throw new UsageError(`${undoOption} is for repairs, but nothing is repaired`, 'give -p or -y, or leave it out');
  return mode;
}

/** Throws UsageError for a repair of an earlier state, which nothing can change. */
function refuseRepairsAt({ preen, auto, yes, interactive, journal }: Options): void {
  const asked = [preen && '-p', auto && '-a', yes && '-y', interactive && '-r'].find(Boolean);
  if (asked) throw new UsageError(`${asked} repairs, but the state of --at is past`, 'leave one of them out');
  if (journal !== undefined)
    throw new UsageError(
      '--journal is for a log that is being rewritten, which has no earlier states',
      'leave --at out',
    );
}

async function checkOne(
  context: Context,
  named: readonly string[],
  options: RepairOptions,
  progress: CheckProgress,
): Promise<Result<FsckReport>> {
  const begin = (stage: Stage) => progress.begin(named[0] ?? 'famfs', stage);
  const report = await ending(progress, checkFileSystem(context, named, { ...options, begin }));
  return {
    data: fsckReport(report, named, options.at),
    text: (style) => reportLines(report, style, options.at),
    exitCode: exitCodeOf(report),
  };
}

async function ending<T>(progress: CheckProgress, check: Promise<T>): Promise<T> {
  let failed = true;
  try {
    const result = await check;
    failed = false;
    return result;
  } finally {
    progress.end(failed);
  }
}

/** fsck(8) ORs the exit codes of several file systems. */
async function checkSeveral(
  context: Context,
  devices: readonly string[],
  options: RepairOptions,
  progress: CheckProgress,
): Promise<Result<SeveralReport>> {
  const optionsOf = ([name = 'famfs']: readonly string[]): RepairOptions => ({
    ...options,
    begin: (stage) => progress.begin(name, stage),
  });
  const { checked, unchecked } = await ending(progress, checkFileSystems(context, devices, optionsOf));
  for (const { error } of unchecked)
    context.warn(error.code, `${error.message}${error.hint === undefined ? '' : `; ${error.hint}`}`);
  const codes = [...checked.map(({ report }) => exitCodeOf(report)), ...unchecked.map(() => EXIT_UNCHECKED)];
  const exitCode = codes.reduce((all, code) => all | code, 0);
  return {
    data: {
      clean: exitCode === 0,
      filesystems: checked.map(({ report, named }) => fsckReport(report, named)),
      failed: unchecked.flatMap(failedRows),
    },
    text: (style) => checked.flatMap(({ report, named }) => [...reportLines(report, style), ...sameLines(named)]),
    exitCode,
  };
}

function failedRows({ named, error: { code, message } }: UncheckedFileSystem) {
  return named.map((path) => ({ path, code, message }));
}

function kernelsOf(given: 'any' | KernelFormName | undefined): readonly KernelFormName[] {
  if (given === undefined) return [];
  return given === 'any' ? KERNEL_FORM_NAMES : [given];
}

function exitCodeOf({ left, decisions }: RepairReport): number {
  const repaired = decisions.some(({ done }) => done) ? EXIT_REPAIRED : 0;
  // as without -y: for other commands there is no famfs
  if (left.counts.has('SB_MAGIC')) return repaired | EXIT_UNCHECKED;
  return repaired | (left.errors > 0 ? EXIT_ERRORS_LEFT : 0);
}

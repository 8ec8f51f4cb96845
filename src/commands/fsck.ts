import { type CheckReport, checkVolume } from '../fs/check.js';
import { Finder } from '../fs/finder.js';
import { locate } from '../fs/locate.js';
import { PROBLEMS, type Problem, type ProblemCode } from '../fs/problem.js';
import { openPrimary } from '../fs/volume.js';
import { defineCommand, type Style } from '../ui/command.js';
import { hex, humanBytes } from '../ui/units.js';
import { deviceOptions } from './shared.js';

const EXIT_ERRORS_LEFT = 4;

export const command = defineCommand({
  name: 'fsck',
  group: 'Check',
  summary: 'check a file system',
  details: [
    'Checks superblock, log header, every log entry, the names they make and the space they claim, and prints each ' +
      'finding with its code, where it is and what to do. Nothing is changed.',
    'It may run while the Master appends.',
  ],
  examples: [
    { command: 'famfs fsck /dev/dax0.0', explains: 'check the file system on a daxdev' },
    { command: 'famfs fsck --json pool.img', explains: 'findings for a script' },
  ],
  args: [{ name: 'DEV', summary: 'daxdev or image; like --dev', required: false }],
  options: {
    maxFindings: {
      type: 'integer',
      value: 'N',
      default: 20,
      max: 10_000,
      summary: 'print at most N findings of each code, then a count',
    },
    ...deviceOptions,
  },
  exitCodes: {
    usage: 16,
    failed: 8,
    table: {
      0: 'no errors',
      4: 'errors were found',
      8: 'the check could not be done: no famfs there, or it cannot be opened',
      16: 'usage error',
    },
  },
  seeAlso: ['info', 'logplay'],
  async run(context, [device], { maxFindings, dev }) {
    const paths = locate(context, device === undefined ? dev : [device, ...dev]);
    const finder = new Finder(context, paths);
    const primary = openPrimary(finder, false);
    const report = checkPrimary();
    return {
      data: documentOf(report),
      text: (style) => render(report, style),
      exitCode: report.errors > 0 ? EXIT_ERRORS_LEFT : 0,
    };

    function checkPrimary(): CheckReport {
      try {
        return checkVolume(finder, primary, maxFindings);
      } finally {
        primary.close();
      }
    }
  },
});

function documentOf(report: CheckReport): object {
  const { fsUuid } = report.superblock;
  const { device, deviceSize, role, errors, warnings } = report;
  const clean = errors === 0;
  const counts = Object.fromEntries(report.counts);
  return {
    device,
    deviceSize,
    fsUuid,
    role,
    clean,
    errors,
    warnings,
    counts,
    findings: report.problems.map(findingOf),
    log: report.log ?? null,
  };
}

function findingOf({ code, place, message }: Problem): object {
  const { severity, advice } = PROBLEMS[code];
  return { code, severity, ...place, message, advice };
}

function* render(report: CheckReport, style: Style): Generator<string> {
  for (const problem of report.problems) yield findingLine(problem, style);
  for (const [code, count] of report.counts) {
    const shown = report.problems.filter((problem) => problem.code === code).length;
    if (count > shown) yield `${code}: ${count - shown} more, ${count} in all`;
  }
  yield summaryLine(report);
  const state = report.errors > 0 ? style.red(`${report.errors} errors`) : style.green('clean');
  yield `${report.device}: ${state}${report.warnings > 0 ? `, ${report.warnings} warnings` : ''}`;
}

function findingLine({ code, place, message }: Problem, style: Style): string {
  const { severity, advice } = PROBLEMS[code as ProblemCode];
  const paint = severity === 'error' ? style.red : style.yellow;
  const where = [
    place.slot === undefined ? '' : `log entry ${place.slot}`,
    place.path === undefined ? '' : `'${place.path}'`,
    place.deviceIndex === undefined ? '' : `daxdev ${place.deviceIndex}`,
    place.deviceOffset === undefined
      ? ''
      : `at ${Number.isFinite(place.deviceOffset) ? hex(place.deviceOffset) : 'over 2^53-1'}`,
  ].filter((part) => part !== '');
  return `${paint(severity)} ${style.bold(code)} (${where.join(', ')}): ${message}. ${advice}`;
}

function summaryLine({ device, log }: CheckReport): string {
  if (log === undefined) return `${device}: no log could be checked`;
  const { entries, capacity, files, directories, skipped } = log;
  return `${device}: ${entries} of ${capacity} log entries, ${skipped} skipped; ${files} files, ${directories} directories, ${humanBytes(log.allocatedBytes)} allocated`;
}

/** How fsck tells what it found and did, for scripts and for people. */

import { PROBLEMS, type Problem, type ProblemCode } from '../../fs/finding/problem.js';
import type { CheckReport } from '../../fs/fsck/inspect.js';
import type { Decision, RepairReport } from '../../fs/fsck/runner.js';
import type { Style } from '../../ui/command.js';
import { hex, humanBytes } from '../../ui/units.js';
import { memberLines, memberRow } from './member.js';

/** The JSON document of one file system that `named` led to: as it is left; `found` is what was there before repairs. */
export function documentOf({ found, left, decisions, undo }: RepairReport, named: readonly string[]): object {
  const { device, deviceSize, superblock, role, errors, warnings, mountPoint = null } = left;
  return {
    device,
    named,
    mountPoint,
    deviceSize,
    fsUuid: superblock.fsUuid,
    role,
    clean: errors === 0,
    errors,
    warnings,
    counts: Object.fromEntries(left.counts),
    findings: left.problems.map(findingOf),
    found: { errors: found.errors, warnings: found.warnings, counts: Object.fromEntries(found.counts) },
    repairs: decisions.map(repairOf),
    undo: undo ?? null,
    log: left.log ?? null,
    daxdevs: left.daxdevs.map(memberRow),
  };
}

function findingOf({ code, place, message }: Problem): object {
  const { severity, advice, repair } = PROBLEMS[code];
  return { code, severity, ...place, message, advice, repair };
}

function repairOf({ repair, done }: Decision): object {
  const { id, safety, fixes, what, steps, needs = null } = repair;
  const writes = steps.flat().map((write) => {
    const length = 'bytes' in write ? write.bytes.length : write.zeros;
    return { device: write.device.path, deviceOffset: write.offset, length, why: write.why };
  });
  return { id, safety, done, needs, fixes, what, writes };
}

/** The lines about one file system. */
export function* render({ found, left, decisions, undo }: RepairReport, style: Style): Generator<string> {
  yield* findings(found, style);
  for (const decision of decisions) yield repairLine(decision, style);
  const repaired = decisions.some(({ done }) => done);
  if (repaired && left.errors + left.warnings > 0) {
    yield `${left.device}: after the repairs:`;
    yield* findings(left, style);
  }
  if (undo !== undefined) yield `${left.device}: what was overwritten is in ${undo}; famfs undo restores it`;
  yield summaryLine(left);
  yield* memberLines(left.daxdevs);
  yield stateLine(left, repaired, style);
  if (left.mountPoint !== undefined && left.errors > 0)
    yield `${left.device}: mounted, and so only looked at; unmount it and name a daxdev of it to repair it`;
}

/** Devices of a file system beside the one that it was checked by. */
export function sameLines([first, ...others]: readonly string[]): string[] {
  return others.map((path) => `${path}: of the file system on ${first}, which is checked once`);
}

function stateLine(left: CheckReport, repaired: boolean, style: Style): string {
  const clean = style.green(repaired ? 'repaired, clean' : 'clean');
  const state = left.errors > 0 ? style.red(`${left.errors} errors`) : clean;
  return `${left.device}: ${state}${left.warnings > 0 ? `, ${left.warnings} warnings` : ''}`;
}

function repairLine({ repair: { what, safety, needs }, done }: Decision, style: Style): string {
  if (done) return `${style.green('repaired')}: ${what}`;
  const would = `${safety === 'preen' ? '-p or -y' : '-y'} would ${what}`;
  return `${style.yellow('not repaired')}: ${would}${needs === undefined ? '' : `; that needs ${needs}`}`;
}

function* findings(report: CheckReport, style: Style): Generator<string> {
  for (const problem of report.problems) yield findingLine(problem, style);
  for (const [code, count] of report.counts) {
    const shown = report.problems.filter((problem) => problem.code === code).length;
    if (count > shown) yield `${code}: ${count - shown} more, ${count} in all`;
  }
}

function findingLine({ code, place, message }: Problem, style: Style): string {
  const { severity, advice } = PROBLEMS[code as ProblemCode];
  const paint = severity === 'error' ? style.red : style.yellow;
  const where = [
    place.slot === undefined ? '' : `log entry ${place.slot}`,
    place.path === undefined ? '' : `'${place.path}'`,
    place.daxdev === undefined ? '' : `daxdev ${place.daxdev}`,
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

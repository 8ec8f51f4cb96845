/** How fsck tells what it found and did, for scripts and for people. */

import type { Finding, FindingPlace } from '../../fs/finding/finding.js';
import { CATALOGUE, messageOf } from '../../fs/fsck/catalogue/catalogue.js';
import type { CheckReport } from '../../fs/fsck/checks/inspect.js';
import { actionOf } from '../../fs/fsck/repairs/words.js';
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
    findings: left.findings.map(findingOf),
    found: { errors: found.errors, warnings: found.warnings, counts: Object.fromEntries(found.counts) },
    repairs: decisions.map(repairOf),
    undo: undo ?? null,
    log: left.log ?? null,
    daxdevs: left.daxdevs.map(memberRow),
  };
}

function findingOf(finding: Finding): object {
  const { code, place, values, count } = finding;
  const { severity, advice, repair } = CATALOGUE[code];
  return { code, severity, ...place, count, values, message: messageOf(finding), advice, repair };
}

function repairOf({ repair, done }: Decision): object {
  const { id, safety, fixes, values, steps, needs = null } = repair;
  const writes = steps.flat().map((write) => {
    const length = 'bytes' in write ? write.bytes.length : write.zeros;
    return { device: write.device.path, deviceOffset: write.offset, length, why: write.why };
  });
  return { id, safety, done, needs, fixes, values, what: actionOf(repair), writes };
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

function repairLine({ repair, done }: Decision, style: Style): string {
  const { safety, needs } = repair;
  const what = actionOf(repair);
  if (done) return `${style.green('repaired')}: ${what}`;
  const would = `${safety === 'preen' ? '-p or -y' : '-y'} would ${what}`;
  return `${style.yellow('not repaired')}: ${would}${needs === undefined ? '' : `; that needs ${needs}`}`;
}

function* findings(report: CheckReport, style: Style): Generator<string> {
  for (const finding of report.findings) yield findingLine(finding, style);
  for (const [code, count] of report.counts) {
    const listed = report.findings.filter((finding) => finding.code === code).length;
    if (count > listed) yield `${code}: ${count - listed} more, ${count} in all`;
  }
}

function findingLine(finding: Finding, style: Style): string {
  const { code, place, count } = finding;
  const { severity, advice } = CATALOGUE[code];
  const paint = severity === 'error' ? style.red : style.yellow;
  const where = placeText(place, count);
  return `${paint(severity)} ${style.bold(code)}${where === '' ? '' : ` (${where})`}: ${messageOf(finding)}. ${advice}`;
}

function placeText({ slot, lastSlot, path, daxdev, deviceOffset }: FindingPlace, count: number): string {
  const parts: string[] = [];
  if (slot !== undefined) parts.push(lastSlot === undefined ? `log entry ${slot}` : slotRange(slot, lastSlot, count));
  if (path !== undefined) parts.push(`'${path}'`);
  if (daxdev !== undefined) parts.push(`daxdev ${daxdev}`);
  if (deviceOffset !== undefined) parts.push(`at ${Number.isFinite(deviceOffset) ? hex(deviceOffset) : 'over 2^53-1'}`);
  return parts.join(', ');
}

function slotRange(first: number, last: number, count: number): string {
  const range = `log entries ${first} to ${last}`;
  return count === last - first + 1 ? range : `${count} of ${range}`;
}

function summaryLine({ device, log }: CheckReport): string {
  if (log === undefined) return `${device}: no log could be checked`;
  const { entries, capacity, files, directories, skipped } = log;
  return `${device}: ${entries} of ${capacity} log entries, ${skipped} skipped; ${files} files, ${directories} directories, ${humanBytes(log.allocatedBytes)} allocated`;
}

/** Report of fsck on one file system, in JSON and as lines. */
import { counted } from '../../format/counted.js';
import { type FindingRow, findingRow } from '../../fs/fsck/catalogue/findingRow.js';
import type { CheckedLog, CheckReport } from '../../fs/fsck/checks/inspect.js';
import type { RepairReport } from '../../fs/fsck/runner.js';
import type { Role } from '../../fs/pool/role.js';
import type { Style } from '../../ui/command.js';
import { humanBytes } from '../../ui/units.js';
import { findingLine } from './finding.js';
import type { LogCounts } from './logCounts.js';
import { type MemberRow, memberLines, memberRow } from './member.js';
import { type RepairRow, repairLine, repairRow } from './repair.js';

/** Number of findings by code; a run of log entries with one cause counts once. */
interface Counts {
  readonly [code: string]: number;
}

/** The state of one file system after fsck; `found` lists the findings before repairs. */
export interface FsckReport {
  /** of its primary, or the mount point */
  readonly path: string;
  /** the devices that led to it */
  readonly named: readonly string[];
  /** null: it was checked on its daxdevs */
  readonly mountPoint: string | null;
  /** only the first so many log entries were checked; null: the file system as it is now */
  readonly at: number | null;
  /** bytes of the primary; null: above 2^53-1 */
  readonly size: number | null;
  readonly fsUuid: string;
  /** of this host */
  readonly role: Role;
  /** no errors are left */
  readonly clean: boolean;
  readonly errors: number;
  readonly warnings: number;
  readonly counts: Counts;
  /** the first findings of each code, up to --max-findings */
  readonly findings: readonly FindingRow[];
  readonly found: { readonly errors: number; readonly warnings: number; readonly counts: Counts };
  readonly repairs: readonly RepairRow[];
  /** path of the undo image; null: none was written */
  readonly undo: string | null;
  /** null: no log was found */
  readonly log: CheckedLogRow | null;
  readonly daxdevs: readonly MemberRow[];
}

interface CheckedLogRow extends LogCounts {
  /** entries that fit */
  readonly slots: number;
  /** sum of the sizes of the files, bytes */
  readonly fileBytes: number;
  /** sum of the extents of the files, bytes */
  readonly allocated: number;
}

/**
 * @param named the devices that led to the file system
 * @param at log entries that were checked; undefined for the file system as it is now
 */
export function fsckReport(
  { found, left, decisions, undo }: RepairReport,
  named: readonly string[],
  at?: number,
): FsckReport {
  const { device, deviceSize, superblock, role, errors, warnings, mountPoint = null } = left;
  return {
    path: device,
    named,
    mountPoint,
    at: at ?? null,
    size: deviceSize,
    fsUuid: superblock.fsUuid,
    role,
    clean: errors === 0,
    errors,
    warnings,
    counts: Object.fromEntries(left.counts),
    findings: left.findings.map(findingRow),
    found: { errors: found.errors, warnings: found.warnings, counts: Object.fromEntries(found.counts) },
    repairs: decisions.map(repairRow),
    undo: undo ?? null,
    log: left.log === undefined ? null : logRow(left.log),
    daxdevs: left.daxdevs.map(memberRow),
  };
}

function logRow({ capacity, allocatedBytes, ...counts }: CheckedLog): CheckedLogRow {
  return { ...counts, slots: capacity, allocated: allocatedBytes };
}

/** The lines about one file system. `at` as for fsckReport. */
export function* reportLines(
  { found, left, decisions, undo, shown }: RepairReport,
  style: Style,
  at?: number,
): Generator<string> {
  if (!shown) yield* findingLines(found, style);
  for (const decision of decisions) yield repairLine(decision, style);
  const repaired = decisions.some(({ done }) => done);
  if (repaired && left.errors + left.warnings > 0) {
    yield `${left.device}: after the repairs:`;
    yield* findingLines(left, style);
  }
  if (undo !== undefined) yield `${left.device}: the overwritten bytes are in ${undo}; famfs undo restores them`;
  yield logLine(left);
  if (at !== undefined)
    yield `${left.device}: as it was after ${counted(at, 'log entry', 'log entries')}; superblock, log header and other daxdevs have no earlier states, and were not checked`;
  yield* memberLines(left.daxdevs);
  yield stateLine(left, repaired, style);
  if (left.mountPoint !== undefined && left.errors > 0 && at === undefined)
    yield `${left.device}: mounted, so nothing was repaired; unmount it and name one of its daxdevs`;
}

/** A line for each finding, and one for the findings of each code that are not listed. */
export function* findingLines({ findings, counts }: CheckReport, style: Style): Generator<string> {
  for (const finding of findings) yield findingLine(finding, style);
  for (const [code, count] of counts) {
    const listed = findings.filter((finding) => finding.code === code).length;
    if (count > listed) yield `${code}: ${count - listed} more, ${count} in all`;
  }
}

/** The devices of a file system other than the one through which it was checked. */
export function sameLines([first, ...others]: readonly string[]): string[] {
  return others.map((path) => `${path}: part of the file system on ${first}, which is checked once`);
}

function logLine({ device, log }: CheckReport): string {
  if (log === undefined) return `${device}: no log could be checked`;
  const { entries, capacity, files, directories, skipped } = log;
  const tree = `${counted(files, 'file')}, ${counted(directories, 'directory', 'directories')}`;
  return `${device}: ${entries} of ${capacity} log entries, ${skipped} skipped; ${tree}, ${humanBytes(log.allocatedBytes)} allocated`;
}

function stateLine(left: CheckReport, repaired: boolean, style: Style): string {
  const clean = style.green(repaired ? 'repaired, clean' : 'clean');
  const state = left.errors > 0 ? style.red(counted(left.errors, 'error')) : clean;
  return `${left.device}: ${state}${left.warnings > 0 ? `, ${counted(left.warnings, 'warning')}` : ''}`;
}

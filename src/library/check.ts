/** Checking a file system without repairing anything. */
import { type FindingRow, findingRow } from '../fs/fsck/catalogue/findingRow.js';
import { checkFileSystem } from '../fs/fsck/fsck.js';
import { CHECK_ONLY } from '../fs/fsck/runner.js';
import { translatingLater } from './failures.js';
import { type Devices, type HostOptions, hostOf, listOf } from './host.js';

export type { FindingCode } from '../fs/finding/values.js';
export type { FindingRow as Finding } from '../fs/fsck/catalogue/findingRow.js';
export type { RepairKind, Severity } from '../fs/fsck/catalogue/row.js';

/** Options of {@link checkFamfs}. */
export interface CheckOptions {
  /** how many findings of each code to list; the default is 20. All are counted. */
  readonly keep?: number | undefined;
  /** also what exceeds the limits of the reference tools */
  readonly reference?: boolean | undefined;
}

/** The result of a check. */
export interface Check {
  readonly fsUuid: string;
  /** whether there are no errors; there may be warnings */
  readonly clean: boolean;
  /** number of findings that are errors */
  readonly errors: number;
  /** number of findings that are warnings */
  readonly warnings: number;
  /** the first of each code */
  readonly findings: readonly FindingRow[];
}

const KEPT = 20;

export async function check(
  named: readonly string[],
  { keep = KEPT, reference = false, ...options }: CheckOptions & HostOptions,
): Promise<Check> {
  const { found } = await checkFileSystem(hostOf(options), named, { ...CHECK_ONLY, keep, reference });
  const { superblock, errors, warnings, findings } = found;
  return { fsUuid: superblock.fsUuid, clean: errors === 0, errors, warnings, findings: findings.map(findingRow) };
}

/**
 * Checks a file system as `famfs fsck -n` does, also one that is too damaged for {@link openFamfs}, and repairs nothing.
 * @param devices as for {@link openFamfs}
 * @throws {@link FamfsError} what keeps it from being checked at all: NO_FAMFS, DEVICE_OPEN, AMBIGUOUS, ADDON ...
 */
export async function checkFamfs(devices?: Devices, options: CheckOptions & HostOptions = {}): Promise<Check> {
  return translatingLater(() => check(listOf(devices), options));
}

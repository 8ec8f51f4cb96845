/** What famfs metrics measures. */
import { CATALOGUE } from '../../fs/fsck/catalogue/catalogue.js';
import type { CheckReport } from '../../fs/fsck/checks/inspect.js';
import type { MetricRow, SampleRow } from './prometheus.js';

/** with which the name of each metric begins */
export const METRIC_PREFIX = 'famfs_';

/** What reading the memory of a daxdev has found. */
export interface DaxdevPoison {
  /** index in the pool */
  readonly daxdev: number;
  /** bytes that could be read */
  readonly readBytes: number;
  /** bytes that could not be read */
  readonly poisonBytes: number;
}

/** What --check-poison has found. */
export interface PoisonSeen {
  readonly fsUuid: string;
  /** as the option says: files or all */
  readonly scope: string;
  /** the daxdevs that were read */
  readonly daxdevs: readonly DaxdevPoison[];
  /** files with bytes that cannot be read */
  readonly files: number;
}

/** What a check has found. */
export function metricsOf({ superblock, role, log, daxdevs, errors, warnings, counts }: CheckReport): MetricRow[] {
  const fs = { fs_uuid: superblock.fsUuid };
  const metric = (name: string, help: string, samples: readonly SampleRow[]): MetricRow => ({ name, help, samples });
  const one = (name: string, help: string, value: number | undefined) =>
    metric(name, help, value === undefined ? [] : [{ labels: fs, value }]);
  const each = (name: string, help: string, measure: (daxdev: CheckReport['daxdevs'][number]) => number) =>
    metric(
      name,
      help,
      daxdevs.map((daxdev) => ({ labels: { ...fs, daxdev: String(daxdev.index) }, value: measure(daxdev) })),
    );
  return [
    metric('famfs_info', 'Role of this host in the file system.', [{ labels: { ...fs, role }, value: 1 }]),
    each('famfs_daxdev_present', 'Whether the daxdev is on this host and usable.', ({ state }) =>
      state === 'present' ? 1 : 0,
    ),
    each('famfs_daxdev_capacity_bytes', 'Space of the daxdev that files can have.', ({ capacity }) => capacity),
    each('famfs_daxdev_used_bytes', 'Space of the daxdev that files have.', ({ used }) => used),
    each('famfs_daxdev_free_bytes', 'Space of the daxdev that is free.', ({ free }) => free),
    each('famfs_daxdev_largest_hole_bytes', 'Longest free extent of the daxdev.', ({ largestHole }) => largestHole),
    one('famfs_log_slots', 'Entries that the log can have.', log?.capacity),
    one('famfs_log_slots_used', 'Entries that the log has.', log?.entries),
    one('famfs_log_entries_skipped', 'Log entries that cannot be used.', log?.skipped),
    one('famfs_files', 'Files.', log?.files),
    one('famfs_directories', 'Directories.', log?.directories),
    one('famfs_file_bytes', 'Sum of the sizes of the files.', log?.fileBytes),
    one('famfs_errors', 'Findings of the check that are errors.', errors),
    one('famfs_warnings', 'Findings of the check that are warnings.', warnings),
    metric(
      'famfs_findings',
      'Findings of the check by code; codes without findings are left out.',
      [...counts].map(([code, value]) => ({
        labels: { ...fs, code, severity: CATALOGUE[code].severity },
        value,
      })),
    ),
  ];
}

export function poisonMetrics({ fsUuid, scope, daxdevs, files }: PoisonSeen): MetricRow[] {
  const fs = { fs_uuid: fsUuid };
  const each = (name: string, help: string, measure: (daxdev: DaxdevPoison) => number): MetricRow => ({
    name,
    help,
    samples: daxdevs.map((daxdev) => ({
      labels: { ...fs, daxdev: String(daxdev.daxdev), scope },
      value: measure(daxdev),
    })),
  });
  return [
    each('famfs_poison_bytes', 'Bytes that could not be read by --check-poison.', ({ poisonBytes }) => poisonBytes),
    each('famfs_poison_read_bytes', 'Bytes that --check-poison has read.', ({ readBytes }) => readBytes),
    {
      name: 'famfs_poison_files',
      help: 'Files with bytes that could not be read by --check-poison.',
      samples: [{ labels: { ...fs, scope }, value: files }],
    },
  ];
}

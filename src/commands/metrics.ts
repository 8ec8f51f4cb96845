import { CATALOGUE } from '../fs/fsck/catalogue/catalogue.js';
import type { CheckReport } from '../fs/fsck/checks/inspect.js';
import { checkFileSystem } from '../fs/fsck/fsck.js';
import { CHECK_ONLY } from '../fs/fsck/runner.js';
import { hostPath } from '../fs/host/hostPath.js';
import { readSmallFile } from '../fs/host/smallFile.js';
import { orLocalError } from '../fs/transfer/localFile.js';
import { existsError, statTarget, type WholeFile, writeWholeFile } from '../fs/transfer/wholeFile.js';
import { type Context, defineCommand, type Result } from '../ui/command.js';
import { deviceArgument, deviceOptions } from './options/device.js';
import { type MetricRow, prometheusLines, type SampleRow } from './output/prometheus.js';

export interface MetricsDocument {
  readonly fsUuid: string;
  readonly metrics: readonly MetricRow[];
  /** the file of --output, as named; null without */
  readonly written: string | null;
}

/** each file that this command writes begins with it, so a later run knows which files it may replace */
const FIRST_NAME = 'famfs_info';
const FIRST_LINE = `# HELP ${FIRST_NAME} `;
const LARGEST_OUTPUT = 1024 ** 2;

export const command = defineCommand({
  name: 'metrics',
  group: 'Check',
  summary: 'check a file system, and print space, log use and findings for Prometheus',
  details: [
    'Checks the file system as famfs fsck -n does, and prints measurements in the text format of Prometheus: bytes for each daxdev, ' +
      'whether it is on this host, slots of the log, files, and how many findings there are. Nothing is repaired, and findings do ' +
      'not change the exit code: alert on famfs_errors.',
    'With -o, the file is replaced as a whole, as the textfile collector of node_exporter needs it. Only a file that this command ' +
      'has written is replaced. If the file system cannot be opened, the file stays as it was; alert on its age, which ' +
      'node_exporter exports as node_textfile_mtime_seconds.',
  ],
  examples: [
    { command: 'famfs metrics', explains: 'to look at' },
    {
      command: 'famfs metrics -o /var/lib/prometheus/node-exporter/famfs.prom',
      explains: 'for the textfile collector',
    },
  ],
  args: [deviceArgument],
  options: {
    output: {
      type: 'string',
      short: 'o',
      value: 'FILE',
      summary: 'write to FILE on this host in place of standard output',
    },
    ...deviceOptions,
  },
  seeAlso: ['fsck', 'df'],
  async run(context, devices, { output, dev }): Promise<Result<MetricsDocument>> {
    const target = output === undefined ? undefined : outputFile(context, output);
    const { found } = await checkFileSystem(context, [...devices, ...dev], CHECK_ONLY);
    const metrics = metricsOf(found);
    const lines = [...prometheusLines(metrics)];
    if (target !== undefined) writeWholeFile(target, `${lines.join('\n')}\n`);
    const data = { fsUuid: found.superblock.fsUuid, metrics, written: output ?? null };
    return { data, text: () => (target === undefined ? lines : []) };
  },
});

/** The file of --output. Throws BAD_HOST_PATH, IN_THE_WAY, CANNOT_READ, and EXISTS for a file that is not ours. */
function outputFile(context: Context, named: string): WholeFile {
  const path = hostPath(context, named);
  const stats = statTarget(named, path);
  if (stats !== undefined && stats.size > 0 && !isOurs(path, stats.size))
    throw existsError(named, path, 'famfs metrics has not written it, so it is not replaced; name another file');
  return { named, path, replace: true };
}

function isOurs(path: string, size: number): boolean {
  if (size > LARGEST_OUTPUT) return false;
  const bytes = orLocalError('read', Buffer.from(path), () => readSmallFile(path, LARGEST_OUTPUT));
  return bytes.subarray(0, FIRST_LINE.length).toString('latin1') === FIRST_LINE;
}

function metricsOf({ superblock, role, log, daxdevs, errors, warnings, counts }: CheckReport): MetricRow[] {
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
    metric(FIRST_NAME, 'Role of this host in the file system.', [{ labels: { ...fs, role }, value: 1 }]),
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

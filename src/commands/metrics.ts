import { checkFileSystem } from '../fs/fsck/fsck.js';
import { CHECK_ONLY } from '../fs/fsck/runner.js';
import { hostPath } from '../fs/host/hostPath.js';
import { readSmallFile } from '../fs/host/smallFile.js';
import { orLocalError } from '../fs/transfer/localFile.js';
import { existsError, statTarget, type WholeFile, writeWholeFile } from '../fs/transfer/wholeFile.js';
import { filesIn, type PoisonScope } from '../fs/usage/poison.js';
import { usageOf } from '../fs/usage/usage.js';
import { type Context, defineCommand, type Result } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { deviceArgument, deviceOptions, withVolume } from './options/device.js';
import { dryRunOption } from './options/dryRun.js';
import { METRIC_PREFIX, metricsOf, type PoisonSeen, poisonMetrics } from './output/metrics.js';
import { type MetricRow, prometheusLines } from './output/prometheus.js';
import { poisonOf, poisonOptions, refuseIdleThreads } from './transfer/poisonCheck.js';

export interface MetricsDocument {
  readonly fsUuid: string;
  readonly metrics: readonly MetricRow[];
  /** the file of --output, as named; null without, and with --dry-run */
  readonly written: string | null;
}

/** each file that this command writes begins with it, so a later run knows which files it may replace */
const FIRST_LINE = `# HELP ${METRIC_PREFIX}`;
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
    'With --check-poison, it reads the memory instead, and prints how many bytes cannot be read, and how many files have some. That ' +
      'takes as long as reading all of it, so run it less often, into a file of its own.',
  ],
  examples: [
    { command: 'famfs metrics', explains: 'to look at' },
    {
      command: 'famfs metrics -o /var/lib/prometheus/node-exporter/famfs.prom',
      explains: 'for the textfile collector',
    },
    { command: 'famfs metrics --check-poison files', explains: 'memory of files that cannot be read' },
  ],
  args: [deviceArgument],
  options: {
    output: {
      type: 'string',
      short: 'o',
      value: 'FILE',
      summary: 'write to FILE on this host in place of standard output',
    },
    ...dryRunOption,
    ...poisonOptions,
    ...deviceOptions,
  },
  seeAlso: ['fsck', 'df', 'map'],
  async run(context, devices, options): Promise<Result<MetricsDocument>> {
    const { output, dryRun = false, dev, checkPoison: scope, threads } = options;
    if (dryRun && output === undefined) throw new UsageError('--dry-run is for a file named with -o', 'leave it out');
    refuseIdleThreads(scope, threads);
    const target = output === undefined ? undefined : outputFile(context, output, dryRun);
    const named = [...devices, ...dev];
    const { fsUuid, metrics } =
      scope === undefined ? await checked(context, named) : await poisonSeen(context, named, scope, threads);
    const lines = [...prometheusLines(metrics)];
    if (target !== undefined) writeWholeFile(target, `${lines.join('\n')}\n`);
    const data = { fsUuid, metrics, written: dryRun ? null : (output ?? null) };
    // with --dry-run, what the file would have
    return { data, text: () => (target === undefined || dryRun ? lines : []) };
  },
});

interface Measured {
  readonly fsUuid: string;
  readonly metrics: readonly MetricRow[];
}

/** Checks the file system. Throws what checkFileSystem throws. */
async function checked(context: Context, named: readonly string[]): Promise<Measured> {
  const { found } = await checkFileSystem(context, named, CHECK_ONLY);
  return { fsUuid: found.superblock.fsUuid, metrics: metricsOf(found) };
}

/** Reads the memory of the file system. Throws what withVolume and checkPoison throw. */
async function poisonSeen(
  context: Context,
  named: readonly string[],
  scope: PoisonScope,
  threads: number | undefined,
): Promise<Measured> {
  return withVolume(context, named, async (volume) => {
    const { ranges, readBytes, unread } = await poisonOf(context, volume, usageOf(volume), scope, threads);
    const daxdevs = ranges.flatMap((own, daxdev) => {
      if (unread.includes(daxdev)) return [];
      const poisonBytes = own.reduce((sum, { start, end }) => sum + end - start, 0);
      return [{ daxdev, readBytes: readBytes[daxdev] as number, poisonBytes }];
    });
    const { fsUuid } = volume.superblock;
    const seen: PoisonSeen = { fsUuid, scope, daxdevs, files: new Set(filesIn(volume, ranges).flat(2)).size };
    return { fsUuid, metrics: poisonMetrics(seen) };
  });
}

/** The file of --output. Throws BAD_HOST_PATH, IN_THE_WAY, CANNOT_READ, and EXISTS for a file that is not ours. */
function outputFile(context: Context, named: string, dryRun: boolean): WholeFile {
  const path = hostPath(context, named);
  const stats = statTarget(named, path);
  if (stats !== undefined && stats.size > 0 && !isOurs(path, stats.size))
    throw existsError(named, path, 'famfs metrics has not written it, so it is not replaced; name another file');
  return { named, path, replace: true, dryRun };
}

function isOurs(path: string, size: number): boolean {
  if (size > LARGEST_OUTPUT) return false;
  const bytes = orLocalError('read', Buffer.from(path), () => readSmallFile(path, LARGEST_OUTPUT));
  return bytes.subarray(0, FIRST_LINE.length).toString('latin1') === FIRST_LINE;
}

/**
 * Does an entry cost the same however many there are, on however many daxdevs? Processor time of `creat --from` and `fsck` in this
 * process, less what they take with one entry.
 *
 * node out/bench/scale.js [--json] [--runs N]
 */
import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LOG_ENTRY_SIZE } from '../src/format/logEntry.js';
import { runCommand } from '../test/support/runCommand.js';
import { benchFolder, type Figure, median, processorTime, report } from './report.js';

const UNIT = 2 * 1024 ** 2;
const SMALLEST_LOG = 8 * 1024 ** 2;
const ENTRIES = [1000, 10_000, 100_000, 493_000];
const DAXDEVS = [1, 8, 64];
/** with fewer files, chance weighs more: so many times as many runs */
const FEW_FILES = 50_000;
const RUNS_OF_FEW = 5;

const { values } = parseArgs({ options: { json: { type: 'boolean' }, runs: { type: 'string', default: '3' } } });
const folder = benchFolder();

interface Cost {
  /** ms of processor time of the whole command */
  readonly creat: number;
  readonly fsck: number;
}

try {
  const figures: Figure[] = [];
  await measure(10_000, 1); // warm-up
  for (const daxdevs of DAXDEVS) {
    const least = await measure(1, daxdevs);
    for (const entries of ENTRIES) {
      const cost = await measure(entries - daxdevs, daxdevs);
      const each = (command: keyof Cost) => (1000 * (cost[command] - least[command])) / entries;
      figures.push({ daxdevs, entries, 'us an entry: creat': each('creat'), fsck: each('fsck') });
    }
  }
  report('Processor time an entry, by number of entries and daxdevs', figures);
} finally {
  rmSync(folder, { recursive: true });
}

/** Medians of making so many files in a new pool, and of checking it. */
async function measure(files: number, daxdevs: number): Promise<Cost> {
  const costs: Cost[] = [];
  const runs = Number(values.runs) * (files < FEW_FILES ? RUNS_OF_FEW : 1);
  for (let run = 0; run < runs; run++) costs.push(await measureOnce(files, daxdevs));
  return { creat: median(costs.map(({ creat }) => creat)), fsck: median(costs.map(({ fsck }) => fsck)) };
}

async function measureOnce(files: number, daxdevs: number): Promise<Cost> {
  const log = 2 ** Math.ceil(Math.log2(Math.max(SMALLEST_LOG, (files + daxdevs + 1) * LOG_ENTRY_SIZE)));
  const images = Array.from({ length: daxdevs }, (_, i) => join(folder, `pool${i}.img`));
  for (const image of images) {
    writeFileSync(image, '');
    truncateSync(image, log + (Math.ceil(files / daxdevs) + 64) * UNIT);
  }
  const list = join(folder, 'list');
  writeFileSync(list, Array.from({ length: files }, (_, i) => `file${i} 4096\n`).join(''));
  const dev = images.flatMap((image) => ['--dev', image]);
  await timed(['mkfs', '-ff', '--loglen', String(log), ...images]);
  const creat = await timed(['creat', '--policy', 'fill', '--from', list, ...dev]);
  const fsck = await timed(['fsck', ...images]);
  for (const image of images) rmSync(image);
  return { creat, fsck };
}

/** ms of processor time that a command takes in this process */
async function timed(argv: readonly string[]): Promise<number> {
  const start = process.cpuUsage();
  const { exitCode, stderr } = await runCommand([...argv, '--quiet'], {
    env: { FAMFS_SYSTEM_UUID_FILE: join(folder, 'uuid') },
  });
  if (exitCode !== 0) throw new Error(`famfs ${argv.join(' ')}: ${stderr}`);
  return processorTime(start);
}

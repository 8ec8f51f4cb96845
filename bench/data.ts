/**
 * How fast is data copied in and out, as a fraction of the speed of plain loops over memory on as many threads? Both take turns, on
 * tmpfs with and without huge pages, which root can mount; with huge pages also by loads and stores, as on a device. Commands run in
 * this process, whose peak memory is reported too.
 *
 * node out/bench/data.js [--json] [--rounds N] [--size BYTES] [--threads N]
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { useCalls } from '../src/native/device.js';
import { runCommand } from '../test/support/runCommand.js';
import { benchFolder, type Figure, median, report, timedAsync } from './report.js';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    rounds: { type: 'string', default: '5' },
    size: { type: 'string', default: String(4 * 2 ** 30) },
    threads: { type: 'string', default: String(Math.min(16, availableParallelism())) },
  },
});
const { size, threads } = values;
const ROUNDS = Number(values.rounds);
const METADATA = 256 * 2 ** 20;
/** creat over an existing file: its memory has been touched before, like that of a device */
const AGAIN = ['creat', '--exist-ok', '-s', size, 'file'];

/** A command, and the plain loop over the same file that it is compared with. */
interface Case {
  readonly command: readonly string[];
  readonly baseline: string;
  readonly file: string;
}

const CASES: readonly Case[] = [
  { command: ['cp', 'source', 'file'], baseline: 'pread', file: 'source' },
  { command: ['cp', '--out', 'file', 'target'], baseline: 'pwrite', file: 'target' },
  { command: [...AGAIN, '--zero'], baseline: 'memset', file: 'source' },
  // the pattern, computed as it is defined, a word after the other
  { command: [...AGAIN, '--seed', '1'], baseline: 'pattern', file: 'source' },
  { command: ['verify', '--seed', '1', 'file'], baseline: 'pattern-compare', file: 'source' },
  // a plain loop over a new mapping of a file on the same tmpfs, where page tables must be filled in too
  { command: [...AGAIN, '--zero'], baseline: 'memset-mapped', file: 'source' },
];

/** The file is read by system calls, and stores bypass the cache, in the plain loop as on a device. */
const COPY_TO_DEVICE: Case = { command: ['cp', 'source', 'file'], baseline: 'pread-stream', file: 'source' };

const folder = benchFolder();
const program = join(folder, 'baseline');
const figures: Figure[] = [];
try {
  const source = join(import.meta.dirname, '..', '..', 'bench', 'baseline.cc');
  execFileSync('c++', ['-O2', '-pthread', '-o', program, source]);
  for (const huge of ['never', 'always']) figures.push(...(await onTmpfs(huge, CASES, true)));
  figures.push(...(await onTmpfs('always', [COPY_TO_DEVICE, ...CASES.slice(1)], false)));
  const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
  report(`Data in and out: ${size} bytes, ${threads} threads, peak memory ${peakMiB} MiB`, figures);
} finally {
  rmSync(folder, { recursive: true });
}

/** `calls`: whether images are read and written by system calls. */
async function onTmpfs(huge: string, cases: readonly Case[], calls: boolean): Promise<Figure[]> {
  const at = join(folder, `${huge}${calls ? '' : '-loads'}`);
  mkdirSync(at);
  useCalls(calls);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=90%,huge=${huge}`, 'tmpfs', at]);
  try {
    plainRate(at, { baseline: 'pwrite', file: 'source' });
    const rows: Figure[] = [];
    for (const stripes of ['1', '16']) {
      await prepare(at, stripes);
      for (const one of cases)
        rows.push({ 'huge pages': huge, by: calls ? 'system calls' : 'stores', stripes, ...(await measure(at, one)) });
    }
    return rows;
  } finally {
    execFileSync('umount', [at]);
  }
}

/** A file system with one file, all of whose memory has been touched. */
async function prepare(at: string, stripes: string): Promise<void> {
  const image = join(at, 'image');
  writeFileSync(image, '', { flag: 'a' });
  truncateSync(image, Number(size) + METADATA);
  await famfs(at, ['mkfs', '--quiet', '-ff', image]);
  await famfs(at, ['creat', '-s', size, '--stripes', stripes, '--seed', '9', 'file']);
}

async function measure(at: string, { command, baseline, file }: Case): Promise<Figure> {
  const ours: number[] = [];
  const plain: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    rmSync(join(at, 'target'), { force: true });
    ours.push(Number(size) / (await timedAsync(() => famfs(at, [...command, '--threads', threads]))) / 1e6);
    rmSync(join(at, 'target'), { force: true });
    plain.push(plainRate(at, { baseline, file }) / 1e9);
  }
  rmSync(join(at, 'target'), { force: true });
  return {
    command: command.filter((word) => word !== size).join(' '),
    'GB/s': median(ours),
    baseline,
    'baseline GB/s': median(plain),
    share: median(ours.map((rate, round) => rate / (plain[round] as number))),
  };
}

async function famfs(at: string, argv: readonly string[]): Promise<void> {
  const env = { FAMFS_SYSTEM_UUID_FILE: join(folder, 'uuid'), FAMFS_DEV: join(at, 'image') };
  const { exitCode, stderr } = await runCommand(argv, { env, cwd: at });
  if (exitCode !== 0) throw new Error(`famfs ${argv.join(' ')}: ${stderr}`);
}

function plainRate(at: string, { baseline, file }: Pick<Case, 'baseline' | 'file'>): number {
  return Number(execFileSync(program, [baseline, join(at, file), size, threads]));
}

/**
 * How long does the command line take to start, as a multiple of the start-up of node itself? Medians of runs that take turns, so
 * that other work of the machine affects all of them.
 *
 * node out/bench/startup.js [--json] [--runs N] [--image FILE]
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FAMFS } from '../test/support/famfs.js';

/** the single executable, measured where it has been built */
const SINGLE = join(import.meta.dirname, '..', '..', 'packages', 'famfs');
const WARM_UP = 3;

interface Row {
  readonly name: string;
  readonly milliseconds: number;
  /** multiple of the first row's time */
  readonly ratio: number;
}

const { values } = parseArgs({
  options: { json: { type: 'boolean' }, runs: { type: 'string', default: '40' }, image: { type: 'string' } },
});
const folder = mkdtempSync(join(tmpdir(), 'famfs-startup-'));
try {
  print(measure(cases(values.image ?? makeImage(folder)), Number(values.runs)));
} finally {
  rmSync(folder, { recursive: true });
}

/** What to run, by name; a function where each run is another. */
function cases(image: string): Map<string, string[] | (() => string[])> {
  let files = 0;
  const famfs = [process.execPath, FAMFS];
  const single: [string, string[]][] = [
    ['single --version', [SINGLE, '--version']],
    ['single ls -l', [SINGLE, 'ls', '-l', '--dev', image]],
  ];
  return new Map<string, string[] | (() => string[])>([
    ['node -e 0', [process.execPath, '-e', '0']],
    ['famfs --version', [...famfs, '--version']],
    ['famfs ls', [...famfs, 'ls', '--dev', image]],
    ['famfs ls -l', [...famfs, 'ls', '-l', '--dev', image]],
    ['famfs ls --json', [...famfs, 'ls', '--json', '--dev', image]],
    ['famfs creat', () => [...famfs, 'creat', '--dev', image, '--size', '1', `/new${++files}`]],
    ...(existsSync(SINGLE) ? single : []),
  ]);
}

function makeImage(parent: string): string {
  const image = join(parent, 'image');
  writeFileSync(image, '');
  truncateSync(image, 2 ** 30);
  run([process.execPath, FAMFS, 'mkfs', '--quiet', image]);
  for (const path of ['/a', '/b', '/c']) run([process.execPath, FAMFS, 'creat', '--dev', image, '--size', '2M', path]);
  return image;
}

function measure(commands: ReturnType<typeof cases>, runs: number): Row[] {
  const times = new Map([...commands.keys()].map((name) => [name, [] as number[]]));
  for (let round = -WARM_UP; round < runs; round += 1) {
    for (const [name, argv] of commands) {
      const milliseconds = run(typeof argv === 'function' ? argv() : argv);
      if (round >= 0) times.get(name)?.push(milliseconds);
    }
  }
  const medians = [...times].map(([name, list]) => ({ name, milliseconds: median(list) }));
  const base = medians[0]?.milliseconds ?? Number.NaN;
  return medians.map((row) => ({ ...row, ratio: row.milliseconds / base }));
}

function run([file = '', ...argv]: readonly string[]): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(file, argv, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, FAMFS_SYSTEM_UUID_FILE: join(folder, 'system_uuid') },
  });
  if (status !== 0) throw new Error(`${argv.join(' ')}: ${stderr}`);
  return performance.now() - started;
}

function median(list: readonly number[]): number {
  const sorted = [...list].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function print(rows: readonly Row[]): void {
  const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, node ${process.version}`;
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ machine, runs: Number(values.runs), rows }, null, 2)}\n`);
    return;
  }
  const lines = rows.map(
    ({ name, milliseconds, ratio }) =>
      `${name.padEnd(18)}${milliseconds.toFixed(1).padStart(8)} ms${ratio.toFixed(2).padStart(8)}`,
  );
  process.stdout.write(`${[`${machine}, median of ${values.runs} runs`, ...lines].join('\n')}\n`);
}

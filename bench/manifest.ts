/**
 * What do 10,000 files cost by apply, as a multiple of the same files by creat --from? Processor time and elapsed time of whole commands,
 * which take turns.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAMFS } from '../test/support/famfs.js';
import { benchFolder, type Figure, median, report } from './report.js';

const FILES = 10_000;
const ROUNDS = 11;
/** ms of a tick of the times in /proc, which Linux shows in hundredths of a second */
const TICK = 10;

const folder = benchFolder();
const image = join(folder, 'pool.img');
const names = Array.from({ length: FILES }, (_, i) => `shard-${String(i).padStart(4, '0')}`);
const pool = { daxdevs: [image] };
const yaml = (files: string) => `pool:\n  daxdevs:\n    - ${image}\nfiles:\n${files}`;

/** What makes the files, and what it reads. */
const WAYS: readonly (readonly [name: string, argv: readonly string[], input: string])[] = [
  ['creat --from -', ['creat', '--dev', image, '--from', '-'], names.map((name) => `${name} 2M\n`).join('')],
  ['JSON', ['apply', '-'], JSON.stringify({ pool, files: names.map((path) => ({ path, size: '2M' })) })],
  ['YAML, a list', ['apply', '-'], yaml(names.map((name) => `  - path: ${name}\n    size: 2M\n`).join(''))],
  ['YAML, a list in braces', ['apply', '-'], yaml(names.map((name) => `  - {path: ${name}, size: 2M}\n`).join(''))],
  ['YAML, a range', ['apply', '-'], yaml('  - path: shard-{0000..9999}\n    size: 2M\n')],
];

interface Times {
  /** ms of the processor */
  readonly ms: number;
  /** ms */
  readonly elapsed: number;
}

/** Runs famfs. */
function run(argv: readonly string[], input = ''): Times {
  const before = ofChildren();
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [FAMFS, ...argv, '--quiet'], {
    input,
    encoding: 'utf8',
    env: { ...process.env, FAMFS_SYSTEM_UUID_FILE: join(folder, 'system_uuid'), HOME: folder },
  });
  const elapsed = performance.now() - start;
  if (status !== 0) throw new Error(`famfs ${argv.join(' ')}: ${stderr}`);
  return { ms: ofChildren() - before, elapsed };
}

/** ms of processor time of the children that have ended */
function ofChildren(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  // the name of the program, in parentheses, may have spaces
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) * TICK;
}

function measure([, argv, input]: (typeof WAYS)[number]): Times {
  writeFileSync(image, '');
  truncateSync(image, 32 * 1024 ** 3);
  run(['mkfs', '-ff', image]);
  return run(argv, input);
}

try {
  for (const way of WAYS) measure(way);
  const rounds = Array.from({ length: ROUNDS }, () => WAYS.map(measure));
  const figures = WAYS.map(([name], i): Figure => {
    const ratio = (key: keyof Times) =>
      median(rounds.map((round) => (round[i] as Times)[key] / (round[0] as Times)[key]));
    return {
      way: name,
      ms: median(rounds.map((round) => (round[i] as Times).ms)),
      'times creat --from -': ratio('ms'),
      'elapsed, times': ratio('elapsed'),
    };
  });
  report(`manifest: ${FILES} files into an empty file system, start of the command included`, figures);
} finally {
  rmSync(folder, { recursive: true });
}

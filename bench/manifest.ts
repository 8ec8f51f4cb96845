/** What do 10,000 files cost by apply, as a multiple of the same files by creat --from? Processor time of whole commands, which take turns. */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAMFS } from '../test/support/famfs.js';
import { benchFolder, type Figure, median, report } from './report.js';

const FILES = 10_000;
const ROUNDS = 7;
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
  ['YAML, a range', ['apply', '-'], yaml('  - path: shard-{0000..9999}\n    size: 2M\n')],
];

/** Runs famfs; returns ms of its processor time. */
function run(argv: readonly string[], input = ''): number {
  const before = ofChildren();
  const { status, stderr } = spawnSync(process.execPath, [FAMFS, ...argv, '--quiet'], {
    input,
    encoding: 'utf8',
    env: { ...process.env, FAMFS_SYSTEM_UUID_FILE: join(folder, 'system_uuid'), HOME: folder },
  });
  if (status !== 0) throw new Error(`famfs ${argv.join(' ')}: ${stderr}`);
  return ofChildren() - before;
}

/** ms of processor time of the children that have ended */
function ofChildren(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  // the name of the program, in parentheses, may have spaces
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) * TICK;
}

function measure([, argv, input]: (typeof WAYS)[number]): number {
  writeFileSync(image, '');
  truncateSync(image, 32 * 1024 ** 3);
  run(['mkfs', '-ff', image]);
  return run(argv, input);
}

try {
  for (const way of WAYS) measure(way);
  const rounds = Array.from({ length: ROUNDS }, () => WAYS.map(measure));
  const figures = WAYS.map(([name], i): Figure => {
    const times = rounds.map((round) => round[i] as number);
    const ratios = rounds.map((round) => (round[i] as number) / (round[0] as number));
    return { way: name, ms: median(times), 'times creat --from -': median(ratios) };
  });
  report(`manifest: ${FILES} files into an empty file system, start of the command included`, figures);
} finally {
  rmSync(folder, { recursive: true });
}

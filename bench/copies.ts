/**
 * How long does a copy into an image and out of it take, compared with cp and dd of the same bytes on the same file system? All take
 * turns, and another one begins in each round, since whoever comes first pays for memory that was just given back. The first round does
 * not count. A ratio below 1 is faster than cp or dd.
 *
 * node out/bench/copies.js [--json] [--runs N] [--size BYTES] [--folder DIR]    DIR: on the file system to measure
 */
import { spawnSync } from 'node:child_process';
import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchFolder, type Figure, median, report } from './report.js';

const FAMFS = join(import.meta.dirname, '..', '..', 'dist', 'famfs.cjs');
const MIB = 1024 ** 2;
/** bytes of superblock and log, in an image of the default log length */
const METADATA = 16 * MIB;

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    runs: { type: 'string', default: '6' },
    size: { type: 'string', default: String(2048 * MIB) },
    folder: { type: 'string' },
  },
});
const size = Number(values.size);
const folder = benchFolder(values.folder);
const env = {
  ...process.env,
  FAMFS_SYSTEM_UUID_FILE: join(folder, 'uuid'),
  FAMFS_DEV: join(folder, 'image'),
};

const famfs = (...argv: string[]) => [process.execPath, FAMFS, ...argv];
const dd = (from: string, to: string) => ['dd', `if=${from}`, `of=${to}`, 'bs=2M', 'status=none'];

/** What is compared: a copy by famfs, and others of the same bytes. */
const CASES: Readonly<Record<string, readonly (readonly [string, readonly string[]])[]>> = {
  in: [
    ['famfs cp', famfs('cp', '--quiet', 'source', 'file')],
    ['cp', ['cp', '--reflink=never', '--sparse=never', 'source', 'target']],
    ['dd', dd('source', 'target')],
  ],
  out: [
    ['famfs cp --out', famfs('cp', '--quiet', '--out', 'file', 'target')],
    ['cp', ['cp', '--reflink=never', '--sparse=never', 'source', 'target']],
    ['dd', dd('source', 'target')],
  ],
};

try {
  run(['dd', 'if=/dev/urandom', 'of=source', 'bs=1M', `count=${size / MIB}`, 'iflag=fullblock', 'status=none']);
  const times = new Map<string, number[]>();
  for (let round = 0; round <= Number(values.runs); round++) {
    makeImage();
    for (const [direction, copies] of Object.entries(CASES)) {
      const first = round % copies.length;
      for (const [name, argv] of [...copies.slice(first), ...copies.slice(0, first)]) {
        rmSync(join(folder, 'target'), { force: true });
        const key = `${direction} ${name}`;
        const took = run(argv);
        if (round > 0) times.set(key, [...(times.get(key) ?? []), took]);
      }
    }
  }
  report(`A copy of ${size} bytes on the file system of ${values.folder ?? folder}`, figures(times));
} finally {
  rmSync(folder, { recursive: true });
}

function figures(times: ReadonlyMap<string, readonly number[]>): Figure[] {
  return Object.entries(CASES).flatMap(([direction, [ours, ...others]]) => {
    const mine = times.get(`${direction} ${ours?.[0]}`) ?? [];
    return others.map(([name]): Figure => {
      const theirs = times.get(`${direction} ${name}`) ?? [];
      return {
        copy: ours?.[0] ?? '',
        ms: median(mine),
        'compared with': name,
        'its ms': median(theirs),
        ratio: median(mine.map((took, i) => took / (theirs[i] as number))),
      };
    });
  });
}

/** An image with room for the file, none of which was written before. */
function makeImage(): void {
  rmSync(join(folder, 'image'), { force: true });
  writeFileSync(join(folder, 'image'), '');
  truncateSync(join(folder, 'image'), size + METADATA);
  run(famfs('mkfs', '--quiet', 'image'));
}

/** Runs a command in the folder; returns how long it took, in ms, after what earlier ones wrote is on the disk. */
function run([program = '', ...argv]: readonly string[]): number {
  spawnSync('sync', ['-f', folder]);
  const start = performance.now();
  const { status, stderr } = spawnSync(program, argv, { cwd: folder, env, encoding: 'utf8' });
  const took = performance.now() - start;
  if (status !== 0) throw new Error(`${program} ${argv.join(' ')}: ${stderr}`);
  return took;
}

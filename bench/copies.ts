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
import { FAMFS } from '../test/support/famfs.js';
import { benchFolder, type Figure, median, report } from './report.js';

const MIB = 1024 ** 2;
/** bytes enough for the superblock and a log of the default length */
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

/** Copies by famfs; the first makes what the second copies. */
const OURS: Readonly<Record<string, readonly string[]>> = {
  'famfs cp': famfs('cp', '--quiet', 'source', 'file'),
  'famfs cp --out': famfs('cp', '--quiet', '--out', 'file', 'target'),
};
/** Other copies of the same bytes, with which both are compared. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  cp: ['cp', '--reflink=never', '--sparse=never', 'source', 'target'],
  dd: ['dd', 'if=source', 'of=target', 'bs=2M', 'status=none'],
};

try {
  run(['dd', 'if=/dev/urandom', 'of=source', 'bs=1M', `count=${size / MIB}`, 'iflag=fullblock', 'status=none']);
  const times = new Map<string, number[]>();
  for (let round = 0; round <= Number(values.runs); round++) {
    makeImage();
    for (const [ours, argvOfOurs] of Object.entries(OURS)) {
      const copies = [[ours, argvOfOurs] as const, ...Object.entries(OTHERS)];
      const first = round % copies.length;
      for (const [name, argv] of [...copies.slice(first), ...copies.slice(0, first)]) {
        rmSync(join(folder, 'target'), { force: true });
        const key = keyOf(ours, name);
        const took = run(argv);
        if (round > 0) times.set(key, [...(times.get(key) ?? []), took]);
      }
    }
  }
  report(`A copy of ${size} bytes on the file system of ${values.folder ?? folder}`, figures(times));
} finally {
  rmSync(folder, { recursive: true });
}

/** Names a copy among those that a copy by famfs is compared with, itself included. */
function keyOf(ours: string, name: string): string {
  return `${ours}, ${name}`;
}

function figures(times: ReadonlyMap<string, readonly number[]>): Figure[] {
  return Object.keys(OURS).flatMap((ours) => {
    const mine = times.get(keyOf(ours, ours)) ?? [];
    return Object.keys(OTHERS).map((other): Figure => {
      const theirs = times.get(keyOf(ours, other)) ?? [];
      return {
        copy: ours,
        ms: median(mine),
        'compared with': other,
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

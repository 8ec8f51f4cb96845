/**
 * Does placing a small file cost the same wherever there is room? Processor time of `creat --from` for each of many files of 10 KiB in
 * units of 4 KiB: on an empty file system, beside twice as many, and into the holes that every second of twice as many left, which it
 * fills to the last unit. The time of a creat of one file on the same file system is not counted: that is the replay.
 *
 * node out/bench/room.js [--json] [--runs N] [--files N]
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FAMFS } from '../test/support/famfs.js';
import { benchFolder, median, report } from './report.js';

const SIZE = 10 * 1024;
/** bytes that a file of SIZE takes in units of 4 KiB */
const SPACE = 12 * 1024;
const MIB = 1024 ** 2;
/** bytes before the log */
const SUPERBLOCK = 2 * MIB;

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    runs: { type: 'string', default: '3' },
    files: { type: 'string', default: '100000' },
  },
});
const files = Number(values.files);
const logLength = 2 ** Math.ceil(Math.log2(4 * files * 544 + MIB));
const folder = benchFolder();
const image = join(folder, 'pool.img');
const copy = join(folder, 'copy.img');
const env = { ...process.env, FAMFS_SYSTEM_UUID_FILE: join(folder, 'uuid') };

const STATES: Readonly<Record<string, () => void>> = {
  empty: () => makeImage(files * SPACE + 64 * MIB),
  'beside twice as many': () => {
    makeImage(3 * files * SPACE + 64 * MIB);
    fill();
  },
  'into holes, until it is full': () => {
    makeImage(2 * files * SPACE);
    fill();
    famfs(['rm', '-r', '--clients-unmounted', '--journal', join(folder, 'journal'), '/even']);
  },
};

try {
  list('one', 1, () => 'one');
  list('many', files, (i) => `new/f${i}`);
  list('old', 2 * files, (i) => `${i % 2 === 0 ? 'even' : 'odd'}/f${i}`);
  const rows = Object.entries(STATES).map(([room, make]) => {
    make();
    const times = Array.from({ length: Number(values.runs) }, () => timeOf('many') - timeOf('one'));
    return { room, 'us of processor time per file': (median(times) / files) * 1e6 };
  });
  const [empty] = rows.map((row) => row['us of processor time per file']) as [number];
  report(
    `Making ${files} files of 10 KiB`,
    rows.map((row) => ({ ...row, ratio: row['us of processor time per file'] / empty })),
  );
} finally {
  rmSync(folder, { recursive: true });
}

function list(name: string, count: number, pathOf: (i: number) => string): void {
  writeFileSync(join(folder, name), Array.from({ length: count }, (_, i) => `${pathOf(i)} ${SIZE}\n`).join(''));
}

/** A file system with `room` bytes for files. */
function makeImage(room: number): void {
  rmSync(image, { force: true });
  writeFileSync(image, '');
  truncateSync(image, Math.ceil((SUPERBLOCK + logLength + room) / (2 * MIB)) * 2 * MIB);
  famfs(['mkfs', '--alloc-unit', '4k', '--loglen', String(logLength), image]);
  famfs(['mkdir', 'new', 'even', 'odd']);
}

function fill(): void {
  famfs(['creat', '--from', join(folder, 'old')]);
}

function famfs(argv: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, [FAMFS, ...argv, '--quiet'], {
    env: { ...env, FAMFS_DEV: image },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`famfs ${argv.join(' ')}: ${stderr}`);
}

/** Seconds of processor time to make the files of a list on a copy of the image. */
function timeOf(name: string): number {
  execFileSync('cp', ['--sparse=always', image, copy]);
  const famfsCreat = `'${process.execPath}' '${FAMFS}' creat --quiet --from '${join(folder, name)}'`;
  const script = `TIMEFORMAT='%U %S'; { time ${famfsCreat} >/dev/null; } 2>&1`;
  const output = execFileSync('bash', ['-c', script], { env: { ...env, FAMFS_DEV: copy }, encoding: 'utf8' });
  const [user = Number.NaN, system = Number.NaN] = output.trim().split(' ').map(Number);
  return user + system;
}

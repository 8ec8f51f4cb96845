/**
 * What does a mount cost? Processor time of the reading program and the server together, as a multiple of reading the same bytes of the
 * image; requests of the kernel; the server's time and memory for names. The server runs in this process.
 *
 * node out/bench/mount.js [--json] [--runs N] [--files N]; needs root and /dev/fuse
 */
import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { parseArgs, promisify } from 'node:util';
import { FamfsServer } from '../src/fs/serve/famfsServer.js';
import { mountPlace, setReadAhead, unmountPlace } from '../src/fs/serve/mounting.js';
import type { CacheMode } from '../src/fs/serve/serveOptions.js';
import { FAMFS } from '../test/support/famfs.js';
import { OP } from '../test/support/fuseWire.js';
import { runCommand } from '../test/support/runCommand.js';
import { benchFolder, median, processorTime, report } from './report.js';

const execute = promisify(execFile);
const GIB = 1024 ** 3;
const FOLDERS = 2;
const CLIENTS = 4;

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    runs: { type: 'string', default: '5' },
    files: { type: 'string', default: '100000' },
  },
});
const runs = Number(values.runs);
const files = Number(values.files);

/** Stats every CLIENTS-th file and prints the 99th percentile in microseconds. */
const STATS = `
const { statSync } = require('node:fs');
const [point, first, files, step, folders] = process.argv.slice(1).map((text, i) => i === 0 ? text : Number(text));
const times = [];
for (let i = first; i < files; i += step) {
  const start = process.hrtime.bigint();
  statSync(point + '/folder' + (i % folders) + '/file' + i);
  times.push(Number(process.hrtime.bigint() - start));
}
times.sort((a, b) => a - b);
console.log(times[Math.floor(times.length * 0.99)] / 1000);
`;

const folder = benchFolder();
const image = join(folder, 'pool.img');
const point = join(folder, 'mnt');
mkdirSync(point);
const env = { FAMFS_SYSTEM_UUID_FILE: join(folder, 'uuid'), FAMFS_DEV: image };
const host = { env, cwd: folder, warn: () => {} };

try {
  await fill();
  report(`Reading 1 GiB: processor time of reader and server, compared with pread of the image`, await reading());
  report(`Names: ${files} files in ${FOLDERS} directories`, [...(await names()), await starting()]);
} finally {
  spawnSync('umount', ['-l', point], { stdio: 'ignore' });
  rmSync(folder, { recursive: true });
}

async function fill(): Promise<void> {
  const size = 3 * GIB + files * 4096;
  await famfs([
    'mkfs',
    '--quiet',
    '--alloc-unit',
    '4k',
    '--loglen',
    '128M',
    '--size',
    String(Math.ceil(size / GIB) * GIB),
    image,
  ]);
  await famfs(['creat', '--quiet', '-s', '1G', '--seed', '1', '--simple', 'plain']);
  await famfs(['creat', '--quiet', '-s', '1G', '--seed', '1', '--simple', 'other']);
  await famfs(['mkdir', ...Array.from({ length: FOLDERS }, (_, i) => `folder${i}`)]);
  const list = Array.from({ length: files }, (_, i) => `folder${i % FOLDERS}/file${i} 1\n`).join('');
  await famfs(['creat', '--quiet', '--from', '-'], list);
}

async function famfs(argv: readonly string[], input = ''): Promise<void> {
  const { exitCode, stderr } = await runCommand(argv, { env, cwd: folder, stdin: Readable.from([Buffer.from(input)]) });
  if (exitCode !== 0) throw new Error(`famfs ${argv[0]}: ${stderr}`);
}

/** Mounts, works, and unmounts. */
async function mounted<T>(cache: CacheMode, work: (served: FamfsServer) => Promise<T>): Promise<T> {
  const options = {
    readOnly: true,
    cache,
    maps: 'none',
    mapsOfImages: false,
    rootOwner: { uid: 0, gid: 0 },
    allowBytes: false,
    threads: 2,
    refresh: 1000,
    linger: 1000,
    staging: folder,
    layout: { stripes: undefined, chunkSize: undefined, policy: 'fill', contiguous: false },
    mapText: () => '',
  } as const;
  const served = FamfsServer.open(host, [], options, (line) => process.stderr.write(`${line}\n`));
  const flags = {
    readOnly: true,
    suid: false,
    dev: false,
    exec: true,
    noatime: false,
    allowOther: undefined,
    allowBytes: false,
  };
  const serving = served.serve(mountPlace({ source: image, mountPoint: point, flags, uid: 0, gid: 0, threads: 2 }));
  const { mostBytes } = await serving.ready;
  setReadAhead(host, point, mostBytes);
  try {
    return await work(served);
  } finally {
    unmountPlace(point, 0, false);
    await serving.ended;
    served.close();
  }
}

interface Cost {
  /** processor time of the program and of this process, seconds */
  readonly seconds: number;
  readonly wall: number;
  readonly requests: readonly number[];
}

/** Runs a shell line beside the server. */
async function cost(line: string, served?: FamfsServer): Promise<Cost> {
  const before = served?.figures().requests ?? [];
  const usage = process.cpuUsage();
  const { stderr } = await execute('bash', ['-c', `TIMEFORMAT="%U %S %R"; time { ${line}; }`]);
  const server = served === undefined ? 0 : processorTime(usage) / 1000;
  const [user = 0, system = 0, wall = 0] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  const requests = served?.figures().requests.map((count, i) => count - (before[i] ?? 0)) ?? [];
  return { seconds: user + system + server, wall, requests };
}

async function reading(): Promise<Record<string, string | number>[]> {
  const read = (path: string, skip = 0) => `dd if=${path} of=/dev/null bs=1M skip=${skip} count=1024 status=none`;
  const offset = await placeOf('plain');
  const base: Cost[] = [];
  const works: Record<string, Cost[]> = {
    'first read, page cache': [],
    'second read, page cache': [],
    'first read, --cache none': [],
    'second read, --cache none': [],
    'first read, a server that only answers': [],
    'second read, a server that only answers': [],
  };
  const note = (work: string, seen: Cost) => works[work]?.push(seen);
  for (let run = 0; run < runs; run++) {
    base.push(await cost(read(image, offset / 1024 ** 2)));
    await mounted('auto', async (served) => {
      note('first read, page cache', await cost(read(join(point, 'plain')), served));
      note('second read, page cache', await cost(read(join(point, 'plain')), served));
    });
    await mounted('none', async (served) => {
      note('first read, --cache none', await cost(read(join(point, 'plain')), served));
      note('second read, --cache none', await cost(read(join(point, 'plain')), served));
    });
    await rawServed([image, String(offset), String(GIB)], async (pid) => {
      note('first read, a server that only answers', await rawCost(read(join(point, 'file1')), pid));
      note('second read, a server that only answers', await rawCost(read(join(point, 'file1')), pid));
    });
  }
  const secondsOf = (costs: readonly Cost[]) => median(costs.map(({ seconds }) => seconds));
  const wallOf = (costs: readonly Cost[]) => median(costs.map(({ wall }) => wall));
  return Object.entries(works).map(([work, costs]) => ({
    work,
    ratio: secondsOf(costs) / secondsOf(base),
    wallRatio: wallOf(costs) / wallOf(base),
    readRequests: median(costs.map(({ requests }) => requests[OP.READ] ?? 0)),
  }));
}

/** The first byte of a file in the image. */
async function placeOf(file: string): Promise<number> {
  const { stdout } = await runCommand(['showfmap', '--json', file], { env, cwd: folder });
  return JSON.parse(stdout).files[0].extents[0].deviceOffset;
}

/** Stats all files, CLIENTS at a time; the worst 99th percentile in microseconds. */
async function stats(): Promise<number> {
  const args = (first: number) => [point, first, files, CLIENTS, FOLDERS].map(String);
  const outputs = await Promise.all(
    Array.from({ length: CLIENTS }, (_, i) => execute(process.execPath, ['-e', STATS, ...args(i)])),
  );
  return Math.max(...outputs.map(({ stdout }) => Number(stdout)));
}

/** Mounts the server that only answers, with these arguments, and works. Returns its processor time in microseconds. */
async function rawServed(args: readonly string[], work: (pid: number) => Promise<void>): Promise<number> {
  const program = join(folder, 'rawServer');
  const source = join(import.meta.dirname, '..', '..', 'bench', 'rawServer.cc');
  if (!existsSync(program)) execFileSync('c++', ['-O2', '-pthread', '-o', program, source]);
  const server = spawn(program, [point, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(server.stdout, 'readable');
  setReadAhead(host, point, 2 ** 20);
  await work(server.pid as number).finally(() => unmountPlace(point, 0, false));
  const [, microseconds] = (await text(server.stdout)).split('\n');
  return Number(microseconds);
}

/** Runs a shell line beside a server in another process. */
async function rawCost(line: string, pid: number): Promise<Cost> {
  const before = threadSeconds(pid);
  const client = await cost(line);
  return { ...client, seconds: client.seconds + threadSeconds(pid) - before };
}

/** Processor time of all threads of a process; /proc/PID/stat has it in hundredths of a second only. */
function threadSeconds(pid: number): number {
  const tasks = `/proc/${pid}/task`;
  const times = readdirSync(tasks).map((task) => readFileSync(join(tasks, task, 'schedstat'), 'utf8').split(' ')[0]);
  return times.reduce((sum, nanoseconds) => sum + Number(nanoseconds) / 1e9, 0);
}

/** What the kernel alone costs: the same stats, of a server that knows no files. */
async function rawStats(): Promise<Record<string, number>> {
  let p99Microseconds = 0;
  const microseconds = await rawServed([], async () => {
    p99Microseconds = await stats();
  });
  return { serverMicroseconds: microseconds / files, p99Microseconds };
}

async function names(): Promise<Record<string, string | number>[]> {
  const rows: Record<string, string | number>[] = [];
  const raw = await rawStats();
  await mounted('auto', async () => {
    const usage = process.cpuUsage();
    const p99Microseconds = await stats();
    const serverMicroseconds = (processorTime(usage) * 1000) / files;
    rows.push({ work: `cold stat, ${CLIENTS} processes`, serverMicroseconds, p99Microseconds });
  });
  rows.push({ work: 'the same with a server that only answers', ...raw });
  await mounted('auto', async (served) => {
    const { requests } = await cost(`ls -l ${point}/folder0 >/dev/null`, served);
    rows.push({ work: `ls -l of ${files / FOLDERS}`, requests: requests.reduce((sum, count) => sum + count, 0) });
  });
  await mounted('auto', async (served) => {
    const resident = process.memoryUsage.rss();
    for (let lookups = 0; lookups < 1_000_000; lookups += files) {
      await cost(`find ${point} -type f -size +100G`, served);
      execFileSync('bash', ['-c', 'echo 2 >/proc/sys/vm/drop_caches']);
    }
    rows.push({
      work: 'memory of 1,000,000 lookups',
      grownMiB: (process.memoryUsage.rss() - resident) / 1024 ** 2,
      tableBytesAFile: served.figures().tableBytes / files,
    });
  });
  return rows;
}

/** From the start of `famfs mount` to the first stat, without the replay (`famfs info`), as a multiple of `node -e 0`. */
async function starting(): Promise<Record<string, string | number>> {
  const seconds = { node: [] as number[], info: [] as number[], mount: [] as number[] };
  const timed = (line: string) => {
    const start = performance.now();
    execFileSync('bash', ['-ec', line], { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit'] });
    return performance.now() - start;
  };
  const program = `${process.execPath} ${FAMFS}`;
  for (let run = 0; run < runs; run++) {
    seconds.node.push(timed(`${process.execPath} -e 0`));
    seconds.info.push(timed(`${program} info`));
    seconds.mount.push(timed(`${program} mount --quiet ${point} && stat ${point}/folder1/file1`));
    execFileSync('umount', [point]);
  }
  const [node, info, mount] = [median(seconds.node), median(seconds.info), median(seconds.mount)];
  return {
    work: `mount of ${files} files to the first stat`,
    ratio: (mount - (info - node)) / node,
    wholeRatio: mount / node,
  };
}

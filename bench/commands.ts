/**
 * What do whole commands cost, as multiples of `node -e 0`? Elapsed and processor time on a file system with a full 256 MiB log, and of
 * making files in an empty one. The commands take turns; medians are compared. Other work of the machine counts in elapsed time.
 *
 * node out/bench/commands.js [--json] [--runs N]
 */
import { execFileSync } from 'node:child_process';
import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FAMFS } from '../test/support/famfs.js';
import { runCommand } from '../test/support/runCommand.js';
import { benchFolder, median, report } from './report.js';

const UNIT = 2 * 1024 ** 2;
/** entries of a log of 256 MiB */
const FULL = 493_447;
const FILES_PER_DIRECTORY = 1000;
const DIRECTORIES = Math.ceil(FULL / (FILES_PER_DIRECTORY + 1));
const EMPTY = 'node -e 0';

const { values } = parseArgs({ options: { json: { type: 'boolean' }, runs: { type: 'string', default: '5' } } });
const folder = benchFolder();
const full = join(folder, 'full.img');
const fresh = join(folder, 'fresh.img');
const env = { ...process.env, FAMFS_SYSTEM_UUID_FILE: join(folder, 'uuid') };

/** seconds */
interface Times {
  readonly elapsed: number;
  /** user and system time of all threads */
  readonly processor: number;
}

interface Case {
  /** script of bash; $FAMFS is the command line, $LIST a list of files */
  readonly script: string;
  /** it makes files in a file system that was just made */
  readonly makes: boolean;
}

const onFull = (script: string): Case => ({ script: `$FAMFS ${script} --dev ${full}`, makes: false });
const making = (script: string): Case => ({ script: `$FAMFS ${script} --dev ${fresh}`, makes: true });

const CASES: Readonly<Record<string, Case>> = {
  [EMPTY]: { script: `${process.execPath} -e 0`, makes: false },
  'creat of one file': making('creat -s 1 file'),
  'creat --from - of 10,000 lines': making(`creat --from - < ${listOf(10_000)}`),
  'creat --from - of 100,000 lines': making(`creat --from - < ${listOf(100_000)}`),
  info: onFull('info'),
  fsck: onFull('fsck'),
  'ls of one directory': onFull('ls directory5'),
  'ls -R': onFull('ls -R'),
  'ls -R --json': onFull('ls -R --json'),
  'showfmap --all': onFull('showfmap --all'),
  'log list': onFull('log list'),
};

try {
  await fill();
  const times = new Map(Object.keys(CASES).map((name) => [name, [] as Times[]]));
  for (let round = 0; round < Number(values.runs); round++)
    for (const [name, one] of Object.entries(CASES)) {
      if (one.makes) await makeFs(fresh, '64M', 100_000 * UNIT);
      times.get(name)?.push(timesOf(one.script));
    }
  const medianOf = (name: string, kind: keyof Times) => median((times.get(name) ?? []).map((one) => one[kind]));
  const rows = [...times.keys()].map((command) => {
    const [elapsed, processor] = [medianOf(command, 'elapsed'), medianOf(command, 'processor')];
    return {
      command,
      elapsed,
      'elapsed ratio': elapsed / medianOf(EMPTY, 'elapsed'),
      processor,
      'processor ratio': processor / medianOf(EMPTY, 'processor'),
    };
  });
  report(`Whole commands, compared with ${EMPTY}; the log has ${FULL} entries where nothing is made`, rows);
} finally {
  rmSync(folder, { recursive: true });
}

function listOf(files: number): string {
  const list = join(folder, `list${files}`);
  writeFileSync(list, Array.from({ length: files }, (_, i) => `file${i} 4096\n`).join(''));
  return list;
}

async function fill(): Promise<void> {
  await makeFs(full, '256M', FULL * UNIT);
  const directories = Array.from({ length: DIRECTORIES }, (_, i) => `directory${i}`);
  await famfs(['mkdir', '--quiet', '--dev', full, ...directories]);
  const list = join(folder, 'list');
  const lines = Array.from({ length: FULL - DIRECTORIES }, (_, i) => {
    const within = i % FILES_PER_DIRECTORY;
    return `directory${Math.floor(i / FILES_PER_DIRECTORY)}/file${within} ${1 + within}\n`;
  });
  writeFileSync(list, lines.join(''));
  await famfs(['creat', '--quiet', '--dev', full, '--from', list]);
}

async function makeFs(image: string, log: string, space: number): Promise<void> {
  writeFileSync(image, '');
  truncateSync(image, space + 1024 ** 3);
  await famfs(['mkfs', '--quiet', '--loglen', log, image]);
}

async function famfs(argv: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await runCommand(argv, { env });
  if (exitCode !== 0) throw new Error(`famfs ${argv[0]}: ${stderr}`);
}

/** The times of one run of a script, whose output is thrown away. */
function timesOf(script: string): Times {
  const argv = ['-c', `set -e; TIMEFORMAT='%R %U %S'; { time ${script} >/dev/null; } 2>&1`];
  const output = execFileSync('bash', argv, {
    env: { ...env, FAMFS: `${process.execPath} ${FAMFS}` },
    encoding: 'utf8',
  });
  const [elapsed = Number.NaN, user = Number.NaN, system = Number.NaN] = output.trim().split(' ').map(Number);
  return { elapsed, processor: user + system };
}
